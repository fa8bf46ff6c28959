"""My digits: the learner's own drawings with what they were meant to be, kept as strokes.

As text they are one JSON object a line, ``{"label": 8, "strokes": [[[x, y], ...], ...]}``, which
``nncore.datasets.strokes`` and ``python -m nncore evaluate MODEL --strokes FILE`` read as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nncore.datasets import Dataset
from nncore.datasets.strokes import Drawing, draw_dataset, read_strokes

MOST = 2000
"""Drawings that are kept; whoever draws more has a data set, and better tools for it than a page."""

Points = tuple[tuple[tuple[float, float], ...], ...]
"""Strokes, each a row of (x, y): tuples, so that two drawings can be compared."""


@dataclass(frozen=True)
class MyDigit:
    """One drawing: what it is, and its strokes in a box of 500 x 500, y down."""

    label: int
    strokes: Points


MyDigits = tuple[MyDigit, ...]


def my_digit(label: object, strokes: Iterable) -> MyDigit:
    """A drawing of the pad with its label.

    Raises:
        ValueError: for a label that is no digit, or without strokes.
    """
    if not isinstance(label, int) or isinstance(label, bool) or not 0 <= label <= 9:
        raise ValueError(f"what it was must be a digit from 0 to 9, not {label!r}")
    points = tuple(tuple((float(x), float(y)) for x, y, *_ in stroke) for stroke in strokes)
    if not any(points):
        raise ValueError("draw a digit first, then say what it was")
    return MyDigit(label, points)


def with_digit(digits: MyDigits, new: MyDigit) -> MyDigits:
    """``digits`` and the new one; the same drawing once more is only called something else.

    Raises:
        ValueError: if there are as many as may be.
    """
    others = tuple(digit for digit in digits if digit.strokes != new.strokes)
    if len(others) >= MOST:
        raise ValueError(f"there are {MOST:,} digits of yours already; export and delete some first")
    return (*others, new)


def to_lines(digits: MyDigits) -> str:
    """As text, one drawing a line."""
    lines = (json.dumps({"label": digit.label, "strokes": digit.strokes}) for digit in digits)
    return "".join(line + "\n" for line in lines)


def from_lines(data: bytes, name: str) -> MyDigits:
    """Read such a text, plain or gzipped.

    Raises:
        DataError: naming the line that isn't a drawing.
        ValueError: for more than ``MOST``.
    """
    drawings = read_strokes(data, name)
    if len(drawings) > MOST:
        raise ValueError(f"{name}: {len(drawings):,} drawings; up to {MOST:,} are kept here")
    return tuple(my_digit(drawing.label, drawing.strokes) for drawing in drawings)


def dataset_of(digits: MyDigits) -> Dataset:
    """The drawings as the pad's pen draws them, to measure with and to train on; at least one."""
    return draw_dataset([_drawing(digit) for digit in digits], "my digits")


def _drawing(digit: MyDigit) -> Drawing:
    return Drawing(digit.label, [np.array(stroke) for stroke in digit.strokes if stroke])
