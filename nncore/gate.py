"""The gate decides whether a drawing is a digit at all: a small network of its own with an output for "none".

A network of ten outputs divides 100 % among ten digits, whatever is drawn. Its confidence tells little: if
the least confident drawings are rejected, until 2 % of MNIST's test digits are lost, only half of our shapes
and scribbles and a quarter of our letters are rejected. So another network is asked first. It has eleven
outputs, the digits and "none", and was trained on drawings that are no digits (``nncore.nondigits``); naming
the digits as well makes it learn the parts of digits, and works far better than two outputs do. It is
independent of the network that reads, so it serves any of them, and does not change when that network is
trained.

Its score is the probability of a digit: 1 minus its eleventh output. Drawings that score below the threshold
are rejected.
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
"""The class, and the output, of drawings that are no digits."""


@dataclass(frozen=True, eq=False)
class Gate:
    """A network that accepts digits and rejects other drawings.

    Attributes:
        network: with eleven outputs.
        preprocessing: turns pixels into its inputs.
        threshold: the lowest score that is accepted.

    Raises:
        ValueError: if the network has another number of outputs, or the threshold is not a probability.
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
        """Return the gate in a saved file.

        Raises:
            ValueError: if the file holds no gate.
        """
        threshold = saved.notes.get("threshold")
        if not isinstance(threshold, float):
            raise ValueError(f"threshold in the file's notes is {threshold!r}; a gate has a number there")
        return cls(saved.network, saved.preprocessing, threshold)

    def scores(self, pixels: np.ndarray) -> np.ndarray:
        """Return the probability that each image is a digit: ``(n, d)`` uint8 to ``(n,)`` from 0 to 1.

        An image without ink scores 0.
        """
        scores = 1 - predict_pixels(self.network, pixels, self.preprocessing)[:, NONE]
        return np.where(pixels.any(axis=1), scores, 0)

    def admits(self, pixels: np.ndarray) -> np.ndarray:
        """Return whether each image is accepted, ``(n, d)`` uint8 to ``(n,)`` bool.

        An image without ink never is.
        """
        return self.judge(pixels)[1]

    def judge(self, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return ``scores`` and ``admits`` of each image, from one run of the network."""
        scores = self.scores(pixels)
        return scores, (scores >= self.threshold) & pixels.any(axis=1)


def with_none(digits: Dataset, non_digits: Dataset) -> Dataset:
    """Return a gate's training data: digits with their labels, and ``non_digits`` as the class ``NONE``."""
    none = np.full(len(non_digits), NONE, np.uint8)
    return replace(digits, classes=NONE + 1).concatenate(
        replace(non_digits, labels=none, classes=NONE + 1), name=f"{digits.name} and none of them"
    )


def threshold_for(scores: np.ndarray, turned_away: float) -> float:
    """Return the highest threshold that rejects at most the share ``turned_away`` of digits.

    Args:
        scores: ``(n,)``, of the digits. turned_away: at least 0 and below 1.

    Raises:
        ValueError: if the share is not in that range.
    """
    require(0 <= turned_away < 1, "share turned away", turned_away, "at least 0 and below 1")
    return float(np.quantile(scores, turned_away, method="lower"))
