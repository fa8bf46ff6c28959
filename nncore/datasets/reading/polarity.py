"""Finds out whether ink is light or dark in pictures, and makes it light, as in MNIST.

Ink is rarer than paper, and the border of a picture is paper. A picture where both say that paper is light is
inverted; a picture where they disagree follows the others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

LIGHT, DARK = 140, 115  # of 255; a grey between them is neither


def rim(image: np.ndarray) -> np.ndarray:
    """Return the pixels along the edge of a ``(height, width)`` picture."""
    return np.concatenate([image[0], image[-1], image[1:-1, 0], image[1:-1, -1]])


def light_paper(images: np.ndarray | Sequence[np.ndarray]) -> np.ndarray:
    """Return which pictures have dark ink on light paper: ``(n,)`` bool.

    Args:
        images: ``(n, height, width)`` uint8, or a sequence of pictures of different sizes.
    """
    if isinstance(images, np.ndarray):
        edge = np.ones(images.shape[1:], bool)
        edge[1:-1, 1:-1] = False
        rims = images[:, edge].mean(axis=1) if len(images) else np.zeros(0)
        means = images.mean(axis=(1, 2), dtype=np.float64) if len(images) else np.zeros(0)
    else:
        rims = np.array([rim(image).mean() for image in images])
        means = np.array([image.mean() for image in images])
    inverted = (rims > LIGHT) & (means > LIGHT)
    plain = (rims < DARK) & (means < DARK)
    unsure = ~(inverted | plain)
    if inverted.sum() > plain.sum():
        inverted |= unsure & (means > (LIGHT + DARK) / 2)
    return inverted


def sentence(count: int, total: int) -> str:
    """Return the sentence on inverted pictures."""
    if count == total:
        return "colours were inverted: paper is white in these pictures"
    return f"colours were inverted in {count:,} of {total:,} pictures: their paper is white"
