"""Separates the ink of a digit from its paper in a photo, whose light is never even.

A pen's line is thin, and light, shadow and the edge of a sheet are broad. A morphological closing (Serra,
*Image Analysis and Mathematical Morphology*, 1982) with a window that is broader than the line leaves the
paper without the ink; the difference to the photo is the ink without the light. A threshold after Otsu (1979)
then parts ink and noise, and of all inked spots the largest near the middle is the digit.
"""

from __future__ import annotations

import numpy as np

from nncore.datasets.reading.scale import averages

SMALLEST = 96  # pixels of the shorter side; smaller pictures are no photos
EVEN = 0.4  # share of one grey level from which paper is drawn and not photographed
SIDE = 240  # pixels to which the longer side is reduced, which also takes noise away
WINDOW = 0.2  # of the longer side: broader than any line, narrower than a shadow
NEAR = 0.03  # of the longer side: spots closer than this belong together
FAINTEST = 14  # grey levels between ink and paper; less is noise
SPECK, MOST_INK = 0.0005, 0.25  # of all pixels; smaller and larger inked spots are no digit
DIM = 100  # grey level of paper that may be a blackboard
OFTEN_LIGHT = 3.0  # how many times as much light ink as dark there must be on bright paper


def is_photo(grey: np.ndarray) -> bool:
    """Return whether a picture seems to be a photo: large, and without a large area of one grey level.

    Args:
        grey: ``(height, width)`` uint8.
    """
    if min(grey.shape) < SMALLEST:
        return False
    return bool(np.bincount(grey.ravel(), minlength=256).max() < EVEN * grey.size)


def ink_of(grey: np.ndarray) -> np.ndarray:
    """Return the ink in a photo of one digit, from 0 for paper to 255.

    Args:
        grey: ``(height, width)`` uint8, of dark ink on light paper or the other way round.

    Returns:
        ``(height', width')`` uint8 with a longer side of at most ``SIDE``; all 0 if there is no ink.
    """
    small = _reduced(grey)
    window = max(3, round(WINDOW * max(small.shape)))
    dark = _digit_of(_closed(small, window) - small)
    light = _digit_of(small + _closed(-small, window))
    needed = OFTEN_LIGHT if np.median(small) > DIM else 1.0
    ink = light if light.sum() > needed * dark.sum() else dark
    digit = ink > 0
    if not digit.any():
        return np.zeros(small.shape, np.uint8)
    return np.rint(np.clip(ink / np.median(ink[digit]), 0, 1) * 255).astype(np.uint8)


def _digit_of(ink: np.ndarray) -> np.ndarray:
    """Return the ink of the digit alone, with the soft edges of its lines; all 0 where there is no digit."""
    digit = _digit_in(_mask(ink))
    if not SPECK < digit.mean() < MOST_INK:
        return np.zeros_like(ink)
    return ink * _spread(digit, 1)


def _reduced(grey: np.ndarray) -> np.ndarray:
    """Return a photo with a longer side of at most ``SIDE`` pixels, as float64."""
    scale = min(1.0, SIDE / max(grey.shape))
    height, width = (max(1, round(side * scale)) for side in grey.shape)
    return averages(grey.shape[0], height) @ grey.astype(np.float64) @ averages(grey.shape[1], width).T


def _closed(image: np.ndarray, window: int) -> np.ndarray:
    """Return the closing of an image with a square window: what is dark and narrower than it disappears."""
    wide = np.pad(image, window, mode="edge")
    raised = _largest(_largest(wide, window, 0), window, 1)
    lowered = -_largest(_largest(-raised, window, 0), window, 1)
    # Each pass begins at its own pixel, so that two of them have moved the image by window - 1.
    start = window - (window - 1)
    return lowered[start : start + image.shape[0], start : start + image.shape[1]]


def _largest(image: np.ndarray, window: int, axis: int) -> np.ndarray:
    """Return the maximum of the ``window`` pixels that begin at each place; shorter by ``window`` - 1.

    Two stretches of the length 1, 2, 4, ... make one of twice the length.
    """
    found, length = np.moveaxis(image, axis, 0), 1
    while length < window:
        step = min(length, window - length)
        found = np.maximum(found[:-step], found[step:])
        length += step
    return np.moveaxis(found, 0, axis)


def _mask(ink: np.ndarray) -> np.ndarray:
    """Return where there is ink, by the threshold that parts two groups of levels best (Otsu)."""
    levels = np.clip(np.rint(ink), 0, 255).astype(np.uint8)
    counts = np.bincount(levels.ravel(), minlength=256).astype(np.float64)
    below, weighted = np.cumsum(counts), np.cumsum(counts * np.arange(256))
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (weighted / below - (weighted[-1] - weighted) / above) ** 2
    return levels > max(int(np.nanargmax(between)), FAINTEST)


def _digit_in(mask: np.ndarray) -> np.ndarray:
    """Return the inked spots that belong to the digit: the largest near the middle, with its neighbours."""
    reach = max(1, round(NEAR * max(mask.shape)))
    joined = _spread(mask, reach)
    left, best, most = joined.copy(), np.zeros_like(mask), 0.0
    while left.any():
        spot = _grown(left, np.unravel_index(int(left.argmax()), left.shape))
        left &= ~spot
        weight = float((_middle(mask.shape) * (mask & spot)).sum())
        if weight > most:
            best, most = spot, weight
    return mask & best


def _middle(shape: tuple[int, ...]) -> np.ndarray:
    """Return a weight for each pixel: 1 in the middle, 0 at the border, where tables and thumbs are."""
    rows, columns = (1 - np.abs(np.linspace(-1, 1, side)) ** 4 for side in shape)
    return np.outer(rows, columns)


def _grown(mask: np.ndarray, start: tuple[np.intp, ...]) -> np.ndarray:
    """Return the connected part of a mask that ``start`` is in."""
    spot = np.zeros_like(mask)
    spot[start] = True
    count = 0
    while spot.sum() > count:
        count = int(spot.sum())
        for _ in range(8):
            spot = _spread(spot, 1) & mask
    return spot


def _spread(mask: np.ndarray, reach: int) -> np.ndarray:
    """Return a mask with all pixels up to ``reach`` rows and columns away."""
    wide = np.pad(mask, reach)
    return _largest(_largest(wide, 2 * reach + 1, 0), 2 * reach + 1, 1)
