"""Selects the test digits that a network misreads, in the order in which the tab *Mistakes* shows them."""

from __future__ import annotations

import numpy as np

from nncore.metrics import confusion_matrix
from web.state.snapshot import TestReadings

Cell = tuple[int, int]


def counts(readings: TestReadings) -> np.ndarray:
    """Return the confusion matrix, ``(10, 10)`` int64: how often each digit (row) was read as each
    (column)."""
    return confusion_matrix(readings.predicted, readings.digits.labels)


def chosen(readings: TestReadings, cell: Cell | None = None) -> np.ndarray:
    """Return the positions of misread test digits, ``(m,)`` int64, those read with the highest confidence
    first.

    Args:
        cell: (written, read as), to select one cell of the confusion matrix, also on its diagonal; None for
            all misread digits.
    """
    labels, predicted = readings.digits.labels, readings.predicted
    fits = predicted != labels if cell is None else (labels == cell[0]) & (predicted == cell[1])
    found = np.flatnonzero(fits)
    return found[np.argsort(-readings.confidences[found], kind="stable")]
