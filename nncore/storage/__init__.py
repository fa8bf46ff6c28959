"""Saves trained networks as files: ``.npz`` to keep, JSON to read with any program.

A file holds everything needed to use a network, to train it on and to explain it: its parameters, its
architecture, its preprocessing, its training and the history of it. It is pure data: a pickle, which is a
program, is refused. Every fault of a file is found before a network is made from it, so a caller either gets
a whole network or keeps the previous one.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from nncore.network import Network
from nncore.preprocessing import Preprocessing
from nncore.storage.compact import PRECISIONS, rounded
from nncore.storage.json_text import from_json, to_json
from nncore.storage.npz import from_npz, to_npz
from nncore.storage.saved import SavedNetwork, StorageError
from nncore.training_spec import TrainingSpec

__all__ = [
    "PICKLE_ENDINGS",
    "PRECISIONS",
    "SavedNetwork",
    "StorageError",
    "from_json",
    "from_npz",
    "load",
    "load_npz",
    "rounded",
    "save",
    "save_npz",
    "to_json",
    "to_npz",
]

ZIP_MAGIC = b"PK\x03\x04"
PICKLE_MAGIC = b"\x80"  # the first byte of every pickle since Python 2.3
PICKLE_ENDINGS = (".pkl", ".pickle", ".p")


def save(path: str | Path, saved: SavedNetwork, precision: str = "full") -> None:
    """Write a ``.npz`` or ``.json`` file, whole or not at all.

    Args:
        precision: key of ``PRECISIONS``; JSON always has every bit.

    Raises:
        StorageError: for another ending, a precision that JSON does not support, or history and notes that
            JSON can't hold.
        OSError: if the file can't be written.
    """
    path = Path(path)
    writers = {".npz": lambda: to_npz(saved, precision), ".json": lambda: to_json(saved).encode()}
    if path.suffix not in writers:
        raise StorageError(f"{path.name}: networks are saved as {' or '.join(writers)}, not {path.suffix!r}")
    if precision != "full" and path.suffix == ".json":
        raise StorageError(f"{path.name}: only .npz files are compact, not .json")
    _write_atomically(path, writers[path.suffix]())


def load(source: str | Path | bytes | BinaryIO, name: str | None = None) -> SavedNetwork:
    """Read a network from a path, an open file or bytes, in either of the two formats.

    Args:
        name: the file's name in errors.

    Raises:
        StorageError: unless it is a whole, finite network of a known version.
        OSError: if the file can't be read.
    """
    if isinstance(source, str | Path):
        name, data = name or Path(source).name, Path(source).read_bytes()
    else:
        name, data = name or "file", source if isinstance(source, bytes) else source.read()
    if data[:1] == PICKLE_MAGIC or name.endswith(PICKLE_ENDINGS):
        raise StorageError(
            f"{name}: this is a pickle. Loading a pickle can run any program hidden in it, so it is refused; "
            "save the network as .npz or .json instead"
        )
    if data[:4] == ZIP_MAGIC:
        return from_npz(data, name)
    if data.lstrip()[:1] == b"{":
        return from_json(data, name)
    raise StorageError(
        f"{name}: neither .npz nor JSON, {'but something else' if data else 'the file is empty'}"
    )


def save_npz(
    target: str | Path | BinaryIO,
    network: Network,
    preprocessing: Preprocessing | None = None,
    training: TrainingSpec | None = None,
    history: Sequence[dict[str, Any]] = (),
    notes: dict[str, Any] | None = None,
) -> None:
    """Write a ``.npz`` file to a path (whole or not at all) or into an open file; see ``SavedNetwork``."""
    saved = SavedNetwork(network, preprocessing or Preprocessing(), training, list(history), notes or {})
    if isinstance(target, str | Path):
        _write_atomically(Path(target), to_npz(saved))
    else:
        target.write(to_npz(saved))


load_npz = load
"""The counterpart of ``save_npz``; it reads JSON as well."""


def _write_atomically(path: Path, data: bytes) -> None:
    """Write beside the target, then move into place, so that a crash leaves the old file or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
