"""Reads and writes safetensors, a format of plain arrays that PyTorch and many other programs know.

    8 bytes   length of the header, little-endian
    header    JSON: name -> {"dtype", "shape", "data_offsets"}, and texts in "__metadata__"
    rest      the arrays' bytes, little-endian, in row-major order

Networks are written with the names and the orientation of PyTorch's ``nn.Sequential``: ``0.weight`` is
``(n_out, n_in)``, and activations take the odd numbers. Our settings are a text of the metadata, so that such
a file opens here without a question.
"""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np

from nncore.storage.foreign.layers import BareWeights
from nncore.storage.saved import SavedNetwork, StorageError, arrays_of, assemble, describe, parse

ELEMENTS = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2",
    "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "<i1", "U8": "<u1",
}  # fmt: skip
"""Element type in the header -> NumPy's; BF16 is the upper half of a float32."""

METADATA, SETTINGS = "__metadata__", "inkling"
LARGEST_HEADER = 10_000_000


def is_safetensors(data: bytes) -> bool:
    """Return whether a file begins as safetensors do: with the length of a header, and a JSON object."""
    if len(data) < 10:
        return False
    (length,) = struct.unpack("<Q", data[:8])
    return 2 <= length <= LARGEST_HEADER and data[8:9] == b"{"


def read_safetensors(data: bytes, name: str) -> SavedNetwork | BareWeights:
    """Return the network in a file that this library wrote, or the arrays of another program.

    Raises:
        StorageError: if it is damaged.
    """
    (length,) = struct.unpack("<Q", data[:8])
    try:
        header = json.loads(data[8 : 8 + length])
        metadata = header.pop(METADATA, None) or {}
        content = data[8 + length :]
        arrays = {str(key): _array(entry, content) for key, entry in header.items()}
        settings = metadata.get(SETTINGS)
    except Exception as error:  # a damaged header can fail in any way
        raise StorageError(
            f"{name}: truncated or damaged: not a whole safetensors file of a network; save or copy it again"
        ) from error
    if not settings:
        return BareWeights(name, arrays, "PyTorch (safetensors)", outputs_first=True)
    return assemble(parse(settings, name), {_our_name(key): array.T for key, array in arrays.items()}, name)


def to_safetensors(saved: SavedNetwork) -> bytes:
    """Return the bytes of a file from which PyTorch loads an ``nn.Sequential`` of linear layers."""
    header: dict[str, Any] = {METADATA: {"format": "pt", SETTINGS: describe(saved)}}
    parts: list[bytes] = []
    start = 0
    for key, array in arrays_of(saved.network).items():
        part = np.ascontiguousarray(array.T).astype(array.dtype.newbyteorder("<")).tobytes()
        header[_their_name(key)] = {
            "dtype": f"F{8 * array.dtype.itemsize}",
            "shape": list(array.T.shape),
            "data_offsets": [start, start + len(part)],
        }
        start += len(part)
        parts.append(part)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # the arrays begin at a multiple of 8 bytes
    return struct.pack("<Q", len(text)) + text + b"".join(parts)


def _array(entry: dict[str, Any], content: bytes) -> np.ndarray:
    """Return an array from its entry in the header.

    Raises:
        KeyError, TypeError, ValueError: if its bytes are not there.
    """
    start, end = entry["data_offsets"]
    if not 0 <= start <= end <= len(content):
        raise ValueError("the array's bytes are missing")
    flat = np.frombuffer(content[start:end], ELEMENTS[entry["dtype"]])
    if entry["dtype"] == "BF16":
        flat = (flat.astype("<u4") << 16).view("<f4")
    return flat.reshape([int(size) for size in entry["shape"]]).astype(flat.dtype.newbyteorder("="))


def _their_name(key: str) -> str:
    """Return PyTorch's name of our array: ``"2.bias"`` for ``"b2"``."""
    return f"{2 * (int(key[1:]) - 1)}.{'weight' if key[0] == 'W' else 'bias'}"


def _our_name(key: str) -> str:
    """Return our name of PyTorch's array: ``"b2"`` for ``"2.bias"``; other names stay as they are."""
    number, _, kind = key.partition(".")
    if not number.isdecimal() or kind not in ("weight", "bias"):
        return key
    return f"{'W' if kind == 'weight' else 'b'}{int(number) // 2 + 1}"
