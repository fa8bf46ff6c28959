"""A labelled set of grey-scale images, which every reader returns and every trainer takes.

Pixels stay bytes. A network's inputs are made from them batch by batch (``nncore.preprocessing``), because
60,000 MNIST digits are 47 MB as bytes and 188 MB as float32, too much for a page. A ``Dataset`` never
changes: growing, cutting and shuffling return a new one, so it can be shared safely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np


class DataError(ValueError):
    """A file or array that isn't the expected data; the message names file and record."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """``n`` images of ``d = height * width`` pixels with one label each.

    Attributes:
        name: shown to the learner, such as ``"MNIST train"``.
        pixels: ``(n, d)`` uint8, row-major images, 0 (no ink) to ``max_value``.
        labels: ``(n,)`` uint8, each below ``classes``.
        shape: height and width of an image.
        classes: number of classes; labels run from 0 to ``classes - 1``.
        max_value: the brightest value that a pixel can have (255 for MNIST, 16 for scikit-learn's digits).

    Raises:
        DataError: if arrays, shape and ranges don't fit together; a bad label or pixel is named by its
            record.
    """

    name: str
    pixels: np.ndarray
    labels: np.ndarray
    shape: tuple[int, int] = (28, 28)
    classes: int = 10
    max_value: int = 255

    def __post_init__(self) -> None:
        pixels, labels = np.asarray(self.pixels), np.asarray(self.labels)
        if pixels.dtype != np.uint8 or labels.dtype != np.uint8:
            raise DataError(
                f"{self.name}: pixels and labels must be uint8, not {pixels.dtype} and {labels.dtype}"
            )
        if pixels.ndim != 2 or pixels.shape[1] != self.shape[0] * self.shape[1]:
            raise DataError(
                f"{self.name}: pixels have shape {pixels.shape}, images of {self.shape} need "
                f"(n, {self.shape[0] * self.shape[1]})"
            )
        if labels.shape != (len(pixels),):
            raise DataError(f"{self.name}: {len(pixels)} images but labels of shape {labels.shape}")
        _check_below(self.name, "label", labels, self.classes)
        if self.max_value < 255:
            _check_below(self.name, "a pixel of", pixels.max(axis=1, initial=0), self.max_value + 1)
        for field, array in (("pixels", pixels), ("labels", labels)):
            frozen = np.ascontiguousarray(array).view()
            frozen.flags.writeable = False
            object.__setattr__(self, field, frozen)

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def images(self) -> np.ndarray:
        """The pixels as pictures: ``(n, height, width)`` uint8, a view."""
        return self.pixels.reshape(-1, *self.shape)

    @property
    def class_counts(self) -> np.ndarray:
        """The number of images of each class: ``(classes,)`` int64."""
        return np.bincount(self.labels, minlength=self.classes)

    def take(self, indices: np.ndarray | slice | Sequence[int], name: str | None = None) -> Dataset:
        """Return the images at ``indices`` (an integer array, a slice or a boolean mask), in that order."""
        return replace(self, name=name or self.name, pixels=self.pixels[indices], labels=self.labels[indices])

    def concatenate(self, *others: Dataset, name: str | None = None) -> Dataset:
        """Return this set followed by ``others``, without a copy if they follow it in memory already.

        Raises:
            DataError: if shape, classes or pixel range differ.
        """
        for other in others:
            self.check_like(other)
        parts = (self, *others)
        return replace(
            self,
            name=name or self.name,
            pixels=_joined([part.pixels for part in parts]),
            labels=_joined([part.labels for part in parts]),
        )

    def check_like(self, other: Dataset) -> None:
        """Check that the images of ``other`` can join these.

        Raises:
            DataError: if shape, classes or pixel range differ.
        """
        if (other.shape, other.classes, other.max_value) != (self.shape, self.classes, self.max_value):
            raise DataError(
                f"{other.name} (images {other.shape}, {other.classes} classes, pixels to "
                f"{other.max_value}) can't join {self.name} (images {self.shape}, {self.classes} classes,"
                f" pixels to {self.max_value})"
            )


def _joined(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Return the rows of all ``parts``: a view if they are neighbours in one array, or else a copy."""
    owner, row = parts[0].base, parts[0].shape[1:]
    if not isinstance(owner, np.ndarray) or owner.shape[1:] != row or not owner.flags.c_contiguous:
        return np.concatenate(parts)
    first = end = _address(parts[0])
    for part in parts:
        if part.base is not owner or _address(part) != end:
            return np.concatenate(parts)
        end += part.nbytes
    start = (first - _address(owner)) // owner.strides[0]
    return owner[start : start + sum(map(len, parts))]


def _address(array: np.ndarray) -> int:
    """Return where the array begins in memory."""
    return int(array.__array_interface__["data"][0])


def _check_below(name: str, what: str, values: np.ndarray, limit: int) -> None:
    """Raise ``DataError`` for the first record whose value isn't below ``limit``."""
    bad = values >= limit
    if bad.any():
        record = int(np.argmax(bad))
        raise DataError(
            f"{name}: record {record} has {what} {values[record]}; the highest legal one is {limit - 1}"
        )
