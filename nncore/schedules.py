"""Learning-rate schedules: large steps while there is far to go, small ones to settle.

A schedule is a factor on the learning rate that depends on ``t``, the share of the training that is done:
above 0 at the first update, 1 at the last and after. How many images make the whole is for the trainer to say
(its *horizon*). All schedules begin with the same warm-up if one is asked for: a straight line from 0, over
the first ``warmup`` of the training, which keeps Adam from running off on the noise of its first few
gradients.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi
from typing import Protocol


class Settings(Protocol):
    """What a schedule may be told (``TrainingSpec`` carries it)."""

    @property
    def warmup(self) -> float: ...
    @property
    def final(self) -> float: ...
    @property
    def drops(self) -> int: ...
    @property
    def drop_factor(self) -> float: ...


@dataclass(frozen=True)
class Schedule:
    """One schedule: ``shape(u, settings)`` is the factor at ``u``, the share of what follows the warm-up."""

    name: str
    label: str
    formula: str
    shape: Callable[[float, Settings], float]

    def factor(self, t: float, settings: Settings) -> float:
        """The learning rate's factor when the share ``t`` of the training is done."""
        t = min(t, 1.0)
        if t < settings.warmup:
            return t / settings.warmup
        return self.shape((t - settings.warmup) / (1 - settings.warmup), settings)


def _step(u: float, settings: Settings) -> float:
    # The last instant belongs to the last stretch.
    return settings.drop_factor ** min(int(u * (settings.drops + 1)), settings.drops)


SCHEDULES: dict[str, Schedule] = {
    schedule.name: schedule
    for schedule in (
        Schedule("constant", "Constant", "1", lambda u, s: 1.0),
        Schedule("step", "Steps", "drop_factor^floor(u (drops + 1))", _step),
        Schedule("linear", "Linear decay", "1 - (1 - final) u", lambda u, s: 1 - (1 - s.final) * u),
        # Loshchilov & Hutter, SGDR (2017), eq. 5, without restarts.
        Schedule(
            "cosine",
            "Cosine decay",
            "final + (1 - final) (1 + cos(pi u)) / 2",
            lambda u, s: s.final + (1 - s.final) * (1 + cos(pi * u)) / 2,
        ),
    )
}
"""Name -> schedule."""
