"""Is a network as sure as it should be? Of all answers given with 80 % confidence, 80 % should be right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.checks import require
from nncore.metrics import confidence


@dataclass(frozen=True, eq=False)
class Calibration:
    """Answers sorted into bins of equal width by confidence.

    Attributes:
        edges: ``(bins + 1,)``, 0 to 1.
        counts: answers in each bin, ``(bins,)`` int64.
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
        outputs: ``(n, classes)``, n at least 1.
        labels: ``(n,)`` integers.
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
