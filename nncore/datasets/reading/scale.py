"""Brings pictures of other sizes into 28 x 28 by the rule of the pad's pen: crop, 20 x 20, centre of mass.

The pen (``nncore.pen``) scales strokes; here pixels are scaled, each to the mean of those that it covers.
"""

from __future__ import annotations

import numpy as np

from nncore.datasets.reading.polarity import rim
from nncore.pen import BOX, CENTRE, SIZE, centre_of_mass

GREY, EVEN, WEAKEST = 24, 40, 24  # of 255: paper that is not clean, its range, and the contrast of ink
FAINT = 0.15  # of the strongest ink; fainter pixels on the outside are noise and are cropped away


def fit_picture(image: np.ndarray) -> np.ndarray:
    """Return a picture of any size as MNIST would show it.

    Args:
        image: ``(height, width)`` uint8 with light ink.

    Returns:
        ``(28, 28)`` uint8; zeros for a picture without ink.
    """
    result = np.zeros((SIZE, SIZE), np.float64)
    inked = image > max(FAINT * float(image.max(initial=0)), 0)
    if not inked.any():
        return result.astype(np.uint8)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    cut = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float64)
    scale = BOX / max(cut.shape)
    height, width = (max(1, round(side * scale)) for side in cut.shape)
    small = averages(cut.shape[0], height) @ cut @ averages(cut.shape[1], width).T
    # A thin line becomes faint when it is scaled down, as no pen's line does.
    small *= cut.max() / max(small.max(), 1.0)
    mass = centre_of_mass(small)
    if mass is None:
        return result.astype(np.uint8)
    left = _start(CENTRE - float(mass[0]), width)
    top = _start(CENTRE - float(mass[1]), height)
    result[top : top + height, left : left + width] = small
    return np.rint(np.clip(result, 0, 255)).astype(np.uint8)


def averages(before: int, after: int) -> np.ndarray:
    """Return the weights ``(after, before)`` with which a row of pixels is scaled to another length.

    Each new pixel is a mean of old ones, weighted by a triangle that is as wide as two new pixels, or two old
    ones where the picture grows (bilinear interpolation).
    """
    step = before / after
    middles = (np.arange(after) + 0.5) * step
    distances = np.abs(middles[:, None] - (np.arange(before) + 0.5))
    weights = np.clip(1 - distances / max(step, 1.0), 0, None)
    return weights / weights.sum(axis=1, keepdims=True)


def stretch(image: np.ndarray) -> np.ndarray:
    """Return a picture whose paper is 0 and whose strongest ink is 255, if its paper is an even grey.

    Args:
        image: ``(height, width)`` uint8 with light ink; returned itself if its paper is clean or uneven.
    """
    low, paper, high = np.percentile(rim(image), (10, 50, 90))
    top = float(image.max())
    if paper < GREY or high - low > EVEN or top - high < WEAKEST:
        return image
    return np.rint(np.clip((image - high) / (top - high), 0, 1) * 255).astype(np.uint8)


def _start(shift: float, length: int) -> int:
    """Return the first row or column of the ink, moved by whole pixels as MNIST's was, inside the picture."""
    return int(np.clip(round(shift), 0, SIZE - length))
