"""Separates ink from paper in photos and scans, whose paper is grey, noisy and unevenly lit.

The grey of the paper is measured in each part of the picture and taken away; what is left is ink where it is
stronger than a threshold that divides it best (Otsu, "A threshold selection method from gray-level
histograms", 1979).
"""

from __future__ import annotations

import numpy as np

from nncore.datasets.reading.polarity import rim
from nncore.datasets.reading.scale import averages

CLEAN = 24  # of 255; paper that is darker needs nothing
SMALLEST = 48  # pixels a side of a picture that is divided into parts
PARTS = 8  # of each side
EVEN = 40  # the range of the border of a small picture with paper of one grey
WEAKEST = 24  # contrast of ink and paper
EDGE = 0.6  # of the threshold, from which ink begins
SPECK = 0.3  # the share of inked neighbours that a pixel of ink has at least


def without_paper(image: np.ndarray) -> np.ndarray:
    """Return a picture whose paper is 0 and whose ink reaches 255.

    Args:
        image: ``(height, width)`` uint8 with light ink.

    Returns:
        The picture as it is, if its paper is 0 already or it has no clear ink.
    """
    low, usual, high = np.percentile(rim(image), (10, 50, 90))
    if min(image.shape) < SMALLEST:
        return _stretched(image, high) if usual >= CLEAN and high - low <= EVEN else image
    if usual < CLEAN and (high < CLEAN or _is_clean(image)):
        return image
    over = image - _paper(image)
    threshold = _otsu(over)
    inked = over > threshold
    ink = float(np.percentile(over[inked], 60)) if inked.any() else 0.0
    if ink < WEAKEST:
        return image
    bottom = EDGE * threshold
    found = np.clip((over - bottom) / (ink - bottom), 0, 1)
    found[_near(inked) < SPECK] = 0
    return np.rint(255 * found).astype(np.uint8)


def _is_clean(image: np.ndarray) -> bool:
    """Return whether a picture was drawn, not photographed: most paper is 0, and few greys are between."""
    grey = (image > CLEAN) & (image < 128)
    return bool((image <= 4).mean() > 0.3 and grey.mean() < 0.15)


def _stretched(image: np.ndarray, paper: float) -> np.ndarray:
    """Return a picture of even paper with its greys from the paper's to the ink's spread over 0 to 255."""
    top = float(image.max())
    if top - paper < WEAKEST:
        return image
    return np.rint(np.clip((image - paper) / (top - paper), 0, 1) * 255).astype(np.uint8)


def _paper(image: np.ndarray) -> np.ndarray:
    """Return the grey of the paper at each pixel: ``(height, width)`` float64."""
    height, width = image.shape
    rows, columns = (np.linspace(0, side, PARTS + 1).astype(int) for side in (height, width))
    greys = np.array(
        [
            [
                np.percentile(image[top:bottom, left:right], 30)
                for left, right in zip(columns, columns[1:], strict=False)
            ]
            for top, bottom in zip(rows, rows[1:], strict=False)
        ]
    )
    # A part that is full of ink takes the grey of its neighbours.
    padded = np.pad(greys, 1, mode="edge")
    around = np.stack(
        [padded[row : row + PARTS, column : column + PARTS] for row in range(3) for column in range(3)]
    )
    greys = np.minimum(greys, np.median(around, axis=0))
    return averages(PARTS, height) @ greys @ averages(PARTS, width).T


def _otsu(values: np.ndarray) -> float:
    """Return the threshold that divides values from 0 to 255 into two groups that differ most."""
    counts, edges = np.histogram(np.clip(values, 0, 255), bins=128, range=(0, 256))
    middles = (edges[:-1] + edges[1:]) / 2
    below, total = np.cumsum(counts), counts.sum()
    sums = np.cumsum(counts * middles)
    above = np.maximum(total - below, 1)
    gap = sums / np.maximum(below, 1) - (sums[-1] - sums) / above
    return float(edges[1 + int(np.argmax(below * (total - below) * gap**2))])


def _near(inked: np.ndarray) -> np.ndarray:
    """Return the share of ink around each pixel."""
    reach = max(1, min(inked.shape) // 100)
    size = 2 * reach + 1
    sums = np.pad(np.pad(inked.astype(np.float64), reach).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    return (sums[size:, size:] - sums[:-size, size:] - sums[size:, :-size] + sums[:-size, :-size]) / size**2
