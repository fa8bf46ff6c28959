"""Which test digits a network reads wrongly: chosen and put in order for the tab that shows them."""

from __future__ import annotations

import numpy as np

from nncore.metrics import confusion_matrix
from web.state.snapshot import TestReadings

Cell = tuple[int, int]


def counts(readings: TestReadings) -> np.ndarray:
    """The confusion matrix, ``(10, 10)`` int64: how often each digit (row) was read as each (column)."""
    return confusion_matrix(readings.predicted, readings.digits.labels)


def chosen(readings: TestReadings, cell: Cell | None = None) -> np.ndarray:
    """Positions of the test digits in one ``cell`` (written, read as) of the matrix, or of all that were
    read wrongly: ``(m,)`` int64, the surest first."""
    labels, predicted = readings.digits.labels, readings.predicted
    fits = predicted != labels if cell is None else (labels == cell[0]) & (predicted == cell[1])
    found = np.flatnonzero(fits)
    return found[np.argsort(-readings.confidences[found], kind="stable")]
