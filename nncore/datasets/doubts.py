"""Reports faults of a data set that keep a network from learning digits, such as one class alone.

Such a set is legal, and a network trained on it reaches 100 %. So the page and the command line warn the
learner beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.datasets.dataset import Dataset

MANY_EMPTY = 0.01
"""The share of empty pictures from which they are reported; one or two are normal."""


@dataclass(frozen=True)
class Doubt:
    """A fault of a data set: a sentence, and whether it makes training pointless (``serious``)."""

    sentence: str
    serious: bool


def doubt(dataset: Dataset) -> Doubt | None:
    """Return the worst fault of digits to train on; None if a network can learn from them.

    Args:
        dataset: at least one image.
    """
    count, counts = len(dataset), dataset.class_counts
    there, absent = np.flatnonzero(counts), np.flatnonzero(counts == 0)
    empty = int((dataset.pixels.min(axis=1) == dataset.pixels.max(axis=1)).sum())
    if empty == count:
        return Doubt(
            f"All {count:,} pictures are empty: there is nothing in them that a network could learn.", True
        )
    if (dataset.pixels == dataset.pixels[0]).all() and count > 1:
        return Doubt(
            f"All {count:,} pictures are the same: there is nothing in them that tells digits apart.", True
        )
    if len(there) == 1:
        return Doubt(
            f"Every picture is labelled {there[0]}: a network can only learn to answer {there[0]}, "
            "and 100 % right would mean nothing.",
            True,
        )
    if empty >= max(2, MANY_EMPTY * count):
        return Doubt(
            f"{empty:,} of the {count:,} pictures are empty; a network can only guess at them.", False
        )
    if len(absent):
        return Doubt(
            f"No picture is labelled {_listed(absent)}: a network that learns from these never reads "
            f"{'it' if len(absent) == 1 else 'them'}.",
            False,
        )
    return None


def doubled(train: Dataset, test: Dataset) -> Doubt | None:
    """Report test digits that are among the training digits too; None if there are none.

    A network knows such digits by heart, so the accuracy on them says nothing. Empty pictures don't count.
    """
    if train.shape != test.shape:
        return None
    learned = {row.tobytes() for row in train.pixels}
    same = sum(row.tobytes() in learned for row in test.pixels if row.any())
    if not same:
        return None
    return Doubt(
        f"{same:,} of the {len(test):,} test digits are training digits too: "
        "the test accuracy would be too high.",
        False,
    )


def _listed(labels: np.ndarray) -> str:
    """Return labels as text: ``3``, ``3 or 4``, ``3, 4 or 5``."""
    *before, last = map(str, labels.tolist())
    return f"{', '.join(before)} or {last}" if before else last
