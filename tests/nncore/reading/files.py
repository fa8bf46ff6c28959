"""Make files of digits for the tests of the reader: sixty pen digits, and their bytes in many formats."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

from nncore.datasets.idx import TYPES
from nncore.datasets.reading import Reading, read_files
from nncore.styles import make_dataset

SET = make_dataset(60, seed=1)
X, Y = SET.images, SET.labels
ROWS = np.concatenate([Y[:, None], SET.pixels], axis=1)
HEADER = "label," + ",".join(f"pixel{number}" for number in range(784))


def text(rows: np.ndarray, separator: str = ",", write: Any = str, end: str = "\n") -> bytes:
    """Return rows as the text of a table."""
    return (end.join(separator.join(map(write, row)) for row in rows.tolist()) + end).encode()


def picture(array: np.ndarray, kind: str = "PNG", mode: str | None = None, **options: Any) -> bytes:
    """Return an array as the bytes of a picture."""
    buffer = io.BytesIO()
    image = Image.fromarray(array)
    (image.convert(mode) if mode else image).save(buffer, kind, **options)
    return buffer.getvalue()


def paper(number: int) -> bytes:
    """Return a digit as a PNG with black ink on white paper."""
    return picture(255 - X[number])


def zipped(files: Mapping[str, bytes] | list[tuple[str, bytes]]) -> bytes:
    """Return a zip archive; names are written as they are, with their backslashes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items() if isinstance(files, Mapping) else files:
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, data)
    return buffer.getvalue()


def npz(**arrays: Any) -> bytes:
    """Return arrays as an ``.npz``."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def npy(array: np.ndarray) -> bytes:
    """Return an array as an ``.npy``."""
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def idx(array: np.ndarray, code: int = 0x08) -> bytes:
    """Return an array as an idx file with elements of this type."""
    shape = b"".join(int(side).to_bytes(4, "big") for side in array.shape)
    return bytes([0, 0, code, array.ndim]) + shape + array.astype(TYPES[code]).tobytes()


def packed(data: bytes) -> bytes:
    """Return gzipped bytes."""
    return gzip.compress(data, mtime=0)


def foldered(count: int = 40, folder: Any = str, write: Any = paper, ending: str = "png") -> dict[str, bytes]:
    """Return pictures in folders that say their digit."""
    return {f"{folder(Y[number])}/{number}.{ending}": write(number) for number in range(count)}


def read(files: Any, **arguments: Any) -> Reading:
    """Read files by name, or one file as ``mine``."""
    return read_files(files if not isinstance(files, bytes) else {"mine": files}, **arguments)


def digits_of(reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """Return the images and labels of all digits in a reading."""
    parts = [part for part in (reading.train, reading.test, reading.validation) if part is not None]
    return np.concatenate([part.images for part in parts]), np.concatenate([part.labels for part in parts])


def assert_same(reading: Reading, count: int = 60, within: int = 0, images: np.ndarray = X) -> None:
    """Check that the first ``count`` digits were read with their labels, each once, in any order.

    Args:
        within: the largest difference of a pixel.
    """
    found, labels = digits_of(reading)
    assert len(found) == count, reading.report
    left = list(range(count))
    for image, label in zip(found, labels, strict=True):
        gaps = [np.abs(images[place].astype(int) - image).max() for place in left]
        nearest = int(np.argmin(gaps))
        assert gaps[nearest] <= within, (gaps[nearest], reading.report)
        assert label == Y[left[nearest]], reading.report
        del left[nearest]
