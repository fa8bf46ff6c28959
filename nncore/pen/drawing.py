"""Turns pen strokes into the 28 x 28 picture that a network trained on MNIST expects, the way MNIST was made.

LeCun's recipe (on MNIST's page; rebuilt in detail by Yadav and Bottou, "Cold case: the lost MNIST digits",
2019): fit the ink into 20 x 20 pixels with its aspect kept, anti-aliased, then move it until its centre of
mass is the middle of the 28 x 28. Here the *strokes* are scaled, not pixels, so that the pen has the same
width whether the drawing is small or fills the pad. Each step is a function of its own (``as_paths``,
``fit``, ``centre``, ``draw``), so that a page can show its effect. ``rasterise`` and ``draw`` are operations
of ``nncore.ops``: these are the references, and a compiled kernel does the same.

Points are (x, y), x to the right and y down. On the grid, the pixel in row r and column c covers the square
from (c, r) to (c + 1, r + 1), so the middle of "pixel index 14" lies at 14.5.

MNIST moved its pixels by whole ones, so its centres of mass lie between 13.5 and 14.5. Strokes can be moved
by any amount: here the centre is met exactly, and the picture does not jump by a pixel during drawing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nncore.ops import operation

SIZE = 28  # pixels, the side of the picture
BOX = 20  # pixels, the longest side of the ink, pen width included
CENTRE = 14  # pixel index of the centre of mass; 13.5, the grid's own middle, costs a 97 % network two points
# Pixels. The mean stroke width of MNIST's training digits: twice the distance from the strokes' skeleton to
# their edge, measured by tests/bench/pen_width.py in the same way on MNIST and on this pen's pictures.
PEN_WIDTH = 2.56
PIECE = 0.5  # pixels; lines are inked in pieces of at most this length, each on a small window of its own

Paths = list[np.ndarray]


@operation
def rasterise(strokes: Sequence, width: float = PEN_WIDTH) -> np.ndarray:
    """Draw strokes the way MNIST was drawn.

    Args:
        strokes: one ``(n, 2)`` array or list of (x, y) points a stroke, in any unit, y down; a stroke of one
            point is a tap. Columns after the second (time, pressure) are ignored, and so are strokes without
            points.
        width: pen width in pixels of the result.

    Returns:
        ``(28, 28)`` float32 from 0 (paper) to 1 (ink). Without any point: zeros. A single tap is a dot of the
        pen's width.

    Raises:
        ValueError: if a stroke isn't a list of points or has a coordinate that isn't finite.
    """
    paths = as_paths(strokes)
    return draw(centre(fit(paths, width), width), width)


def as_paths(strokes: Sequence) -> Paths:
    """Return the strokes that have points, each as ``(n, 2)`` float64.

    Raises:
        ValueError: if a stroke isn't a list of points or has a coordinate that isn't finite.
    """
    paths = []
    for number, stroke in enumerate(strokes):
        try:
            points = np.asarray(stroke, np.float64)
        except (TypeError, ValueError) as error:
            raise ValueError(f"stroke {number}: points are pairs of numbers, [x, y]") from error
        if points.size == 0:
            continue
        if points.ndim != 2 or points.shape[1] < 2:
            raise ValueError(f"stroke {number}: points need shape (n, 2), not {points.shape}")
        if not np.isfinite(points[:, :2]).all():
            raise ValueError(f"stroke {number}: a coordinate isn't a finite number")
        paths.append(points[:, :2])
    return paths


def fit(paths: Paths, width: float = PEN_WIDTH, box: float = BOX) -> Paths:
    """Scale paths until the longest side of the ink spans ``box`` pixels, in the middle of the grid.

    The aspect is kept. The ink reaches half a pen beyond the points, so these span ``box - width``. A dot has
    no size to scale; neither have points that differ only by the rounding of their coordinates.
    """
    if not paths:
        return []
    points = np.concatenate(paths)
    low, high = points.min(axis=0), points.max(axis=0)
    longest = (high - low).max()
    rounding = max(1e-9 * np.abs(points).max(), 1e-300)
    scale = (box - width) / longest if longest > rounding else 1.0
    return [(path - (low + high) / 2) * scale + SIZE / 2 for path in paths]


def centre(paths: Paths, width: float = PEN_WIDTH) -> Paths:
    """Move paths on the grid until the centre of mass of their ink is at pixel index ``CENTRE`` both ways."""
    mass = centre_of_mass(draw(paths, width))
    return paths if mass is None else [path + (CENTRE - mass) for path in paths]


def centre_of_mass(image: np.ndarray) -> np.ndarray | None:
    """Return the centre of mass of the ink, ``(x, y)`` in pixel indices, or None without ink.

    Args:
        image: ``(height, width)``.
    """
    total = image.sum()
    if total <= 0:
        return None
    rows, columns = np.arange(image.shape[0]), np.arange(image.shape[1])
    return np.array([columns @ image.sum(axis=0), rows @ image.sum(axis=1)]) / total


@operation
def draw(paths: Paths, width: float = PEN_WIDTH) -> np.ndarray:
    """Ink paths in grid coordinates; parts outside the grid are cut off.

    A pixel's share of ink depends on the distance of its middle to the nearest line: 1 inside the pen's edge,
    0 outside, falling over one pixel in between, as if a sharp edge were averaged over a pixel.

    Returns:
        ``(28, 28)`` float32, 0 to 1.
    """
    image = np.zeros((SIZE, SIZE), np.float32)
    if not paths:
        return image
    starts, steps = _pieces(paths)
    # A piece inks only a window of a few pixels around it. All windows are computed at once, (n, side, side).
    reach = width / 2 + 0.5
    side = int(np.ceil(2 * reach + PIECE)) + 1
    corners = np.floor(starts + np.minimum(steps, 0) - reach)
    grid = corners[:, None, :] + np.arange(side)[:, None]  # (n, side, 2): columns and rows of each window
    x, y = np.moveaxis((grid + 0.5 - starts[:, None, :]).astype(np.float32), 2, 0)
    x, y = x[:, None, :], y[:, :, None]  # from the piece's start to the pixel's middle
    dx, dy = steps.astype(np.float32).T[:, :, None, None]
    # The nearest point of the piece: the foot of the perpendicular, kept between its ends.
    along = np.clip((x * dx + y * dy) / np.maximum(dx * dx + dy * dy, np.float32(1e-12)), 0, 1)
    distance = np.sqrt((x - along * dx) ** 2 + (y - along * dy) ** 2)
    ink = np.clip(np.float32(reach) - distance, 0, 1)
    inside = (grid >= 0) & (grid < SIZE)
    inside = inside[:, None, :, 0] & inside[:, :, None, 1]
    places = (grid[:, :, None, 1] * SIZE + grid[:, None, :, 0]).astype(np.intp)
    np.maximum.at(image.reshape(-1), places[inside], ink[inside])
    return image


def _pieces(paths: Paths) -> tuple[np.ndarray, np.ndarray]:
    """Cut all lines into pieces of at most ``PIECE``; return the starts and the steps, both ``(n, 2)``."""
    starts = np.concatenate([path[: max(len(path) - 1, 1)] for path in paths])
    ends = np.concatenate(
        [path[min(1, len(path) - 1) :] for path in paths]
    )  # a tap starts and ends in one point
    counts = np.maximum(np.ceil(np.hypot(*(ends - starts).T) / PIECE), 1).astype(np.intp)
    steps = np.repeat((ends - starts) / counts[:, None], counts, axis=0)
    number = np.arange(len(steps)) - np.repeat(
        np.cumsum(counts) - counts, counts
    )  # 0, 1, ... along each line
    return np.repeat(starts, counts, axis=0) + steps * number[:, None], steps
