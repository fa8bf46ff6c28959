"""Describes a sweep as plain facts: its plan (``SweepPlan``) and its progress (``SweepSnapshot``).

The view draws them, and scripts get them as the answer of the command ``sweep``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nncore.jobs import Job, JobResult

Outcome = JobResult | str | None
"""The outcome of one job: its result, the reason for its failure, or None while it is unfinished."""


@dataclass(frozen=True)
class SweepPlan:
    """The networks that a sweep trains.

    Attributes:
        preset: the preset that is trained; empty for the lab's present choices.
        setting: the setting that is varied, a key of ``web.state.sweep_settings.SETTINGS``.
        values: values of the setting.
        seeds: seeds with which each value is tried.
        epochs: epochs for each network.
        jobs: one for each value and seed: the first value with all seeds, then the second.
    """

    preset: str
    setting: str
    values: tuple[Any, ...]
    seeds: tuple[int, ...]
    epochs: int
    jobs: tuple[Job, ...]

    @property
    def single(self) -> bool:
        """Whether each value is tried only once."""
        return len(self.seeds) == 1


@dataclass(frozen=True)
class SweepSnapshot:
    """A sweep at one moment; the last one stays until the next sweep begins.

    Attributes:
        plan: the networks that are trained; None before the first sweep.
        running: whether the sweep is running.
        cancelled: whether the learner stopped it.
        share: share of all the training that is done, 0 to 1.
        workers: number of networks trained at once.
        outcomes: in the order of ``plan.jobs``.
        notice: its progress or result, in a sentence.
        problem: the reason why it could not begin or go on, in a sentence.
    """

    plan: SweepPlan | None = None
    running: bool = False
    cancelled: bool = False
    share: float = 0.0
    workers: int = 0
    outcomes: tuple[Outcome, ...] = ()
    notice: str = ""
    problem: str = ""

    def rows(self) -> list[tuple[Any, tuple[Outcome, ...]]]:
        """Return every value with its outcomes, one for each seed."""
        if self.plan is None:
            return []
        width = len(self.plan.seeds)
        return [
            (value, self.outcomes[width * row : width * (row + 1)])
            for row, value in enumerate(self.plan.values)
        ]

    def public(self) -> dict[str, Any]:
        """Return the answer of the command ``sweep`` (``docs/driving.md``)."""
        assert self.plan is not None
        plan = self.plan
        return {
            "preset": plan.preset or None,
            "setting": plan.setting,
            "values": list(plan.values),
            "seeds": list(plan.seeds),
            "epochs": plan.epochs,
            "workers": self.workers,
            "cancelled": self.cancelled,
            "results": [
                {"value": value, "seed": seed, **_public(outcome)}
                for value, outcomes in self.rows()
                for seed, outcome in zip(plan.seeds, outcomes, strict=True)
            ],
        }


def _public(outcome: Outcome) -> dict[str, Any]:
    """Return one outcome as plain values; None where there is no result."""
    result = outcome if isinstance(outcome, JobResult) else None
    return {
        "test_accuracy": result.accuracy if result else None,
        "interval": list(result.interval) if result else None,
        "test_loss": result.loss if result else None,
        "samples": result.samples if result else None,
        "seconds": result.seconds if result else None,
        "diverged": result.diverged if result else None,
        "error": outcome if isinstance(outcome, str) else None,
    }
