"""Pictures of other sizes on a page that shows and draws 28 x 28.

The 8 x 8 digits are shown three pixels for one in the middle of the frame, so that every picture on the page
has one size. The other way, what is drawn is cut out around its ink and averaged down to as few pixels as the
network has inputs. The 8 x 8 digits fill their field from top to bottom and leave some of its width: with
``WIDTH`` a network that reads 93 % of their test digits reads 68 % of MNIST's, without it 60 %; the rest is
another country's handwriting.
"""

from __future__ import annotations

from math import isqrt

import numpy as np

SIDE = 28
WIDTH = 0.6  # of the field, for a digit as wide as it is high
NARROWEST = 0.9  # of its height, the width of the square that even a 1 gets
BROADER = 1.6  # ink is taken times this, up to full: their lines are broad, with few levels of grey


def framed(pixels: np.ndarray, max_value: int = 255) -> np.ndarray:
    """``(n, d)`` uint8 pictures of d = side x side pixels, side up to 28, as ``(n, 784)`` uint8, where 255
    stands for their ``max_value``."""
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
    """A ``(784,)`` uint8 picture, 255 for full ink, as ``(inputs,)`` uint8 up to ``max_value``."""
    side = isqrt(inputs)
    if side == SIDE:
        return picture
    small = _unframed(picture, side)
    if small is None:
        small = np.minimum(255, BROADER * _cut_out(picture.reshape(SIDE, SIDE), side))
    return np.rint(small / 255 * max_value).astype(np.uint8).ravel()


def _unframed(picture: np.ndarray, side: int) -> np.ndarray | None:
    """The small picture that ``framed`` made this one of; None if it was no such picture."""
    scale = SIDE // side
    first = (SIDE - scale * side) // 2
    places = first + scale * np.arange(side)
    small = picture.reshape(SIDE, SIDE)[np.ix_(places, places)]
    return small if np.array_equal(framed(small.reshape(1, -1))[0], picture) else None


def _cut_out(image: np.ndarray, side: int) -> np.ndarray:
    """The field around the ink of ``image``, averaged down to ``(side, side)`` float64."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    if not len(rows):
        return np.zeros((side, side))
    height, width = rows[-1] + 1 - rows[0], columns[-1] + 1 - columns[0]
    room = max(width / WIDTH, height * NARROWEST)
    down = _shares(rows[0], height, side)
    across = _shares((columns[0] + columns[-1] + 1 - room) / 2, room, side)
    return down @ image @ across.T


def _shares(start: float, length: float, parts: int) -> np.ndarray:
    """``(parts, 28)``: how much of each pixel belongs to each of ``parts`` equal parts of the stretch, as
    shares of the part."""
    edges = start + length / parts * np.arange(parts + 1)
    low, high = edges[:-1, None], edges[1:, None]
    pixels = np.arange(SIDE)
    return np.clip(np.minimum(high, pixels + 1) - np.maximum(low, pixels), 0, None) * parts / length
