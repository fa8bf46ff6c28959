"""What was read from a person's files: the digits, the report on them, and the questions that are left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nncore.datasets.dataset import DataError, Dataset
from nncore.questions import OpenQuestion

FEWEST_TO_LEARN = 20
"""Fewer digits than these are read by a network, and not learned from."""


@dataclass(frozen=True)
class Skipped:
    """A file that was left out, and why, in words."""

    file: str
    reason: str


@dataclass(frozen=True)
class Report:
    """What was found in the files.

    Attributes:
        format: of the files, in words ("CSV", "MNIST's idx files", "pictures in folders").
        train: how many training digits.
        test: how many test digits.
        per_class: ten counts, over training and test digits.
        size: height and width of a digit in pixels.
        mean: of all pixels, from 0 (paper) to 1 (ink).
        assumed: a sentence for everything that was not plain and was decided while reading.
        skipped: the files that were left out.
    """

    format: str
    train: int
    test: int
    per_class: tuple[int, ...]
    size: tuple[int, int]
    mean: float
    assumed: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain lists, texts and numbers."""
        return {
            "format": self.format,
            "train": self.train,
            "test": self.test,
            "per_class": list(self.per_class),
            "size": list(self.size),
            "mean": round(self.mean, 4),
            "assumed": list(self.assumed),
            "skipped": [{"file": skipped.file, "reason": skipped.reason} for skipped in self.skipped],
        }


@dataclass(frozen=True)
class Unlabelled:
    """A picture without a label: its name, and its pixels as uint8 of shape (28, 28) with light ink."""

    name: str
    image: np.ndarray


@dataclass(frozen=True)
class Reading:
    """The digits in a person's files, and the report on them.

    Attributes:
        report: on all that was read.
        train: the training digits; None if all pictures are without labels.
        test: the test digits, or None if the files have no such part.
        unlabelled: pictures of digits whose labels nobody knows.
        names: of the pictures that the training digits were read from; empty for other formats.
        validation: digits that the files keep for validation, which are in neither part; mostly None.
    """

    report: Report
    train: Dataset | None
    test: Dataset | None = None
    unlabelled: tuple[Unlabelled, ...] = ()
    names: tuple[str, ...] = ()
    validation: Dataset | None = None

    @property
    def learnable(self) -> bool:
        """Whether there are enough labelled digits to learn from."""
        return self.train is not None and len(self.train) + len(self.test or ()) >= FEWEST_TO_LEARN


class Question(OpenQuestion, DataError):
    """Says that the meaning of files of digits is not clear, and which answers there are."""
