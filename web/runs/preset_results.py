"""What a preset's source reports and what came of it here, as far as both are about the same network.

Once a choice is changed, the preset's name, its source's claim and what was reached with it say nothing
about the network on the page any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nncore.presets import PRESETS, Preset
from web.runs.run_log import RunSummary
from web.state.choices import preset_choices
from web.state.choices_table import STOPPING
from web.state.lab_state import LabState

MIXED_IN = ("styles", "mine")  # shares of other digits, which no source knows


def network_choices(preset: Preset) -> dict[str, Any]:
    """The choices of a preset that make its network what it becomes, without how long it is trained."""
    return {name: value for name, value in preset_choices(preset).items() if name not in STOPPING}


def changed(state: LabState) -> bool:
    """Whether any choice of the preset that is chosen has another value now."""
    usual = network_choices(PRESETS[state.preset])
    return any(getattr(state, name) != value for name, value in usual.items())


def claim(state: LabState) -> str:
    """What the source reports of the network that is chosen, in a sentence; empty if it reports nothing."""
    preset = PRESETS[state.preset]
    if not preset.published or changed(state) or any(getattr(state, name) for name in MIXED_IN):
        return ""
    return f"{preset.author}, after {preset.published_after}: {preset.published}."


def reached(records: Iterable[RunSummary], preset: Preset) -> list[float]:
    """Test accuracies, 0 to 1, of all runs with this preset's choices, after as many epochs."""
    usual = network_choices(preset)
    found = []
    for record in records:
        alike = all(record.choices.get(name) == value for name, value in usual.items())
        if alike and not any(record.choices.get(name) for name in MIXED_IN):
            found += _after(record, preset.compared_after)
    return found


def _after(record: RunSummary, epochs: int) -> list[float]:
    """The test accuracy of a run after so many epochs, if it was measured then."""
    passes = [known.test_accuracy for known in record.evaluations if known.epoch == epochs]
    if passes or record.evaluations or record.test_accuracy is None or record.epoch != epochs:
        return passes
    return [record.test_accuracy]  # a network of a sweep, which has no curve
