"""Write scikit-learn's 8 x 8 digits as the two idx files that the package ships.

    pip install scikit-learn && python tests/nncore/golden/digits8x8.py

The same bytes come out every time: gzip headers carry no time and no name.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

import nncore.datasets
from nncore.datasets.idx import write_idx

FOLDER = Path(nncore.datasets.__file__).parent / "data"


def main() -> None:
    digits = load_digits()
    for stem, array in (("images-idx3-ubyte", digits.images), ("labels-idx1-ubyte", digits.target)):
        packed = gzip.compress(write_idx(array.astype(np.uint8)), compresslevel=9, mtime=0)
        path = FOLDER / f"digits8x8-{stem}.gz"
        path.write_bytes(packed)
        print(f"{path.name}: {array.shape}, {len(packed)} bytes")


if __name__ == "__main__":
    main()
