"""Finds images and labels among arrays by their shapes and names: ``.npz``, ``.npy``, idx files and pickles.

Programs name and shape arrays in many ways. Images are ``(n, 28, 28)``, ``(n, 784)``, ``(n, 28, 28, 1)`` and
so on; labels are ``(n,)``, ``(n, 1)`` or one-hot ``(n, 10)``. ``pairs`` joins images with their labels.
"""

from __future__ import annotations

import io
import zipfile
from math import isqrt, prod
from typing import Any

import numpy as np

from nncore.datasets.arrays_pickle import load_arrays
from nncore.datasets.dataset import DataError
from nncore.datasets.idx import read_idx
from nncore.datasets.reading.block import Block
from nncore.datasets.reading.columns import find_columns
from nncore.datasets.reading.labels import is_one_hot
from nncore.datasets.reading.names import part_of_path, part_of_words
from nncore.datasets.reading.notes import Notes
from nncore.datasets.reading.tables import Table
from nncore.datasets.reading.unpack import File

SMALLEST, LARGEST = 8, 1024  # pixels a side
CHANNELS = (1, 3, 4)
LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R 601
QMNIST = 8  # columns of its labels
SHAPES = "images (n, 28, 28) or (n, 784) and labels (n,)"
Named = dict[str, np.ndarray]


def array_blocks(file: File, notes: Notes) -> list[Block]:
    """Return the images and labels in a file of arrays, each array a block of its own.

    Raises:
        DataError: if the file is damaged, or holds no array of images or labels.
    """
    readers = {"npz": _npz, "npy": _npy, "idx": _idx, "pickle": _pickle}
    formats = {
        "npz": "NumPy's .npz",
        "npy": "NumPy's .npy",
        "idx": "MNIST's idx files",
        "pickle": "pickled arrays",
    }
    arrays = readers[file.kind](file)
    blocks = []
    for key, array in arrays.items():
        name = f"{file.name} {key}" if key else file.name
        part = part_of_words(key) or part_of_path(file.name)
        block = _block(name, formats[file.kind], array, part, notes)
        if block is None:
            notes.skip(name, f"an array of shape {array.shape}, neither images nor labels")
        else:
            blocks.append(block)
    if not blocks:
        held = ", ".join(f"{key or 'an array'} {array.shape}" for key, array in arrays.items()) or "nothing"
        raise DataError(f"{file.name}: holds {held}; digits are {SHAPES}")
    return blocks


def _npz(file: File) -> Named:
    """Return the arrays of an ``.npz``."""
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        names = archive.namelist()
        try:
            contents = {name: archive.read(name) for name in names}
        except Exception as error:  # a damaged archive can fail in any way
            raise DataError(
                f"{file.name}: damaged: not a whole .npz archive; save or copy it again"
            ) from error
    return {name.removesuffix(".npy"): load_npy(file.name, data) for name, data in contents.items()}


def _npy(file: File) -> Named:
    """Return the array of an ``.npy``."""
    return {"": load_npy(file.name, file.data)}


def _idx(file: File) -> Named:
    """Return the array of an idx file."""
    return {"": read_idx(file.data, file.name)}


def _pickle(file: File) -> Named:
    """Return the arrays of a pickle, named after their keys, or train, validation and test in their order."""
    found: Named = {}
    _collect("", load_arrays(file.data, file.name), found)
    if not found:
        raise DataError(f"{file.name}: a pickle without arrays; digits are {SHAPES}")
    return found


def _collect(key: str, content: Any, found: Named) -> None:
    """Add the arrays in nested lists and dictionaries to ``found``."""
    if isinstance(content, np.ndarray):
        found[key or "array"] = content
    elif isinstance(content, dict):
        for name, value in content.items():
            _collect(f"{key} {name}".strip(), value, found)
    elif isinstance(content, list | tuple) and 2 <= len(content) <= 4:
        nested = [isinstance(value, list | tuple | dict) for value in content]
        names: tuple[str, ...]
        if all(nested) and len(content) <= 3:
            names = ("train", "test") if len(content) == 2 else ("train", "validation", "test")
        elif len(content) == 4:
            names = ("train images", "train labels", "test images", "test labels")
        else:
            names = ("images", "labels", "more")
        for name, value in zip(names, content, strict=False):
            _collect(f"{key} {name}".strip(), value, found)
    elif isinstance(content, list | tuple) and all(isinstance(value, int | float | str) for value in content):
        found[key or "list"] = np.array(content)


