"""Reads and writes MNIST's idx format (LeCun, Cortes, Burges): a big-endian header, then the array's bytes.

    byte 0-1  zero            byte 2  element type (0x08: uint8)        byte 3  number of dimensions
    then one 4-byte big-endian integer a dimension, then the elements in row-major order

MNIST has uint8 alone, which is written too; QMNIST's labels and the sets of others have more types. Gzip is
recognised by its magic number, so a file may be plain or packed whatever its name is.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from math import prod
from pathlib import Path

import numpy as np

from nncore.datasets.dataset import DataError

UINT8 = 0x08
TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
"""Code of an element type -> its name in NumPy."""
GZIP_MAGIC = b"\x1f\x8b"
IMAGES_DIMENSIONS, LABELS_DIMENSIONS = 3, 1


def read_idx(source: bytes | str | Path, name: str | None = None) -> np.ndarray:
    """Read one idx file.

    Args:
        source: a path, or the file's bytes (plain or gzip).
        name: its name in errors; the file's name by default.

    Returns:
        A read-only array with the dimensions and the element type in the header: uint8 ``(n, height, width)``
        for MNIST's images, ``(n,)`` for labels.

    Raises:
        DataError: if it is damaged, isn't idx, or holds fewer or more bytes than its header announces; for a
            short file the message names the first record that is missing or cut.
        OSError: if the path can't be read.
    """
    name = name or (
        source.name if isinstance(source, Path) else source if isinstance(source, str) else "idx data"
    )
    packed = source if isinstance(source, bytes) else Path(source).read_bytes()
    data = gunzip(packed, name) if packed[:2] == GZIP_MAGIC else packed
    if len(data) < 4 or data[:2] != b"\0\0":
        raise DataError(f"{name}: not an idx file (it starts with {data[:4].hex(' ') or 'nothing'})")
    if data[2] not in TYPES:
        raise DataError(
            f"{name}: element type 0x{data[2]:02x}; legal are {', '.join(f'0x{code:02x}' for code in TYPES)}"
        )
    kind = np.dtype(TYPES[data[2]])
    header = 4 + 4 * data[3]
    if data[3] == 0 or len(data) < header:
        raise DataError(
            f"{name}: the idx header is cut short ({len(data)} bytes, {data[3]} dimensions announced)"
        )
    dimensions = struct.unpack(f">{data[3]}I", data[4:header])
    record_size = prod(dimensions[1:]) * kind.itemsize
    expected, found = dimensions[0] * record_size, len(data) - header
    if found < expected:
        raise DataError(
            f"{name}: short file: {dimensions[0]} records of {record_size} bytes announced, but record "
            f"{found // max(record_size, 1)} is missing or cut ({found} of {expected} bytes)"
        )
    if found > expected:
        raise DataError(f"{name}: {found - expected} bytes too many after its {dimensions[0]} records")
    array = np.frombuffer(data, kind, offset=header).reshape(dimensions)
    return array if kind.itemsize == 1 else array.astype(kind.newbyteorder("="))


def write_idx(array: np.ndarray) -> bytes:
    """Return the bytes of the idx file of a uint8 array of any number of dimensions.

    Raises:
        DataError: if the array isn't uint8.
    """
    if array.dtype != np.uint8:
        raise DataError(f"idx is written from uint8 arrays, not {array.dtype}")
    header = bytes([0, 0, UINT8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + np.ascontiguousarray(array).tobytes()


def gunzip(packed: bytes, name: str) -> bytes:
    """Decompress gzip bytes.

    Raises:
        DataError: names the file if the stream is damaged or truncated.
    """
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(
            f"{name}: damaged or cut short: not a whole gzip file; fetch or copy it again"
        ) from error
