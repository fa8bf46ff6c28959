"""Tells the files of networks from all others, by a quick look at each."""

from __future__ import annotations

import codecs
import re
import zipfile
from io import BytesIO
from pathlib import PurePosixPath

import numpy as np

from nncore.storage.archive import paths_in, read_archive
from nncore.storage.foreign.book import book_name
from nncore.storage.foreign.layers import Shape, is_digit_network
from nncore.storage.foreign.safetensors import is_safetensors
from nncore.storage.foreign.tables import looks_like_weights
from nncore.storage.foreign.torch_zip import is_torch_zip
from nncore.storage.foreign.unread import (
    HDF5_MAGIC,
    OLD_TORCH,
    TFLITE_MAGIC,
    is_keras_archive,
    is_pickled_network,
)
from nncore.storage.npz import ABOUT, NPY_MAGIC
from nncore.storage.opening import ZIP_MAGIC
from nncore.storage.saved import StorageError
from nncore.storage.text import text_of

NETWORK_ENDINGS = (
    ".h5", ".hdf5", ".keras", ".pt", ".pth", ".ckpt", ".onnx", ".safetensors", ".tflite", ".pb",
)  # fmt: skip
"""Endings of the files of networks, of which only some are read."""

ARRAY_ENDINGS = (".npy", ".npz", ".csv", ".tsv", ".txt", ".dat", ".json", ".zip", ".gz")
NETWORK_WORDS = ('"inkling-network"', '"weights"', '"biases"', '"wih"', '"W1"', '"modelTopology"')
DRAWINGS = '"strokes"'
WEIGHT_NAME = re.compile(
    r"^(?:.*[^a-z])?(?:[wb]\d+|[wb]_(?:\d+|ih|ho)|b(?:ih|ho)|(?:weights?|bias(?:es)?|kernel)_?\d*)$"
)
"""Matches the name of an array of weights or biases: ``w1``, ``layer_b2``, ``fc1.weight``."""

LOOKED_AT = 20_000  # bytes of a text, and numbers of an array


def is_network(name: str, data: bytes) -> bool:
    """Return whether a file seems to be a network, or an array of one: by its content, or else by its name.

    A damaged file counts as the network that its name or its beginning promises, so that its fault is told in
    words about networks.
    """
    if _ending(name) in NETWORK_ENDINGS or _is_named_so(name) or is_safetensors(data):
        return True
    if data.startswith((HDF5_MAGIC, OLD_TORCH)) or data[4:8] == TFLITE_MAGIC or is_pickled_network(data):
        return True
    if data[:4] == ZIP_MAGIC:
        return _is_archive_of_network(data)
    if data[: len(NPY_MAGIC)] == NPY_MAGIC:
        return _is_array_of_weights(data)
    return _is_text_of_network(name, data)


def _is_named_so(path: str) -> bool:
    """Return whether a name is one of arrays of weights: ``wih.csv``, ``saved_who.npy``, ``W1.txt``."""
    stem = PurePosixPath(path.lower()).stem
    return _ending(path) in ARRAY_ENDINGS and bool(book_name(stem) or WEIGHT_NAME.match(stem))


def _is_archive_of_network(data: bytes) -> bool:
    """Return whether a zip archive holds a network: of ours, of NumPy, PyTorch, Keras, or a file of one."""
    paths = paths_in(data)
    if is_torch_zip(paths) or is_keras_archive(paths) or f"{ABOUT}.npy".encode() in data:
        return True
    if any(_ending(path) in NETWORK_ENDINGS or _is_named_so(path) for path in paths):
        return True
    if paths and all(path.endswith(".npy") for path in paths):
        return _is_chain_of_arrays(data)
    return any(_ending(path) in (".json", ".npz") for path in paths) and _holds_a_network(data)


def _holds_a_network(data: bytes) -> bool:
    """Return whether one of the ``.npz`` and ``.json`` files in an archive is a network."""
    try:
        files = read_archive(data, "", lambda path: _ending(path) in (".json", ".npz"))
    except StorageError:
        return False
    return any(is_network(path, content) for path, content in files.items())


def _is_chain_of_arrays(data: bytes) -> bool:
    """Return whether the arrays of an ``.npz`` are floats whose shapes make a network of digits."""
    layers: list[tuple[tuple[int, ...], int | None]] = []
    for shape, kind in _headers(data):
        if not shape:
            continue
        if kind != "f" or len(shape) not in (1, 2):
            return False
        if len(shape) == 2:
            layers.append((shape, None))
        elif layers:
            layers[-1] = layers[-1][0], shape[0]
    shapes = [Shape(rows, columns, biases) for (rows, columns), biases in layers]
    return bool(shapes) and is_digit_network(shapes)


def _headers(data: bytes) -> list[tuple[tuple[int, ...], str]]:
    """Return the shape and the kind of numbers of each array in an ``.npz``; empty if it is damaged."""
    found: list[tuple[tuple[int, ...], str]] = []
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for path in archive.namelist():
                with archive.open(path) as file:
                    version = np.lib.format.read_magic(file)
                    read = np.lib.format
                    header = read.read_array_header_1_0 if version == (1, 0) else read.read_array_header_2_0
                    shape, _order, dtype = header(file)
                    found.append((shape, dtype.kind))
    except Exception:  # a damaged archive can fail in any way
        return []
    return found


def _is_array_of_weights(data: bytes) -> bool:
    """Return whether an ``.npy`` file holds floats that are no pixels: many below 0, and few alike."""
    try:
        array = np.load(BytesIO(data), allow_pickle=False)
    except Exception:  # as above
        return False
    if array.dtype.kind != "f" or array.ndim != 2:
        return False
    some = array.ravel()[:LOOKED_AT]
    paper = np.mean(some == some.min(initial=0))  # most pixels of a digit are paper, of one value
    return bool(np.mean(some < 0) > 0.05 and paper < 0.05)


def _is_text_of_network(name: str, data: bytes) -> bool:
    """Return whether a text is a network: JSON, or a table of weights."""
    encoding = "utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    beginning = data[:LOOKED_AT].decode(encoding, "ignore").lstrip()
    if beginning[:1] == "{":
        text = text_of(data) or ""
        known = any(word in text for word in NETWORK_WORDS)
        return known or (_ending(name) == ".json" and DRAWINGS not in text)
    return _ending(name) == ".json" or looks_like_weights(beginning)


def _ending(name: str) -> str:
    """Return the ending of a file's name in lower case, with its dot."""
    return PurePosixPath(name.lower()).suffix
