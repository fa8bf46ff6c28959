"""Measures of a network's quality, computed from its outputs and the true labels."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from nncore.batches import measure_images
from nncore.checks import require
from nncore.datasets import Dataset
from nncore.network import Network
from nncore.preprocessing import Preprocessing


def accuracy(outputs: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of images whose largest output is their label's, 0 to 1; NaN for no images.

    Args:
        outputs: ``(n, classes)``.
        labels: ``(n,)`` integers.
    """
    return float((outputs.argmax(axis=1) == labels).mean()) if len(labels) else float("nan")


def wilson_interval(correct: int, count: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the interval of the true accuracy, given ``correct`` right answers out of ``count``.

    The confidence is 95 % for the default ``z``. Wilson (1927): unlike accuracy plus and minus two standard
    errors it stays within 0..1 and is right near the ends of that range. For no images it is (0, 1).

    Raises:
        ValueError: if ``correct`` is not from 0 to ``count``.
    """
    require(0 <= correct <= count, "correct", correct, f"from 0 to {count}")
    if count == 0:
        return 0.0, 1.0
    share = correct / count
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, centre - half), min(1.0, centre + half)


def confusion_matrix(predicted: np.ndarray, labels: np.ndarray, classes: int = 10) -> np.ndarray:
    """Return how often each class (row) was read as each class (column): ``(classes, classes)`` int64.

    Args:
        predicted: ``(n,)`` integers, the class read. labels: ``(n,)`` integers, the true class.
    """
    pairs = labels.astype(np.int64) * classes + predicted
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def precision_recall(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ``(precision, recall)`` of each class from a confusion matrix, both ``(classes,)`` float64.

    Precision: of the images read as this class, the share that belongs to it. Recall: of the images of this
    class, the share that was read as it. NaN where there are no such images.
    """
    hits = np.diagonal(matrix).astype(float)
    read, true = matrix.sum(axis=0), matrix.sum(axis=1)
    nothing = np.full(len(hits), np.nan)
    return (
        np.divide(hits, read, out=nothing.copy(), where=read > 0),
        np.divide(hits, true, out=nothing.copy(), where=true > 0),
    )


def confidence(outputs: np.ndarray) -> np.ndarray:
    """Return the network's confidence for each image, 0 to 1, ``(n,)``.

    It is the largest output's share of all outputs; negative outputs count as 0. Softmax outputs are shares
    already; sigmoids may have any sum, and three outputs of 0.9 are no certainty.
    """
    positive = np.maximum(outputs, 0)
    total = positive.sum(axis=-1)
    return np.divide(positive.max(axis=-1), total, out=np.zeros_like(total), where=total > 0)


def images_per_second(samples: int, seconds: float) -> float:
    """Return the speed; 0 before any time has passed."""
    return samples / seconds if seconds > 0 else 0.0


def predict_pixels(network: Network, pixels: np.ndarray, preprocessing: Preprocessing) -> np.ndarray:
    """Return the outputs for any number of images, ``(n, d)`` uint8 to ``(n, n_out)``."""
    return measure(network, pixels, np.zeros(len(pixels), np.uint8), preprocessing)[0]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A network's results on a data set.

    Attributes:
        outputs: ``(n, n_out)``.
        labels: ``(n,)``.
        loss: the mean over the images.
    """

    outputs: np.ndarray
    labels: np.ndarray
    loss: float

    @property
    def count(self) -> int:
        """The number of images."""
        return len(self.labels)

    @property
    def correct(self) -> int:
        """The number of images read rightly."""
        return int((self.outputs.argmax(axis=1) == self.labels).sum())

    @property
    def accuracy(self) -> float:
        """The share of images read rightly, 0 to 1."""
        return accuracy(self.outputs, self.labels)

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the accuracy."""
        return wilson_interval(self.correct, self.count)

    @property
    def confusion(self) -> np.ndarray:
        """The confusion matrix, ``(classes, classes)`` int64."""
        return confusion_matrix(self.outputs.argmax(axis=1), self.labels, self.outputs.shape[1])


def evaluate(network: Network, dataset: Dataset, preprocessing: Preprocessing) -> Evaluation:
    """Return outputs, loss and all measures on a data set. The network does not change.

    Raises:
        ValueError: if the data set is empty.
    """
    require(len(dataset) > 0, "number of images", len(dataset), "at least 1")
    outputs, losses = measure(network, dataset.pixels, dataset.labels, preprocessing)
    return Evaluation(outputs, dataset.labels, float(losses.mean()))


def measure(
    network: Network, pixels: np.ndarray, labels: np.ndarray, preprocessing: Preprocessing
) -> tuple[np.ndarray, np.ndarray]:
    """Return a network's outputs ``(n, n_out)`` and losses ``(n,)`` for images.

    Args:
        pixels: ``(n, d)`` uint8. labels: ``(n,)`` uint8.
    """
    targets = preprocessing.target_table(network.spec.layers[-1], network.spec.dtype)
    return measure_images(
        network, preprocessing.prepare(pixels), labels, targets, *preprocessing.scale_offset
    )
