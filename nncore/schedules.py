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
from math import pi
from typing import Any, Protocol

import numpy as np

Share = Any  # a float or an array of them


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
    shape: Callable[[np.ndarray, Settings], np.ndarray]

    def factor(self, t: Share, settings: Settings) -> Share:
        """The learning rate's factor when the share ``t`` of the training is done; of many shares at once if
        ``t`` is an array, since online learning makes thousands of updates in a slice."""
        t = np.minimum(t, 1.0)
        rest = self.shape(np.maximum(t - settings.warmup, 0) / (1 - settings.warmup), settings)
        return np.where(t < settings.warmup, t / (settings.warmup or 1), rest)


def _step(u: np.ndarray, settings: Settings) -> np.ndarray:
    # The last instant belongs to the last stretch.
    return settings.drop_factor ** np.minimum(np.floor(u * (settings.drops + 1)), settings.drops)


SCHEDULES: dict[str, Schedule] = {
    schedule.name: schedule
    for schedule in (
        Schedule("constant", "Constant", lambda u, s: np.ones_like(u)),
        Schedule("step", "Steps", _step),
        Schedule("linear", "Linear decay", lambda u, s: 1 - (1 - s.final) * u),
        # Loshchilov & Hutter, SGDR (2017), eq. 5, without restarts.
        Schedule(
            "cosine",
            "Cosine decay",
            lambda u, s: s.final + (1 - s.final) * (1 + np.cos(pi * u)) / 2,
        ),
    )
}
"""Name -> schedule."""
