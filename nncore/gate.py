"""Is it a digit at all? A small network of its own that may say "none of them".

A network of ten outputs shares out 100 % among ten digits, whatever is drawn. How sure it is tells little:
turning away what it is least sure of, until 2 % of MNIST's test digits are gone, turns away only half of our
shapes and scribbles and a quarter of our letters. So another network is asked first. It has eleven outputs,
the digits and "none", and has seen drawings that are none (``nncore.nondigits``); naming the digits as well
makes it look at what digits are made of, and works far better than two outputs do. As it is apart from the
network that reads, it serves any of them, and stays as it is when that one is trained on.

Its score is the probability of a digit: 1 minus its eleventh output. What scores below the threshold is
turned away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nncore.checks import require
from nncore.datasets import Dataset
from nncore.metrics import predict_pixels
from nncore.network import Network
from nncore.preprocessing import Preprocessing
from nncore.storage import SavedNetwork

NONE = 10
"""The class, and output, of what is no digit."""


@dataclass(frozen=True, eq=False)
class Gate:
    """Lets digits pass.

    Attributes:
        network: of eleven outputs.
        preprocessing: how pixels become its inputs.
        threshold: the lowest score that passes.

    Raises:
        ValueError: for a network of other outputs, or a threshold that is no probability.
    """

    network: Network
    preprocessing: Preprocessing
    threshold: float

    def __post_init__(self) -> None:
        outputs = self.network.spec.layers[-1]
        require(outputs == NONE + 1, "number of outputs", outputs, f"{NONE + 1}: ten digits and none of them")
        require(0 <= self.threshold <= 1, "threshold", self.threshold, "from 0 to 1")

    @classmethod
    def of(cls, saved: SavedNetwork) -> Gate:
        """The gate in a file. ``ValueError`` if there is none in it."""
        threshold = saved.notes.get("threshold")
        if not isinstance(threshold, float):
            raise ValueError(f"threshold in the file's notes is {threshold!r}; a gate has a number there")
        return cls(saved.network, saved.preprocessing, threshold)

    def scores(self, pixels: np.ndarray) -> np.ndarray:
        """How much each image looks like a digit, ``(n, d)`` uint8 to ``(n,)`` from 0 to 1. An image without
        ink scores 0."""
        scores = 1 - predict_pixels(self.network, pixels, self.preprocessing)[:, NONE]
        return np.where(pixels.any(axis=1), scores, 0)

    def admits(self, pixels: np.ndarray) -> np.ndarray:
        """Whether each image passes, ``(n, d)`` uint8 to ``(n,)`` bool; one without ink never does."""
        return self.judge(pixels)[1]

    def judge(self, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return ``scores`` and ``admits`` of each image, from one run of the network."""
        scores = self.scores(pixels)
        return scores, (scores >= self.threshold) & pixels.any(axis=1)


def with_none(digits: Dataset, non_digits: Dataset) -> Dataset:
    """What a gate is trained on: digits with their labels, and the others, whatever theirs, as ``NONE``."""
    none = np.full(len(non_digits), NONE, np.uint8)
    return replace(digits, classes=NONE + 1).concatenate(
        replace(non_digits, labels=none, classes=NONE + 1), name=f"{digits.name} and none of them"
    )


def threshold_for(scores: np.ndarray, turned_away: float) -> float:
    """The highest threshold that turns away no more than this share of the digits with these ``scores``,
    ``(n,)``."""
    require(0 <= turned_away < 1, "share turned away", turned_away, "at least 0 and below 1")
    return float(np.quantile(scores, turned_away, method="lower"))
