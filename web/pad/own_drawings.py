"""Holds my digits: the learner's own drawings, kept as strokes, and pictures, each with its label.

As text they are one JSON object a line, ``{"label": 8, "strokes": [[[x, y], ...], ...]}`` or ``{"label": 8,
"picture": ...}`` with the picture's bytes in base64.
``nncore.datasets.strokes`` and ``python -m nncore evaluate MODEL --strokes FILE`` read the same format.
"""

from __future__ import annotations

import base64
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
    """One drawing, or one picture.

    Attributes:
        label: the digit, 0 to 9.
        strokes: its strokes in a box of 500 x 500, y down; empty for a picture.
        picture: 784 bytes, 255 for full ink; empty for a drawing.
    """

    label: int
    strokes: Points
    picture: bytes = b""

    @property
    def drawn(self) -> tuple[Points, bytes]:
        """What was drawn, without the label."""
        return self.strokes, self.picture


MyDigits = tuple[MyDigit, ...]


def my_digit(label: object, strokes: Iterable, picture: bytes = b"") -> MyDigit:
    """Return a drawing on the pad, or a picture, with its label.

    Raises:
        ValueError: if the label is no digit, or there are neither strokes nor a picture.
    """
    if not isinstance(label, int) or isinstance(label, bool) or not 0 <= label <= 9:
        raise ValueError(f"the label must be a digit from 0 to 9, not {label!r}")
    points = tuple(tuple((float(x), float(y)) for x, y, *_ in stroke) for stroke in strokes)
    if picture:
        return MyDigit(label, (), picture)
    if not any(points):
        raise ValueError("draw a digit first, then say what it was")
    return MyDigit(label, points)


def with_digit(digits: MyDigits, new: MyDigit) -> MyDigits:
    """Return ``digits`` with ``new`` added; if it is there already, only its label changes.

    Raises:
        ValueError: if ``MOST`` others are kept already.
    """
    others = tuple(digit for digit in digits if digit.drawn != new.drawn)
    if len(others) >= MOST:
        raise ValueError(f"there are {MOST:,} digits of yours already; export and delete some first")
    return (*others, new)


def to_lines(digits: MyDigits) -> str:
    """Return the drawings as text, one a line."""
    return "".join(json.dumps(_fields(digit)) + "\n" for digit in digits)


def _fields(digit: MyDigit) -> dict[str, object]:
    """Return the object that stands for a digit in the text."""
    if digit.picture:
        return {"label": digit.label, "picture": base64.b64encode(digit.picture).decode()}
    return {"label": digit.label, "strokes": digit.strokes}


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
    return tuple(
        my_digit(
            drawing.label, drawing.strokes, b"" if drawing.picture is None else drawing.picture.tobytes()
        )
        for drawing in drawings
    )


def dataset_of(digits: MyDigits) -> Dataset:
    """Return the digits, at least one, as 28 x 28 pictures to measure with and train on; drawings as the
    pad's pen draws them."""
    return draw_dataset([_drawing(digit) for digit in digits], "my digits")


def _drawing(digit: MyDigit) -> Drawing:
    """Return a drawing as ``nncore`` takes it."""
    picture = np.frombuffer(digit.picture, np.uint8) if digit.picture else None
    return Drawing(digit.label, [np.array(stroke) for stroke in digit.strokes if stroke], picture)
