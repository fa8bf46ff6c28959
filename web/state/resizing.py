"""Resizes pictures between 28 x 28, the size on the page, and the sizes of other data sets.

The 8 x 8 digits are enlarged three times and centred in the frame, so that every picture on the page has one
size. In the other direction, a drawing is cut out around its ink and averaged down to the number of inputs
that the network has. The 8 x 8 digits fill their field from top to bottom and leave some of its width free:
with ``WIDTH`` a network that reads 93 % of their test digits reads 68 % of MNIST's, without it 60 %. The rest
is due to another country's handwriting.
"""

from __future__ import annotations

from math import isqrt

import numpy as np

SIDE = 28
WIDTH = 0.6  # share of the field's width that a digit as wide as high takes
NARROWEST = 0.9  # the least width of the field, as a share of the digit's height: for a 1
BROADER = 1.6  # factor for the ink, up to full: lines of 8 x 8 digits are broad, with few levels of grey


def framed(pixels: np.ndarray, max_value: int = 255) -> np.ndarray:
    """Return pictures at the page's size, ``(n, 784)`` uint8 with 255 for full ink.

    Args:
        pixels: ``(n, d)`` uint8 with d = side x side, side up to 28.
        max_value: the value in ``pixels`` that stands for full ink.
    """
    side = isqrt(pixels.shape[1])
    if max_value < 255:
        pixels = np.rint(pixels / max_value * 255).astype(np.uint8)
    if side == SIDE:
        return pixels
    scale = SIDE // side
    first = (SIDE - scale * side) // 2
    frame = np.zeros((len(pixels), SIDE, SIDE), pixels.dtype)
    large = pixels.reshape(-1, side, side).repeat(scale, axis=1).repeat(scale, axis=2)
    frame[:, first : first + scale * side, first : first + scale * side] = large
    return frame.reshape(-1, SIDE * SIDE)


def fitted(picture: np.ndarray, inputs: int, max_value: int) -> np.ndarray:
    """Return a picture at a network's size, ``(inputs,)`` uint8 up to ``max_value``.

    Args:
        picture: ``(784,)`` uint8, 255 for full ink.
        inputs: number of inputs, a square.
        max_value: the value in the result for full ink.
    """
    side = isqrt(inputs)
    if side == SIDE:
        return picture
    small = _unframed(picture, side)
    if small is None:
        small = np.minimum(255, BROADER * _cut_out(picture.reshape(SIDE, SIDE), side))
    return np.rint(small / 255 * max_value).astype(np.uint8).ravel()


def _unframed(picture: np.ndarray, side: int) -> np.ndarray | None:
    """Return the small picture, ``(side, side)`` uint8, from which ``framed`` made this one; None if there is
    none."""
    scale = SIDE // side
    first = (SIDE - scale * side) // 2
    places = first + scale * np.arange(side)
    small = picture.reshape(SIDE, SIDE)[np.ix_(places, places)]
    return small if np.array_equal(framed(small.reshape(1, -1))[0], picture) else None


def _cut_out(image: np.ndarray, side: int) -> np.ndarray:
    """Return the field around the ink of ``image`` (28, 28), averaged down to ``(side, side)`` float64."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    if not len(rows):
        return np.zeros((side, side))
    height, width = rows[-1] + 1 - rows[0], columns[-1] + 1 - columns[0]
    room = max(width / WIDTH, height * NARROWEST)
    down = _shares(rows[0], height, side)
    across = _shares((columns[0] + columns[-1] + 1 - room) / 2, room, side)
    return down @ image @ across.T


def _shares(start: float, length: float, parts: int) -> np.ndarray:
    """Return the weights that average pixels over equal parts of a stretch, ``(parts, 28)``.

    A row holds the shares of one part that lie in each pixel; it sums to 1 if the part lies within the
    picture.

    Args:
        start, length: the stretch, in pixels; it may reach over the edges.
        parts: number of equal parts.
    """
    edges = start + length / parts * np.arange(parts + 1)
    low, high = edges[:-1, None], edges[1:, None]
    pixels = np.arange(SIDE)
    return np.clip(np.minimum(high, pixels + 1) - np.maximum(low, pixels), 0, None) * parts / length
