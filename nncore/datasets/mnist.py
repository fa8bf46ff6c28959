"""Reads MNIST from a folder with its four idx files, under the names of LeCun's page and its mirrors."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nncore.datasets.dataset import DataError, Dataset
from nncore.datasets.idx import IMAGES_DIMENSIONS, LABELS_DIMENSIONS, read_idx

STEMS = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}


def find_mnist_file(folder: str | Path, stem: str) -> Path | None:
    """Return the file of that stem, plain or ``.gz``, or None.

    Some mirrors write ``.idx3`` for ``-idx3``.
    """
    names = (stem, stem + ".gz", stem.replace("-idx", ".idx"), stem.replace("-idx", ".idx") + ".gz")
    return next((path for name in names if (path := Path(folder) / name).is_file()), None)


def load_mnist(folder: str | Path) -> tuple[Dataset, Dataset]:
    """Read the training and the test set, in file order, from ``folder``.

    Raises:
        DataError: if a file is missing, damaged, or images and labels don't match in number.
    """
    return load_part(folder, "train"), load_part(folder, "test")


def load_part(folder: str | Path, part: str) -> Dataset:
    """Read ``"train"`` or ``"test"`` from ``folder``."""
    arrays = []
    for stem in STEMS[part]:
        path = find_mnist_file(folder, stem)
        if path is None:
            raise DataError(f"{folder}: no {stem} or {stem}.gz in it")
        arrays.append(read_idx(path))
    return dataset_from_idx(f"MNIST {part}", *arrays)


def dataset_from_idx(name: str, images: np.ndarray, labels: np.ndarray) -> Dataset:
    """Return an idx image array ``(n, height, width)`` and its labels ``(n,)`` as a data set.

    Raises:
        DataError: if an array has another number of dimensions.
    """
    if images.ndim != IMAGES_DIMENSIONS or labels.ndim != LABELS_DIMENSIONS:
        raise DataError(f"{name}: images need 3 dimensions and labels 1, not {images.ndim} and {labels.ndim}")
    height, width = images.shape[1:]
    return Dataset(name, images.reshape(len(images), height * width), labels, (height, width))
