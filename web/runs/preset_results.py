"""Compares the results that a preset's source reports with those reached here, for the same network.

Once a choice is changed, the preset's name, its source's claim and the results reached with it don't apply to
the network on the page any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nncore.presets import PRESETS, Preset
from web.runs.run_log import RunSummary
from web.state.choices import preset_choices
from web.state.choices_table import STOPPING
from web.state.lab_state import LabState

MIXED_IN = ("styles", "mine")  # choices that mix in other digits, which no source used


def network_choices(preset: Preset) -> dict[str, Any]:
    """Return the choices of a preset that decide how its network turns out, apart from the training time."""
    return {name: value for name, value in preset_choices(preset).items() if name not in STOPPING}


def changed(state: LabState) -> bool:
    """Return whether any choice of the chosen preset has another value now."""
    usual = network_choices(PRESETS[state.preset])
    return any(getattr(state, name) != value for name, value in usual.items())


def claim(state: LabState) -> str:
    """Return the result that the source reports for the chosen network, in a sentence; empty if there is
    none."""
    preset = PRESETS[state.preset]
    if not preset.published or changed(state) or any(getattr(state, name) for name in MIXED_IN):
        return ""
    return f"{preset.author}, after {preset.published_after}: {preset.published}."


def reached(records: Iterable[RunSummary], preset: Preset) -> list[float]:
    """Return the test accuracies, 0 to 1, of all runs with this preset's choices, after the epochs of the
    claim."""
    usual = network_choices(preset)
    found = []
    for record in records:
        alike = all(record.choices.get(name) == value for name, value in usual.items())
        if alike and not any(record.choices.get(name) for name in MIXED_IN):
            found += _after(record, preset.compared_after)
    return found


def _after(record: RunSummary, epochs: int) -> list[float]:
    """Return the test accuracy of a run after ``epochs`` epochs, in a list; empty if it was not measured
    then."""
    passes = [known.test_accuracy for known in record.evaluations if known.epoch == epochs]
    if passes or record.evaluations or record.test_accuracy is None or record.epoch != epochs:
        return passes
    return [record.test_accuracy]  # a network of a sweep, which has no curve
