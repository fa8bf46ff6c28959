"""From what the learner chose for a sweep to its jobs, or to a sentence on what is wrong with the choice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nncore.checks import require
from nncore.jobs import Job
from nncore.presets import PRESETS
from web.state.choices import preset_choices
from web.state.lab_state import LabState
from web.state.sweep_settings import SweepSetting, find_setting
from web.state.sweep_snapshot import SweepPlan

MOST_NETWORKS = 300


def planned(state: LabState) -> SweepPlan:
    """The sweep that the state's choices describe.

    Raises:
        ValueError: saying which of them isn't legal, in words for the learner.
    """
    setting = find_setting(state.sweep_setting)
    values = setting.values(state.sweep_values)
    seeds = tuple(range(state.seed, state.seed + state.sweep_seeds))
    count = len(values) * len(seeds)
    require(count <= MOST_NETWORKS, "number of networks", count, f"at most {MOST_NETWORKS}")
    jobs = tuple(_job(state, setting, value, seed) for value in values for seed in seeds)
    return SweepPlan(state.sweep_preset, setting.name, values, seeds, state.sweep_epochs, jobs)


def _job(state: LabState, setting: SweepSetting, value: Any, seed: int) -> Job:
    """What the lab would train if it were set to this value and seed."""
    choices = state.choices()
    if state.sweep_preset:
        choices |= preset_choices(PRESETS[state.sweep_preset])
    chosen = state.chosen.changed(**choices | setting.change(value, choices) | {"seed": seed})
    network, preprocessing, training = chosen.core_settings()
    # No horizon: schedules stretch over the epochs that there are.
    training = replace(training, epochs=state.sweep_epochs, horizon=None)
    return Job(network, preprocessing, training, setting.data(value))