def load_npy(name: str, data: bytes) -> np.ndarray:
    """Return the array of an ``.npy`` file's bytes; nothing in it is run.

    Raises:
        DataError: if it is damaged, or holds objects in place of numbers or texts.
    """
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        read = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        shape, fortran, kind = read(stream)
    except Exception as error:  # a damaged header can fail in any way
        raise DataError(f"{name}: damaged: not a whole NumPy array; save or copy it again") from error
    if kind.hasobject or kind.kind not in "buifUS":
        raise DataError(f"{name}: refused: it holds objects, not plain arrays of numbers; expected {SHAPES}")
    start = stream.tell()
    count = prod(shape)
    if not kind.itemsize or count * kind.itemsize != len(data) - start:
        raise DataError(f"{name}: damaged or cut short: not a whole NumPy array; save or copy it again")
    return np.frombuffer(data, kind, count, start).reshape(shape, order="F" if fortran else "C")


def _block(name: str, kind: str, array: np.ndarray, part: str, notes: Notes) -> Block | None:
    """Return an array as images or labels, or both; None if it is neither."""
    if array.dtype.byteorder not in "=|" and array.dtype.kind in "iuf":
        array = array.astype(array.dtype.newbyteorder("="))
    if array.dtype.kind in "US":
        return Block(name, kind, None, array, part=part) if array.ndim in (1, 2) and array.size else None
    if array.dtype.kind == "f" and array.dtype.itemsize not in (2, 4, 8):
        array = array.astype(np.float64)
    if images := _as_images(name, array, notes):
        return Block(name, kind, images[0], None, part=part)
    if array.ndim == 1 or (array.ndim == 2 and (1 in array.shape or array.shape[1] in (10, QMNIST))):
        return Block(name, kind, None, array, part=part) if array.size else None
    if array.ndim == 2 and array.shape[1] > 64:
        columns = find_columns(name, Table(array), notes)
        if columns:
            labels = array[:, columns.label] if columns.label else None
            side = isqrt(len(columns.pixels))
            return Block(name, kind, array[:, columns.pixels].reshape(-1, side, side), labels, part=part)
    return None


def _as_images(name: str, array: np.ndarray, notes: Notes) -> list[np.ndarray]:
    """Return an array of images as ``(n, height, width)``, in a list; an empty list if it holds none."""
    if array.ndim == 4:
        array = _without_channels(name, array, notes)
    if array.ndim == 3 and 1 in array.shape[1:]:
        array = array.reshape(len(array), -1)
    shape = array.shape
    if (
        array.ndim == 3
        and shape[0] == shape[1] != shape[2]
        and shape[0] in (28, 8, 16, 20, 32)
        and shape[2] > 4
    ):
        notes.say(f"{name}: its last axis counts the pictures; the axes were reordered")
        array = np.moveaxis(array, 2, 0)
    if array.ndim == 3 and all(SMALLEST <= side <= LARGEST for side in array.shape[1:]):
        return [array]
    if array.ndim != 2:
        return []
    count, pixels = shape
    if count == pixels == 28 or (count == pixels and count not in (64, 100, 784)):
        return [array[None]]
    if _is_square(pixels) and not is_one_hot(array):
        return [array.reshape(count, isqrt(pixels), isqrt(pixels))]
    if count in (784, 64) and pixels not in (count + 1, count + 10):
        notes.say(f"{name}: each column is a picture; rows and columns were exchanged")
        return [array.T.reshape(pixels, isqrt(count), isqrt(count))]
    return []


def _without_channels(name: str, array: np.ndarray, notes: Notes) -> np.ndarray:
    """Return ``(n, height, width, channels)`` or ``(n, channels, height, width)`` without its channels."""
    if array.shape[1] in CHANNELS and array.shape[3] not in CHANNELS:
        array = np.moveaxis(array, 1, 3)
    if array.shape[3] == 1:
        return array[..., 0]
    if array.shape[3] in CHANNELS:
        notes.say(f"{name}: colours were turned into grey")
        return (array[..., :3].astype(np.float32) @ LUMA).astype(np.float32)
    return array


def _is_square(pixels: int) -> bool:
    """Return whether a square picture of a legal size has this number of pixels."""
    return SMALLEST**2 <= pixels <= LARGEST**2 and isqrt(pixels) ** 2 == pixels
