"""Holds my digits: the learner's own drawings, each with its label, kept as strokes.

As text they are one JSON object a line, ``{"label": 8, "strokes": [[[x, y], ...], ...]}``.
``nncore.datasets.strokes`` and ``python -m nncore evaluate MODEL --strokes FILE`` read the same format.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nncore.datasets import Dataset
from nncore.datasets.strokes import Drawing, draw_dataset, read_strokes

MOST = 2000
"""The most drawings that are kept; a larger data set is better handled with other tools than a page."""

Points = tuple[tuple[tuple[float, float], ...], ...]
"""Strokes, each a sequence of (x, y): tuples, so that two drawings can be compared."""


@dataclass(frozen=True)
class MyDigit:
    """One drawing.

    Attributes:
        label: the digit, 0 to 9.
        strokes: its strokes in a box of 500 x 500, y down.
    """

    label: int
    strokes: Points


MyDigits = tuple[MyDigit, ...]


def my_digit(label: object, strokes: Iterable) -> MyDigit:
    """Return a drawing on the pad with its label.

    Raises:
        ValueError: if the label is no digit, or there are no strokes.
    """
    if not isinstance(label, int) or isinstance(label, bool) or not 0 <= label <= 9:
        raise ValueError(f"the label must be a digit from 0 to 9, not {label!r}")
    points = tuple(tuple((float(x), float(y)) for x, y, *_ in stroke) for stroke in strokes)
    if not any(points):
        raise ValueError("draw a digit first, then say what it was")
    return MyDigit(label, points)


def with_digit(digits: MyDigits, new: MyDigit) -> MyDigits:
    """Return ``digits`` with ``new`` added; if it is there already, only its label changes.

    Raises:
        ValueError: if ``MOST`` others are kept already.
    """
    others = tuple(digit for digit in digits if digit.strokes != new.strokes)
    if len(others) >= MOST:
        raise ValueError(f"there are {MOST:,} digits of yours already; export and delete some first")
    return (*others, new)


def to_lines(digits: MyDigits) -> str:
    """Return the drawings as text, one a line."""
    lines = (json.dumps({"label": digit.label, "strokes": digit.strokes}) for digit in digits)
    return "".join(line + "\n" for line in lines)


def from_lines(data: bytes, name: str) -> MyDigits:
    """Read drawings from text, plain or gzipped.

    Args:
        data: the text.
        name: of its file, for messages.

    Raises:
        DataError: naming the line that is no drawing.
        ValueError: if there are more than ``MOST``.
    """
    drawings = read_strokes(data, name)
    if len(drawings) > MOST:
        raise ValueError(f"{name} has {len(drawings):,} drawings; at most {MOST:,} can be kept")
    return tuple(my_digit(drawing.label, drawing.strokes) for drawing in drawings)


def dataset_of(digits: MyDigits) -> Dataset:
    """Return the drawings, at least one, as the pad's pen draws them: 28 x 28 pictures to measure with and
    train on."""
    return draw_dataset([_drawing(digit) for digit in digits], "my digits")


def _drawing(digit: MyDigit) -> Drawing:
    """Return a drawing as ``nncore`` takes it."""
    return Drawing(digit.label, [np.array(stroke) for stroke in digit.strokes if stroke])
