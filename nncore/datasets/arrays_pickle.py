"""Reads ``mnist.pkl.gz``, the file of Nielsen's book and Samsel's program, without running a pickle's code.

A pickle is a program: loading one may call any function on the computer. The unpickler here admits only the
few names that a NumPy array is built from, and replaces even those by classes of ours that only record their
arguments; the arrays are then made from the recorded bytes. Any other name in the file is refused.
"""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from nncore.datasets.dataset import DataError, Dataset
from nncore.datasets.idx import GZIP_MAGIC, gunzip

PARTS = ("train", "validation", "test")
ELEMENT_TYPES = {"f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"}


def read_mnist_pickle(
    source: bytes | str | Path, name: str | None = None, classes: int = 10
) -> tuple[Dataset, Dataset, Dataset]:
    """Read the training, validation and test set (50,000, 10,000 and 10,000 digits in the well-known file).

    Args:
        source: a path, or the file's bytes (gzip or plain): three pairs of images ``(n, 784)`` and labels
            ``(n,)``. Images may be bytes, or floats that are bytes divided by 255 or (Nielsen's file) by 256:
            they are returned as bytes.
        name: the file's name in errors.
        classes: the number of classes.

    Raises:
        DataError: if the file is damaged, asks for anything but NumPy arrays, or isn't three such pairs; a
            wrong pixel or label is named with its part and record.
    """
    name = name or ("pickle data" if isinstance(source, bytes) else Path(source).name)
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    content = load_arrays(gunzip(data, name) if data[:2] == GZIP_MAGIC else data, name)
    if not isinstance(content, list | tuple) or len(content) != len(PARTS):
        raise DataError(f"{name}: expected training, validation and test part, found {_describe(content)}")
    train, validation, test = (
        _part(f"{name} {part}", pair, classes) for part, pair in zip(PARTS, content, strict=True)
    )
    return train, validation, test


def load_arrays(data: bytes, name: str = "pickle data") -> Any:
    """Unpickle lists, tuples, dicts, numbers, strings and NumPy arrays, and nothing else.

    Raises:
        DataError: if the pickle is damaged or contains a name that no array is built from.
    """
    try:
        return _finish(_ArrayUnpickler(io.BytesIO(data), name).load())
    except DataError as error:
        raise DataError(f"{name}: {error}") from error
    except Exception as error:  # a damaged pickle can fail in any way inside the unpickler
        raise DataError(
            f"{name}: damaged or not a pickle of NumPy arrays; expected a file like mnist.pkl.gz"
        ) from error


class _Type:
    """Replaces ``numpy.dtype``: records the type's code and byte order."""

    def __init__(self, code: Any, *_ignored: Any) -> None:
        self.code = code.decode("latin1") if isinstance(code, bytes) else code
        self.order = "<"
        if self.code not in ELEMENT_TYPES:
            raise DataError(f"array of type {self.code!r}; legal are {sorted(ELEMENT_TYPES)}")

    def __setstate__(self, state: tuple) -> None:
        order = state[1].decode("latin1") if isinstance(state[1], bytes) else state[1]
        self.order = order if order in ("<", ">") else "<"  # "|" (bytes) and "=" need no swapping


class _Array:
    """Replaces ``numpy.ndarray``: records shape, type, order and bytes until ``build``."""

    def __setstate__(self, state: tuple) -> None:
        _version, self.shape, self.type, self.fortran, self.data = state

    def build(self) -> np.ndarray:
        """Return the array."""
        # Python 2 wrote the bytes as a str, which the unpickler has read as latin1.
        data = self.data.encode("latin1") if isinstance(self.data, str) else self.data
        flat = np.frombuffer(data, np.dtype(self.type.order + self.type.code))
        return flat.reshape(self.shape, order="F" if self.fortran else "C")


def _array(*_ignored: Any) -> _Array:
    """Return an empty array, which ``__setstate__`` fills.

    Replaces ``numpy.core.multiarray._reconstruct``.
    """
    return _Array()


