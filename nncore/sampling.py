"""In which order the images of an epoch come.

An order is a function of the epoch's own random generator, which is seeded with the run's seed and the number
of the epoch: any epoch of a run can be had again without the ones before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np


class Settings(Protocol):
    """What an order may be told (``TrainingSpec`` carries it)."""

    @property
    def draws(self) -> int: ...
    @property
    def draw_size(self) -> int: ...


@dataclass(frozen=True)
class Order:
    """One order: ``indices(rng, count, settings)`` gives the images of an epoch, ``(m,)`` int64, out of
    ``count``."""

    name: str
    label: str
    indices: Callable[[np.random.Generator, int, Settings], np.ndarray]


def _sample(rng: np.random.Generator, count: int, settings: Settings) -> np.ndarray:
    size = min(settings.draw_size, count)
    return np.concatenate([rng.choice(count, size, replace=False) for _ in range(settings.draws)])


ORDERS: dict[str, Order] = {
    order.name: order
    for order in (
        Order("shuffle", "Shuffled every epoch", lambda rng, count, s: rng.permutation(count)),
        Order("file", "As in the file", lambda rng, count, s: np.arange(count)),
        # Each draw is without replacement; the draws know nothing of each other, so an image may come in
        # several.
        Order("sample", "Random draws", _sample),
    )
}
"""Name -> order."""


def epoch_indices(order: str, seed: int, epoch: int, count: int, settings: Settings) -> np.ndarray:
    """The images of epoch ``epoch`` (counted from 0) in their order, ``(m,)`` int64."""
    return ORDERS[order].indices(np.random.default_rng([seed, epoch]), count, settings)
