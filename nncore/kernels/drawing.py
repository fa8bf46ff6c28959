"""Draws the strokes of ``nncore.pen`` with a compiled kernel.

In a browser NumPy needs 10 ms and more for a drawing, most of it for arrays of windows, which C does not
need. The same C, called from JavaScript, draws for the pad before Python has started (``web/boot/early/``).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from nncore.kernels.arrays import address
from nncore.pen import PEN_WIDTH, SIZE, Paths, as_paths


def drawing(library: ctypes.CDLL) -> dict[str, Callable]:
    """Return the operations by name, for ``ops.register``."""
    return {"draw": partial(draw, library), "rasterise": partial(rasterise, library)}


def draw(library: ctypes.CDLL, paths: Paths, width: float = PEN_WIDTH) -> np.ndarray:
    """Ink paths, as ``nncore.pen.draw``."""
    return _inked(library.draw, paths, width)


def rasterise(library: ctypes.CDLL, strokes: Sequence, width: float = PEN_WIDTH) -> np.ndarray:
    """Draw strokes, as ``nncore.pen.rasterise``."""
    return _inked(library.rasterise, as_paths(strokes), width)


def _inked(function: Callable, paths: Paths, width: float) -> np.ndarray:
    """Return the image that a function of the kernel draws."""
    image = np.zeros((SIZE, SIZE), np.float32)
    if paths:
        points = np.ascontiguousarray(np.concatenate(paths), np.float64)
        counts = np.array([len(path) for path in paths], np.int32)
        function(
            len(counts),
            address(counts, "points a stroke", (len(paths),), np.int32),
            address(points, "points", (int(counts.sum()), 2), np.float64),
            width,
            address(image, "image", (SIZE, SIZE), writeable=True),
        )
    return image
