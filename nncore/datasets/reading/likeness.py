"""Judges digits by their likeness to the built-in 8 x 8 digits, where no trained network is at hand.

Each picture is cropped and scaled to 8 x 8, and compared with 1,797 digits that people wrote. The nearest has
the right label for two thirds of MNIST's digits, and for one in seven when rows and columns are exchanged. So
it reads digits badly, but tells well whether a set of them is turned.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from nncore.datasets.digits8x8 import load_digits8x8
from nncore.datasets.reading.scale import FAINT, averages

SIDE = 8
WIDER = 1.3  # how much wider the 8 x 8 digits are than MNIST's, on average
SHARPNESS = 25.0


def judge_by_likeness(pixels: np.ndarray) -> np.ndarray:
    """Return how much pictures look like each digit.

    Args:
        pixels: ``(n, 784)`` uint8 with light ink.

    Returns:
        ``(n, 10)`` float64 above 0; the largest of each row is 1.
    """
    examples, labels = _examples()
    likeness = _compared(pixels.reshape(len(pixels), 28, 28)) @ examples.T
    best = np.stack([likeness[:, labels == digit].max(axis=1) for digit in range(10)], axis=1)
    return np.exp(SHARPNESS * (best - best.max(axis=1, keepdims=True)))


@cache
def _examples() -> tuple[np.ndarray, np.ndarray]:
    """Return the 8 x 8 digits as vectors ``(1797, 64)``, and their labels."""
    known = load_digits8x8()
    images, labels = (
        np.concatenate([getattr(part, what) for part in known]) for what in ("images", "labels")
    )
    return _compared(images), labels


def _compared(images: np.ndarray) -> np.ndarray:
    """Return the ink of pictures as vectors of length 1: ``(n, 64)`` float64."""
    found = np.zeros((len(images), SIDE, SIDE))
    for small, image in zip(found, images, strict=True):
        inked = image > FAINT * float(image.max())
        rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
        if not len(rows):
            continue
        cut = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float64)
        width = int(np.clip(round(WIDER * SIDE * cut.shape[1] / cut.shape[0]), 3, SIDE))
        left = (SIDE - width) // 2
        small[:, left : left + width] = averages(cut.shape[0], SIDE) @ cut @ averages(cut.shape[1], width).T
    vectors = found.reshape(len(found), -1)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
