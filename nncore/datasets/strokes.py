"""Reads labelled pen strokes, one JSON object a line: ``{"label": 8, "strokes": [[[x, y], ...], ...]}``.

A stroke is a list of points in writing order, in any unit, y growing downwards; a stroke of one point is a
tap. Drawn by the pad's own pen (``nncore.pen``) they test how well a network reads people who write on a
screen.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nncore.datasets.dataset import DataError, Dataset
from nncore.datasets.idx import GZIP_MAGIC, gunzip
from nncore.pen import SIZE, as_paths, rasterise

EXAMPLE = '{"label": 8, "strokes": [[[x, y], [x, y], ...], ...]}'
"""The form of a line, for errors."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """A drawn digit: its label and its strokes, each ``(n, 2)`` float64 of x and y."""

    label: int
    strokes: list[np.ndarray]


def read_strokes(source: bytes | str | Path, name: str | None = None, classes: int = 10) -> list[Drawing]:
    """Read drawings from a path or bytes, plain or gzipped.

    Raises:
        DataError: names the line (counted from 1) that isn't such an object, has a wrong label or no points.
    """
    name = name or ("strokes" if isinstance(source, bytes) else Path(source).name)
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    lines = (gunzip(data, name) if data[:2] == GZIP_MAGIC else data).splitlines()
    drawings = [
        _drawing(line, f"{name}: line {number}", classes)
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]
    if not drawings:
        raise DataError(f"{name}: no drawing in it")
    return drawings


def draw_dataset(drawings: list[Drawing], name: str = "strokes", classes: int = 10) -> Dataset:
    """Draw the drawings with the pad's pen: 28 x 28 images like MNIST's."""
    pixels = np.stack([to_pixels(rasterise(drawing.strokes)) for drawing in drawings])
    labels = np.array([drawing.label for drawing in drawings], np.uint8)
    return Dataset(name, pixels.reshape(len(pixels), SIZE * SIZE), labels, (SIZE, SIZE), classes)


def to_pixels(image: np.ndarray) -> np.ndarray:
    """Return ink from 0 to 1 as in MNIST's files: uint8 from 0 to 255, rounded."""
    return np.rint(image * 255).astype(np.uint8)


def _drawing(line: bytes, where: str, classes: int) -> Drawing:
    """Return the drawing in a line; ``where`` names the line in errors."""
    try:
        fields = json.loads(line)
        label, given = fields["label"], fields["strokes"]
        if not isinstance(given, list):
            raise TypeError("strokes must be a list")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(f"{where}: not a drawing; a line is {EXAMPLE}") from error
    try:
        strokes = as_paths(given)
    except ValueError as error:
        raise DataError(f"{where}: not a drawing; {error}") from error
    if not isinstance(label, int) or not 0 <= label < classes:
        raise DataError(f"{where}: label {label!r}; legal are 0 to {classes - 1}")
    if not strokes:
        raise DataError(f"{where}: a drawing without a point")
    return Drawing(label, strokes)
