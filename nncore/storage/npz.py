"""Stores networks as ``.npz``, NumPy's own archive: one array a weight layer, and the settings as "about".

"about" is a JSON text. Weights may be stored in fewer bytes (``nncore.storage.compact``).
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from nncore.storage.archive import read_archive
from nncore.storage.compact import pack, unpack
from nncore.storage.saved import SavedNetwork, StorageError, arrays_of, assemble, describe, parse

ABOUT = "about"
NPY_MAGIC = b"\x93NUMPY"
OBJECTS = b"|O"  # the element type of an array of Python objects, which is stored as a pickle


def to_npz(saved: SavedNetwork, precision: str = "full", compress: bool = True) -> bytes:
    """Return the bytes of an ``.npz`` file; the same network gives the same bytes.

    Args:
        precision: key of ``compact.PRECISIONS``.
        compress: False makes the file a tenth larger, in a tenth of the time.
    """
    buffer = io.BytesIO()
    content: dict[str, Any] = {ABOUT: np.array(describe(saved))} | pack(arrays_of(saved.network), precision)
    (np.savez_compressed if compress else np.savez)(buffer, **content)
    return buffer.getvalue()


def from_npz(data: bytes, name: str = "file") -> SavedNetwork:
    """Read a network from the bytes of an ``.npz`` file.

    Raises:
        StorageError: names the fault of the file.
    """
    arrays = arrays_in_npz(data, name)
    about = arrays.pop(ABOUT, None)
    if about is None or about.dtype.kind != "U" or about.shape != ():
        raise StorageError(f"{name}: an .npz file, but not a network: it has no 'about' text")
    return assemble(parse(str(about), name), unpack(arrays, name), name)


def arrays_in_npz(data: bytes, name: str) -> dict[str, np.ndarray]:
    """Return the arrays in the bytes of an ``.npz`` file by name, in their order.

    Raises:
        StorageError: if it is damaged, or holds anything but plain arrays.
    """
    files = read_archive(data, name, lambda path: path.endswith(".npy"))
    return {path.removesuffix(".npy"): array_in_npy(content, name) for path, content in files.items()}


def array_in_npy(data: bytes, name: str) -> np.ndarray:
    """Return the array in the bytes of an ``.npy`` file.

    Raises:
        StorageError: if it is damaged, or holds anything but a plain array.
    """
    try:
        array = np.load(io.BytesIO(data), allow_pickle=False)
    except Exception as error:  # a damaged array can fail in any way, from EOFError to MemoryError
        if data[: len(NPY_MAGIC)] != NPY_MAGIC or OBJECTS in data[:128]:
            raise StorageError(
                f"{name}: refused, it holds something other than plain arrays of numbers, "
                "as a saved network has them"
            ) from error
        raise StorageError(
            f"{name}: truncated or damaged: not a whole array of NumPy; save or copy it again"
        ) from error
    if not isinstance(array, np.ndarray):
        raise StorageError(f"{name}: an archive where an array of NumPy is expected")
    return array
