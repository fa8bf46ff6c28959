"""A sweep as plain facts: what is to be compared (``SweepPlan``) and how far that has come
(``SweepSnapshot``), for the view and for those who drive the page from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nncore.jobs import Job, JobResult

Outcome = JobResult | str | None
"""Of one job: its result, the reason why there is none, or None as long as it isn't done."""


@dataclass(frozen=True)
class SweepPlan:
    """Which networks to train.

    Attributes:
        preset: whose network; empty for the one that the lab has chosen.
        setting: name in ``web.state.sweep_settings.SETTINGS``.
        values: of the setting.
        seeds: each value is tried with each.
        epochs: for each network.
        jobs: one a value and seed: the first value with all seeds, then the second.
    """

    preset: str
    setting: str
    values: tuple[Any, ...]
    seeds: tuple[int, ...]
    epochs: int
    jobs: tuple[Job, ...]

    @property
    def single(self) -> bool:
        """Whether each value is tried once only."""
        return len(self.seeds) == 1


@dataclass(frozen=True)
class SweepSnapshot:
    """A sweep at one moment; the last one stays until the next begins.

    Attributes:
        running: whether it is under way.
        cancelled: whether somebody stopped it.
        share: of all the training that is done, 0 to 1.
        workers: how many networks are trained at once.
        outcomes: in the order of ``plan.jobs``.
        notice: what it is doing or has come to, in a sentence.
        problem: why it could not begin or go on, in a sentence.
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
        """Every value with its outcomes, one a seed."""
        if self.plan is None:
            return []
        width = len(self.plan.seeds)
        return [
            (value, self.outcomes[width * row : width * (row + 1)])
            for row, value in enumerate(self.plan.values)
        ]

    def public(self) -> dict[str, Any]:
        """What the command ``sweep`` answers (README, "Driving the page from outside")."""
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
