"""A data set that grows as its parts arrive, with every image in memory once.

Joining arrays copies both, so that after every part the whole set would be there twice for a moment, and a
page never gives memory back.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nncore.datasets.dataset import Dataset


class GrowingDataset:
    """Room for ``count`` images, or as many as come.

    Each whole is a view of one array that has room for the parts to come. Earlier wholes stay as they are,
    and ``Dataset.concatenate`` joins neighbours in that array without a copy.

    Args:
        count: the number of images that are expected; 0 if that is unknown.
    """

    def __init__(self, count: int = 0) -> None:
        self._count = count
        self._whole: Dataset | None = None
        self._pixels, self._labels = np.empty((0, 0), np.uint8), np.empty(0, np.uint8)

    def append(self, part: Dataset) -> Dataset:
        """Add the images of ``part`` and return all images so far, under the first part's name.

        Raises:
            DataError: if shape, classes or pixel range of ``part`` differ from those before.
        """
        there = self._whole or part.take(slice(0, 0))
        there.check_like(part)
        before, after = len(there), len(there) + len(part)
        if after > len(self._labels):
            self._make_room(after, there)
        self._pixels[before:after], self._labels[before:after] = part.pixels, part.labels
        self._whole = replace(there, pixels=self._pixels[:after], labels=self._labels[:after])
        return self._whole

    def _make_room(self, count: int, there: Dataset) -> None:
        """Make arrays for all images that are expected, or for twice ``count``, beginning with ``there``."""
        size = self._count if count <= self._count else 2 * count
        pixels, labels = np.empty((size, there.pixels.shape[1]), np.uint8), np.zeros(size, np.uint8)
        pixels[: len(there)], labels[: len(there)] = there.pixels, there.labels
        self._pixels, self._labels = pixels, labels
