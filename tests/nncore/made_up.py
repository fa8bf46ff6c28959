"""Generate simple images with ten labels, for tests that need a data set that is learned in seconds."""

import gzip

import numpy as np

from nncore.datasets import Dataset
from nncore.datasets.idx import write_idx
from nncore.datasets.mnist import STEMS


def blocks(count, seed):
    """Return ``count`` noisy 28 x 28 images of ten classes: each has a bright block in a place of its own."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, count, dtype=np.uint8)
    images = rng.integers(0, 60, (count, 28, 28), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        row, column = 3 + 12 * (label // 5), 2 + 5 * (label % 5)
        image[row : row + 8, column : column + 4] += 150
    return Dataset("blocks", images.reshape(count, 784), labels)


def write_like_mnist(folder, train, test):
    """Write ``train`` and ``test`` labelled images to ``folder``, as four gzipped idx files like MNIST's."""
    for part, dataset in (("train", blocks(train, 0)), ("test", blocks(test, 1))):
        for stem, array in zip(STEMS[part], (dataset.images, dataset.labels), strict=True):
            (folder / f"{stem}.gz").write_bytes(gzip.compress(write_idx(array)))
