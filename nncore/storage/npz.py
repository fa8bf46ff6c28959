"""Stores networks as ``.npz``, NumPy's own archive: one array a weight layer, and the settings as "about".

"about" is a JSON text. Weights may be stored in fewer bytes (``nncore.storage.compact``).
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from nncore.storage.compact import pack, unpack
from nncore.storage.saved import SavedNetwork, StorageError, arrays_of, assemble, describe, parse

ABOUT = "about"


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
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            arrays = {key: archive[key] for key in archive.files}
    except ValueError as error:
        # NumPy found objects in place of numbers, that is, a pickle inside the archive.
        raise StorageError(
            f"{name}: refused, it holds something other than plain arrays of numbers, "
            "as a saved network has them"
        ) from error
    except Exception as error:  # a damaged archive can fail in any way, from BadZipFile to MemoryError
        raise StorageError(
            f"{name}: truncated or damaged: not a whole .npz archive; save or copy it again"
        ) from error
    about = arrays.pop(ABOUT, None)
    if about is None or about.dtype.kind != "U" or about.shape != ():
        raise StorageError(f"{name}: an .npz file, but not a network: it has no 'about' text")
    return assemble(parse(str(about), name), unpack(arrays, name), name)
