"""Orders: the sequences in which the images of an epoch are trained on.

An order is a function of the epoch's own random generator, which is seeded with the run's seed and the number
of the epoch, so that any epoch of a run can be repeated without the ones before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np


class Settings(Protocol):
    """The settings that orders use (``TrainingSpec`` has them)."""

    @property
    def draws(self) -> int: ...
    @property
    def draw_size(self) -> int: ...


@dataclass(frozen=True)
class Order:
    """One order: ``indices(rng, count, settings)`` returns the images of an epoch, ``(m,)`` int64.

    They are numbers below ``count``, the number of images in the data set.
    """

    name: str
    label: str
    indices: Callable[[np.random.Generator, int, Settings], np.ndarray]


def _sample(rng: np.random.Generator, count: int, settings: Settings) -> np.ndarray:
    """Return several random draws one after another."""
    size = min(settings.draw_size, count)
    return np.concatenate([rng.choice(count, size, replace=False) for _ in range(settings.draws)])


ORDERS: dict[str, Order] = {
    order.name: order
    for order in (
        Order("shuffle", "Shuffled every epoch", lambda rng, count, s: rng.permutation(count)),
        Order("file", "As in the file", lambda rng, count, s: np.arange(count)),
        # Each draw is without replacement; the draws are independent, so an image may be in several of them.
        Order("sample", "Random draws", _sample),
    )
}
"""Name -> order."""


def epoch_indices(
    order: str, seed: int, epoch: int, count: int, settings: Settings, again: int = 0
) -> np.ndarray:
    """Return the images of epoch ``epoch`` (counted from 0) in their order, ``(m,)`` int64.

    ``again`` counts the passes of this epoch before this one; only an epoch of few digits has several.
    """
    rng = np.random.default_rng([seed, epoch, again] if again else [seed, epoch])
    return ORDERS[order].indices(rng, count, settings)
