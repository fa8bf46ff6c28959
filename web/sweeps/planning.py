"""Turns the choices of a sweep into jobs, or into a sentence on an illegal choice."""

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
    """Return the sweep that the state's choices describe.

    Raises:
        ValueError: naming the illegal choice, in words for the learner.
    """
    setting = find_setting(state.sweep_setting)
    values = setting.values(state.sweep_values)
    seeds = tuple(range(state.seed, state.seed + state.sweep_seeds))
    count = len(values) * len(seeds)
    require(count <= MOST_NETWORKS, "number of networks", count, f"at most {MOST_NETWORKS}")
    jobs = tuple(_job(state, setting, value, seed) for value in values for seed in seeds)
    return SweepPlan(state.sweep_preset, setting.name, values, seeds, state.sweep_epochs, jobs)


def _job(state: LabState, setting: SweepSetting, value: Any, seed: int) -> Job:
    """Return the training of a network with this value and seed, as the lab would do it."""
    choices = state.choices()
    if state.sweep_preset:
        choices |= preset_choices(PRESETS[state.sweep_preset])
    chosen = state.chosen.changed(**choices | setting.change(value, choices) | {"seed": seed})
    network, preprocessing, training = chosen.core_settings()
    # Without a horizon, schedules stretch over the sweep's epochs.
    training = replace(training, epochs=state.sweep_epochs, horizon=None)
    return Job(network, preprocessing, training, setting.data(value))
