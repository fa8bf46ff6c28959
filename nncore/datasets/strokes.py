"""Reads labelled pen strokes, one JSON object a line: ``{"label": 8, "strokes": [[[x, y], ...], ...]}``.

A stroke is a list of points in writing order, in any unit, y growing downwards; a stroke of one point is a
tap. Drawn by the pad's own pen (``nncore.pen``) they test how well a network reads people who write on a
screen. A digit that was not drawn, such as a photo, has its picture in place of strokes:
``{"label": 8, "picture": ...}``, the 784 bytes of a 28 x 28 picture in base64, 255 for full ink.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nncore.datasets.dataset import DataError, Dataset
from nncore.datasets.idx import GZIP_MAGIC, gunzip
from nncore.pen import SIZE, as_paths, rasterise

EXAMPLE = '{"label": 8, "strokes": [[[x, y], [x, y], ...], ...]}'
"""The form of a line, for errors."""
PIXELS = SIZE * SIZE


@dataclass(frozen=True, eq=False)
class Drawing:
    """A drawn digit.

    Attributes:
        label: the digit.
        strokes: each ``(n, 2)`` float64 of x and y; empty for a picture.
        picture: ``(784,)`` uint8, 255 for full ink; None for a drawing.
    """

    label: int
    strokes: list[np.ndarray]
    picture: np.ndarray | None = None


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
    """Draw the drawings with the pad's pen: 28 x 28 images like MNIST's. Pictures stay as they are."""
    pixels = np.stack([_pixels_of(drawing) for drawing in drawings])
    labels = np.array([drawing.label for drawing in drawings], np.uint8)
    return Dataset(name, pixels.reshape(len(pixels), PIXELS), labels, (SIZE, SIZE), classes)


def _pixels_of(drawing: Drawing) -> np.ndarray:
    """Return a digit as ``(784,)`` uint8."""
    if drawing.picture is not None:
        return drawing.picture
    return to_pixels(rasterise(drawing.strokes)).ravel()


def to_pixels(image: np.ndarray) -> np.ndarray:
    """Return ink from 0 to 1 as in MNIST's files: uint8 from 0 to 255, rounded."""
    return np.rint(image * 255).astype(np.uint8)


def _drawing(line: bytes, where: str, classes: int) -> Drawing:
    """Return the drawing in a line; ``where`` names the line in errors."""
    try:
        fields = json.loads(line)
        label, picture = fields["label"], fields.get("picture")
        given = fields["strokes"] if picture is None else []
        if not isinstance(given, list):
            raise TypeError("strokes must be a list")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(f"{where}: not a drawing; a line is {EXAMPLE}") from error
    if not isinstance(label, int) or not 0 <= label < classes:
        raise DataError(f"{where}: label {label!r}; legal are 0 to {classes - 1}")
    if picture is not None:
        return Drawing(label, [], _picture(picture, where))
    try:
        strokes = as_paths(given)
    except ValueError as error:
        raise DataError(f"{where}: not a drawing; {error}") from error
    if not strokes:
        raise DataError(f"{where}: a drawing without a point")
    return Drawing(label, strokes)


def _picture(text: object, where: str) -> np.ndarray:
    """Return the picture in a line, ``(784,)`` uint8."""
    try:
        pixels = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        pixels = b""
    if len(pixels) != PIXELS:
        raise DataError(f"{where}: a picture must be {PIXELS} bytes in base64, for {SIZE} x {SIZE} pixels")
    return np.frombuffer(pixels, np.uint8)