def _from_buffer(data: bytes, kind: _Type, shape: tuple, order: str) -> _Array:
    """Return an array of the given bytes.

    Replaces ``numpy.core.numeric._frombuffer``, with which pickle protocol 5 writes arrays.
    """
    array = _Array()
    array.__setstate__((1, shape, kind, order == "F", data))
    return array


def _encode(text: str, encoding: str) -> bytes:
    """Return text as bytes; replaces ``_codecs.encode``.

    Python 3 uses it to write bytes into old protocols, always as latin1.
    """
    return text.encode("latin1")


ADMITTED: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): _Array,
    ("numpy", "dtype"): _Type,
    ("numpy.core.multiarray", "_reconstruct"): _array,
    ("numpy._core.multiarray", "_reconstruct"): _array,
    ("numpy.core.numeric", "_frombuffer"): _from_buffer,
    ("numpy._core.numeric", "_frombuffer"): _from_buffer,
    ("_codecs", "encode"): _encode,
}


class _ArrayUnpickler(pickle._Unpickler):
    """Unpickler that admits only the names in ``ADMITTED``.

    The base class is written in Python. A number in the file can make its twin in C ask for any memory.
    """

    def __init__(self, file: io.BytesIO, name: str) -> None:
        super().__init__(file, encoding="latin1")  # Python 2's byte strings keep their bytes

    def find_class(self, module: str, name: str) -> Any:
        """Return the replacement for a name in the pickle; refuse all others."""
        if (module, name) not in ADMITTED:
            raise DataError(f"refused: it asks for {module}.{name}; only NumPy arrays are let in")
        # A pickle may also set attributes of the object it asked for, so it gets a wrapper of its own.
        stand_in = ADMITTED[module, name]
        return lambda *arguments: stand_in(*arguments)


def _finish(content: Any) -> Any:
    """Replace every recorded array by a real one."""
    if isinstance(content, _Array):
        return content.build()
    if isinstance(content, list | tuple):
        return type(content)(_finish(item) for item in content)
    if isinstance(content, dict):
        return {key: _finish(value) for key, value in content.items()}
    return content


def _part(name: str, pair: Any, classes: int) -> Dataset:
    """Return a pair of images and labels as a data set."""
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise DataError(f"{name}: expected a pair of images and labels, found {_describe(pair)}")
    images, labels = pair
    if not isinstance(images, np.ndarray) or images.ndim != 2 or not isinstance(labels, np.ndarray):
        found = f"{_describe(images)} and {_describe(labels)}"
        raise DataError(f"{name}: expected arrays of images (n, pixels) and of labels, found {found}")
    side = round(images.shape[1] ** 0.5)
    bad = (labels < 0) | (labels >= classes)
    if bad.any():
        record = int(np.argmax(bad))
        raise DataError(f"{name}: record {record} has label {labels[record]}; legal are 0 to {classes - 1}")
    return Dataset(name, _as_bytes(name, images), labels.astype(np.uint8), (side, side), classes)


def _as_bytes(name: str, images: np.ndarray) -> np.ndarray:
    """Undo the division of bytes into floats, by 256 (no value reaches 1) or by 255."""
    if images.dtype == np.uint8:
        return images
    highest = float(images.max(initial=0))
    scale = 1 if images.dtype.kind in "iu" else 256 if highest <= 255 / 256 else 255
    values = images.astype(np.float32) * scale
    # The test is for good values, because NaN compares false with everything.
    good = (values >= 0) & (values <= 255) & (np.abs(values - np.rint(values)) < 0.01)
    if not good.all():
        record = int(np.argmin(good.all(axis=1)))
        raise DataError(f"{name}: record {record} has a pixel that isn't a byte, nor one over 255 or 256")
    return np.rint(values).astype(np.uint8)


def _describe(thing: Any) -> str:
    """Return the kind and size of an object in words, for errors."""
    if isinstance(thing, np.ndarray):
        return f"an array of shape {thing.shape}"
    return f"{type(thing).__name__} of {len(thing)}" if hasattr(thing, "__len__") else type(thing).__name__
