"""Calibration: of all answers given with 80 % confidence, 80 % should be right.

The functions measure how far a network is from that, and correct it with a temperature.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.batches import CHUNK
from nncore.checks import require, require_one_of
from nncore.datasets import Dataset
from nncore.metrics import confidence
from nncore.network import Network
from nncore.preprocessing import Preprocessing

TEMPERATURES = (1 / 20, 20.0)  # outputs that need a temperature beyond these have no meaning


@dataclass(frozen=True, eq=False)
class Calibration:
    """Answers sorted into bins of equal width by confidence.

    Attributes:
        edges: ``(bins + 1,)``, 0 to 1.
        counts: the number of answers in each bin, ``(bins,)`` int64.
        confidence, accuracy: their mean confidence and the share that was right, ``(bins,)``; NaN in an empty
            bin.
        error: the expected calibration error, 0 to 1.
    """

    edges: np.ndarray
    counts: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray
    error: float


def calibration(outputs: np.ndarray, labels: np.ndarray, bins: int = 15) -> Calibration:
    """Compare confidence with accuracy, bin by bin.

    The expected calibration error is the mean of |accuracy - confidence| over the bins, each weighted by its
    answers (Guo et al., "On Calibration of Modern Neural Networks", 2017, equation 3; 15 bins as there).

    Args:
        outputs: ``(n, classes)``.
        labels: ``(n,)`` integers.
        bins: the number of bins.

    Raises:
        ValueError: if there are no answers.
    """
    require(len(outputs) > 0, "number of answers", len(outputs), "at least 1")
    sure, right = confidence(outputs).astype(float), outputs.argmax(axis=1) == labels
    edges = np.linspace(0, 1, bins + 1)
    which = np.clip(
        np.ceil(sure * bins).astype(int) - 1, 0, bins - 1
    )  # bins are (low, high], as in the paper
    counts = np.bincount(which, minlength=bins)
    some, nothing = counts > 0, np.full(bins, np.nan)
    mean_sure, share_right = (
        np.divide(np.bincount(which, values, bins), counts, out=nothing.copy(), where=some)
        for values in (sure, right)
    )
    gaps = np.abs(share_right - mean_sure)[some]
    return Calibration(edges, counts, mean_sure, share_right, float(gaps @ counts[some] / len(outputs)))


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature: the number to divide the logits by so that softmax's confidence is calibrated.

    It makes the cross-entropy smallest on images that were not trained on (Guo et al., section 4.2). Above 1
    the network was too confident, below 1 too cautious; dividing changes the confidence of an answer, and
    never the answer. The slope of the cross-entropy by 1 / temperature is the mean of (expected logit - logit
    of the true class). It only rises, so bisection finds where it is 0.

    Args:
        logits: ``(n, classes)``.
        labels: ``(n,)`` integers.

    Returns:
        A temperature from 1/20 to 20; an end of that range if all answers are right, or all equally wrong.

    Raises:
        ValueError: if there are no answers.
    """
    require(len(logits) > 0, "number of answers", len(logits), "at least 1")
    logits = logits.astype(float) - logits.max(axis=1, keepdims=True)
    true = logits[np.arange(len(labels)), labels]
    low, high = -np.log(TEMPERATURES[1]), -np.log(TEMPERATURES[0])  # of the logarithm of 1 / temperature
    for _halving in range(40):
        middle = (low + high) / 2
        weights = np.exp(np.exp(middle) * logits)
        expected = (weights * logits).sum(axis=1) / weights.sum(axis=1)
        low, high = (low, middle) if (expected - true).mean() > 0 else (middle, high)
    return float(np.exp(-middle))


def tempered(network: Network, temperature: float) -> Network:
    """Return a copy of the network with its logits divided by ``temperature``.

    Its last weights and biases are divided, so that the outputs are calibrated without any further step.

    Raises:
        ValueError: if the temperature is not above 0, or the outputs are not a softmax.
    """
    require(temperature > 0, "temperature", temperature, "above 0")
    require_one_of(network.spec.activations[-1], ("softmax",), "output activation to calibrate")
    result = network.copy()
    for last in (result.weights[-1:], result.biases[-1:]):
        for array in last:
            array /= temperature
    return result


def logits_of(network: Network, dataset: Dataset, preprocessing: Preprocessing) -> np.ndarray:
    """Return the weighted sums of the last layer for every image, ``(n, classes)``."""
    parts = range(0, len(dataset), CHUNK)
    encoded = (preprocessing.encode(dataset.pixels[i : i + CHUNK], network.spec.dtype) for i in parts)
    return np.concatenate([network.forward(inputs).logits[-1] for inputs in encoded])
