"""Finds out whether ink is light or dark in pictures, and makes it light, as in MNIST.

Ink is rarer than paper, and the border of a picture is paper. So the usual grey of a picture and of its
border is that of its paper, and the ink lies on the side where the other greys reach further. A picture that
shows neither clearly follows the others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

CLEARLY = 1.5  # times that the greys must reach further on one side of the paper's
MIDDLE = 127.5
SOME = 0.2  # the share of clear pictures that the others follow
SAMPLE = 500  # pictures of a large set that are looked at; if they agree, the others do


def rim(image: np.ndarray) -> np.ndarray:
    """Return the pixels along the edge of a ``(height, width)`` picture."""
    return np.concatenate([image[0], image[-1], image[1:-1, 0], image[1:-1, -1]])


def light_paper(images: np.ndarray | Sequence[np.ndarray]) -> np.ndarray:
    """Return which pictures have dark ink on light paper: ``(n,)`` bool.

    Args:
        images: ``(n, height, width)`` uint8, or a sequence of pictures of different sizes.
    """
    if isinstance(images, np.ndarray) and len(images) > 2 * SAMPLE:
        some = light_paper(images[:: len(images) // SAMPLE])
        if some.all() or not some.any():
            return np.full(len(images), some.all())
    inverted, plain, white = np.array([_look(image) for image in images], bool).reshape(-1, 3).T
    if inverted.sum() > max(plain.sum(), SOME * len(images)):
        return ~plain
    return inverted if plain.any() else inverted | white


def sentence(count: int, total: int) -> str:
    """Return the sentence on inverted pictures."""
    if count == total:
        return "colours were inverted: paper is white in these pictures"
    return f"colours were inverted in {count:,} of {total:,} pictures: their paper is white"


def _look(image: np.ndarray) -> tuple[bool, bool, bool]:
    """Return whether a picture clearly has light paper, clearly has dark paper, and is white and empty."""
    pixels = image.reshape(-1)
    few = len(pixels) // 100
    ordered = np.partition(pixels, (few, len(pixels) // 2, len(pixels) - 1 - few))
    border = rim(image)
    usual = float(ordered[len(pixels) // 2])
    paper = (usual + float(np.partition(border, len(border) // 2)[len(border) // 2])) / 2
    below, above = paper - float(ordered[few]), float(ordered[-1 - few]) - paper
    empty_white = below == above == 0 and usual > MIDDLE
    return below > CLEARLY * above, above > CLEARLY * below, empty_white
