"""Learning-rate schedules: large steps at first, small ones to settle.

A schedule is a factor on the learning rate that depends on ``t``, the share of the training that is done:
above 0 at the first update, 1 at the last and after. The trainer decides how many images make the whole (its
*horizon*). All schedules begin with the same warm-up if one is set: a straight line from 0, over the first
``warmup`` of the training, which keeps Adam from large steps along the noise of its first few gradients.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi
from typing import Any, Protocol

import numpy as np

Share = Any  # a float or an array of them


class Settings(Protocol):
    """The settings that schedules use (``TrainingSpec`` has them)."""

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
    """One schedule: ``shape(u, settings)`` is the factor at ``u``, from 0 to 1.

    ``u`` is the share that is done of the training after the warm-up.
    """

    name: str
    label: str
    shape: Callable[[np.ndarray, Settings], np.ndarray]

    def factor(self, t: Share, settings: Settings) -> Share:
        """Return the learning rate's factor when the share ``t`` of the training is done.

        ``t`` may be an array of shares, because online learning makes thousands of updates in a slice.
        """
        t = np.minimum(t, 1.0)
        rest = self.shape(np.maximum(t - settings.warmup, 0) / (1 - settings.warmup), settings)
        return np.where(t < settings.warmup, t / (settings.warmup or 1), rest)


def _step(u: np.ndarray, settings: Settings) -> np.ndarray:
    """Return the factor after all the drops so far."""
    # At u = 1 the last step still holds.
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
