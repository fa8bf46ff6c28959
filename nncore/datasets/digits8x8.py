"""Loads the 8 x 8 digits of scikit-learn (UCI, Alpaydin and Kaynak): 1,797 images with 17 grey levels.

They are the test part of UCI's "Optical Recognition of Handwritten Digits", as in scikit-learn's
``load_digits``, and are part of this package. ``tests/nncore/golden/digits8x8.py`` wrote the files; their
licences are beside them in ``data/``.
"""

from __future__ import annotations

from nncore.datasets.dataset import Dataset
from nncore.datasets.idx import read_idx
from nncore.datasets.splits import split

TRAIN, TEST = 1257, 540


def load_digits8x8() -> tuple[Dataset, Dataset]:
    """Return the first 1,257 images to train on and the last 540 to test, in file order.

    Pixels run from 0 to 16.
    """
    from importlib.resources import files  # here, because it takes a tenth of the time of ``import nncore``

    folder = files("nncore.datasets") / "data"
    images, labels = (
        read_idx((folder / f"digits8x8-{stem}.gz").read_bytes(), stem)
        for stem in ("images-idx3-ubyte", "labels-idx1-ubyte")
    )
    digits = Dataset("8 x 8 digits", images.reshape(len(images), 64), labels, (8, 8), max_value=16)
    train, test = split(digits, (TRAIN, TEST))
    return train, test
