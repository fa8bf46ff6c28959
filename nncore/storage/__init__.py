"""Saves trained networks as files and opens them: ``.npz`` to keep, JSON to read with any program.

A file of ours holds everything needed to use a network, to train it on and to explain it: its parameters, its
architecture, its preprocessing, its training and the history of it. It is pure data: a pickle, which is a
program, is never run. Every fault of a file is found before a network is made from it, so a caller either
gets a whole network or keeps the previous one.

Files of other programs hold weights alone (``foreign``); what they leave open is asked with a
``StorageQuestion``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from nncore.checks import require_one_of
from nncore.network import Network
from nncore.preprocessing import Preprocessing
from nncore.storage.compact import PRECISIONS, rounded
from nncore.storage.foreign.assembling import ASSUMED, assumptions
from nncore.storage.foreign.exports import EXPORTS
from nncore.storage.json_text import from_json, to_json
from nncore.storage.npz import from_npz, to_npz
from nncore.storage.opening import open_network
from nncore.storage.partners import partners_of
from nncore.storage.recognising import is_network
from nncore.storage.saved import SavedNetwork, StorageError, StorageQuestion
from nncore.training_spec import TrainingSpec

__all__ = [
    "ASSUMED",
    "EXPORTS",
    "PRECISIONS",
    "SavedNetwork",
    "StorageError",
    "StorageQuestion",
    "assumptions",
    "from_json",
    "from_npz",
    "is_network",
    "load",
    "load_npz",
    "open_network",
    "rounded",
    "save",
    "save_npz",
    "to_json",
    "to_npz",
]


def save(path: str | Path, saved: SavedNetwork, precision: str = "full", form: str = "") -> None:
    """Write a file of ours (``.npz`` or ``.json``) or of another program, whole or not at all.

    Args:
        precision: key of ``PRECISIONS``; only ``.npz`` files of ours have another one than full.
        form: key of ``EXPORTS`` for another program's format; ``.safetensors`` needs none.

    Raises:
        StorageError: for another ending, a precision that the format does not support, history and notes that
            JSON can't hold, or a network that the other program can't have.
        OSError: if the file can't be written.
    """
    path = Path(path)
    _write_atomically(path, _encoded(path, saved, precision, form))


def _encoded(path: Path, saved: SavedNetwork, precision: str, form: str) -> bytes:
    """Return the bytes of a file; see ``save``."""
    if not form and path.suffix == EXPORTS["safetensors"].ending:
        form = "safetensors"
    require_one_of(form, ("", *EXPORTS), "form")
    endings = [EXPORTS[form].ending] if form else [".npz", ".json", EXPORTS["safetensors"].ending]
    if path.suffix not in endings:
        raise StorageError(f"{path.name}: networks are saved as {' or '.join(endings)}, not {path.suffix!r}")
    if precision != "full" and (form or path.suffix != ".npz"):
        raise StorageError(f"{path.name}: only .npz files are compact, and of these only Inkling's own")
    if form:
        return EXPORTS[form].write(saved)
    return to_npz(saved, precision) if path.suffix == ".npz" else to_json(saved).encode()


def load(
    source: str | Path | bytes | BinaryIO, name: str | None = None, answers: Mapping[str, str] | None = None
) -> SavedNetwork:
    """Read a network from a path, an open file or bytes, in any format that ``open_network`` knows.

    The file of a single array, such as ``wih.csv``, is read together with the other arrays beside it.

    Args:
        name: the file's name in errors.
        answers: key of a question -> value of the chosen answer.

    Raises:
        StorageQuestion: if the file leaves something open.
        StorageError: unless it is a whole, finite network.
        OSError: if the file can't be read.
    """
    if isinstance(source, str | Path):
        files = {name or Path(source).name: Path(source).read_bytes()}
        files |= {path.name: path.read_bytes() for path in partners_of(Path(source))}
    else:
        files = {name or "file": source if isinstance(source, bytes) else source.read()}
    return open_network(files, answers)


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
