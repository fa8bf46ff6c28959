"""Opens the file of any network, ours or another program's, by what it contains and whatever its name is.

``open_network`` is the one function for this: the page's *Open*, the command line and programs all call it.
Each file becomes a list of what was found in it: whole networks, and single arrays (``Piece``). Single arrays
of all files together make one network, because some programs write one file for each array.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from nncore.datasets import DataError
from nncore.datasets.arrays_pickle import load_arrays
from nncore.questions import Choice, answer_to
from nncore.storage.archive import LARGEST, paths_in, read_archive
from nncore.storage.foreign.assembling import assembled
from nncore.storage.foreign.book import book_name
from nncore.storage.foreign.layers import DIGITS, PIXELS, BareWeights
from nncore.storage.foreign.nielsen import array_of, is_nielsens, read_nielsen
from nncore.storage.foreign.safetensors import is_safetensors, read_safetensors
from nncore.storage.foreign.tables import table_in
from nncore.storage.foreign.torch_zip import is_torch_zip, read_torch_zip
from nncore.storage.foreign.unread import KERAS, PICKLE_MAGIC, is_keras_archive, reason_not_read
from nncore.storage.json_text import from_json
from nncore.storage.npz import ABOUT, NPY_MAGIC, array_in_npy, arrays_in_npz, from_npz
from nncore.storage.saved import KIND, SavedNetwork, StorageError, StorageQuestion
from nncore.storage.text import text_of

ZIP_MAGIC = b"PK\x03\x04"
GZIP_MAGIC = b"\x1f\x8b"
TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".dat")
ARCHIVES_IN_ARCHIVES = 1  # how deep archives are looked into

PARTNERS = {"wih": ("inputs to the hidden layer", "who"), "who": ("hidden layer to the outputs", "wih")}

Answers = Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Whole:
    """A network that one file holds; ``make`` returns it, or raises a question."""

    name: str
    make: Callable[[Answers], SavedNetwork]


@dataclass(frozen=True, eq=False)
class Piece:
    """A single array of a network, such as the book's ``wih``, from a file of its own."""

    name: str
    array: np.ndarray


def open_network(files: Mapping[str, bytes], answers: Answers | None = None) -> SavedNetwork:
    """Return the network in one file, or in files that hold one array each.

    Args:
        files: name -> bytes.
        answers: key of a question -> value of the chosen answer.

    Returns:
        The network. If it is another program's, its notes have under ``"assumed"`` a list of sentences on
        what was decided while reading.

    Raises:
        StorageQuestion: where the files leave something open; call again with its answer in ``answers``.
        StorageError: names the file and the fault.
    """
    answers = answers or {}
    found = [one for name, data in files.items() for one in _contents(name, data)]
    wholes = [one for one in found if isinstance(one, Whole)]
    pieces = [one for one in found if isinstance(one, Piece)]
    if pieces:
        name = " and ".join(piece.name for piece in pieces)
        wholes.append(Whole(name, lambda answers: assembled(_joined(name, pieces), answers)))
    if not wholes:
        raise StorageError(f"{', '.join(files) or 'nothing'}: holds no network")
    return _chosen(wholes, answers).make(answers)


def _chosen(wholes: list[Whole], answers: Answers) -> Whole:
    """Return the only network, or the network named in ``answers``; without a name raise the question."""
    if len(wholes) == 1:
        return wholes[0]
    names = [whole.name for whole in wholes]
    text = f"{', '.join(names[:-1])} and {names[-1]} are {len(names)} networks. Which one should be opened?"
    choices = tuple(Choice(name, name) for name in dict.fromkeys(names))
    name = answer_to(StorageQuestion(text, "network", choices), answers)
    return next(whole for whole in wholes if whole.name == name)


def _joined(name: str, pieces: list[Piece]) -> BareWeights:
    """Return single arrays as the weights of one network.

    Raises:
        StorageError: if an array of the book's network is missing, or there twice.
    """
    for kind, (between, partner) in PARTNERS.items():
        ours, theirs = (
            [piece for piece in pieces if book_name(_stem(piece)) == one] for one in (kind, partner)
        )
        if len(ours) > 1:
            raise StorageError(f"{name}: {len(ours)} files of {kind}; a network has only one")
        if ours and not theirs:
            raise StorageError(
                f"{name}: the weights from the {between} of a network; open it together with the file of "
                f"{partner}, the other weights"
            )
    if len(pieces) == 1 and sorted(pieces[0].array.shape) not in [[DIGITS, pixels] for pixels in PIXELS]:
        raise StorageError(
            f"{name}: only one array of a network; open it together with the files of its other weights and "
            "biases"
        )
    stems = [_stem(piece) for piece in pieces]
    keys = stems if len(set(stems)) == len(stems) else [piece.name for piece in pieces]
    return BareWeights(name, dict(zip(keys, (piece.array for piece in pieces), strict=True)))


def _stem(piece: Piece) -> str:
    """Return the name of an array's file without folders and ending."""
    return PurePosixPath(piece.name).stem


def _contents(name: str, data: bytes, depth: int = 0) -> list[Whole | Piece]:
    """Return the networks and arrays in a file.

    Raises:
        StorageError: names the fault.
    """
    if data[:2] == GZIP_MAGIC:
        data = _unpacked(name, data)
    if data[:4] == ZIP_MAGIC:
        return _in_zip(name, data, depth)
    if data[: len(NPY_MAGIC)] == NPY_MAGIC:
        return [Piece(name, array_in_npy(data, name))]
    if is_safetensors(data):
        return [_of_bare(read_safetensors(data, name), name)]
    text = text_of(data)
    start = (text or "").lstrip()[:1]
    if text and start == "{":
        return [_in_json(name, text)]
    if (arrays := _pickled_arrays(name, data)) is not None:
        return [_of_bare(BareWeights(name, arrays), name)]
    if reason := reason_not_read(name, data):
        raise StorageError(f"{name}: {reason}")
    if text and start == "[":
        return [_in_json_list(name, text)]
    if text and (start.isdigit() or start in "+-." or PurePosixPath(name.lower()).suffix in TABLE_ENDINGS):
        return [Piece(name, table_in(text, name))]
    raise StorageError(
        f"{name}: neither .npz nor JSON nor weights of another program, "
        f"{'but something else' if data else 'the file is empty'}"
    )


def _pickled_arrays(name: str, data: bytes) -> dict[str, np.ndarray] | None:
    """Return the arrays in a pickle of a dict or list of arrays; None for any other file.

    The reader builds arrays alone, and refuses everything else in a pickle without calling it.
    """
    if not data.startswith(PICKLE_MAGIC):
        return None
    try:
        content = load_arrays(data, name)
    except DataError:
        return None
    if isinstance(content, list | tuple):
        content = {f"arr_{place}": value for place, value in enumerate(content)}
    if not isinstance(content, dict):
        return None
    arrays = {str(key): value for key, value in content.items() if isinstance(value, np.ndarray)}
    return arrays if any(array.ndim == 2 for array in arrays.values()) else None


def _unpacked(name: str, data: bytes) -> bytes:
    """Return the bytes in a gzip file.

    Raises:
        StorageError: if it is damaged, or unpacks to too much.
    """
    unpacker = zlib.decompressobj(wbits=31)  # 31: with the header of gzip
    try:
        content = unpacker.decompress(data, LARGEST)
    except zlib.error as error:
        raise StorageError(f"{name}: truncated or damaged; save or copy it again") from error
    if not unpacker.eof:
        raise StorageError(f"{name}: truncated, or too large for a network here")
    return content


def _of_bare(read: SavedNetwork | BareWeights, name: str) -> Whole:
    """Return a network that may still lack its settings."""
    if isinstance(read, BareWeights):
        return Whole(name, lambda answers: assembled(read, answers))
    return Whole(name, lambda answers: read)


def _in_zip(name: str, data: bytes, depth: int) -> list[Whole | Piece]:
    """Return the networks and arrays in a zip archive: of ours, of NumPy, of PyTorch, or of files."""
    paths = paths_in(data)
    if is_torch_zip(paths):
        return [_of_bare(read_torch_zip(data, name), name)]
    if is_keras_archive(paths):
        raise StorageError(f"{name}: a network of Keras, whose files are not read here. {KERAS}")
    if f"{ABOUT}.npy" in paths or not paths:
        saved = from_npz(data, name)
        return [Whole(name, lambda answers: saved)]
    if all(path.endswith(".npy") for path in paths):
        arrays = arrays_in_npz(data, name)
        numbered = all(key.startswith("arr_") for key in arrays)
        pytorch = any(key.endswith(".weight") for key in arrays)
        program = "Keras" if numbered else "PyTorch" if pytorch else ""
        return [_of_bare(BareWeights(name, arrays, program, outputs_first=pytorch), name)]
    if depth == ARCHIVES_IN_ARCHIVES:
        raise StorageError(f"{name}: an archive inside of archives; take the file of the network out of it")
    files = read_archive(data, name, lambda path: PurePosixPath(path).suffix.lower() not in (".md", ".html"))
    return _of_members(name, files, depth)


def _of_members(name: str, files: Mapping[str, bytes], depth: int) -> list[Whole | Piece]:
    """Return the networks and arrays in the files of an archive; other files in it are left out.

    Raises:
        StorageError: if there is no network; with the only file's own fault, if there is only one.
    """
    found: list[Whole | Piece] = []
    faults: list[StorageError] = []
    for path, content in files.items():
        try:
            found += _contents(f"{name}/{path}", content, depth + 1)
        except StorageError as fault:
            faults.append(fault)
    if not found and len(faults) == 1:
        raise faults[0]
    if not found:
        raise StorageError(f"{name}: an archive without a network")
    return found


def _in_json(name: str, text: str) -> Whole:
    """Return the network in a JSON object: of ours, of Nielsen's program, or arrays by their names."""
    content = _parsed(name, text)
    if not isinstance(content, dict) or content.get("kind") == KIND:
        saved = from_json(text, name)
        return Whole(name, lambda answers: saved)
    if is_nielsens(content):
        return Whole(name, lambda answers: read_nielsen(content, name, answers))
    if "modelTopology" in content or "weightsManifest" in content:
        raise StorageError(f"{name}: a network of TensorFlow.js, whose files are not read here. {KERAS}")
    arrays = {key: array_of(value, key, name) for key, value in content.items() if _is_nested(value)}
    if not arrays:
        raise StorageError(f"{name}: not a network of Inkling's, and no weights of another program's")
    return _of_bare(BareWeights(name, arrays), name)


def _in_json_list(name: str, text: str) -> Whole | Piece:
    """Return the array in a JSON list of rows, or the network in a JSON list of arrays."""
    content = _parsed(name, text)
    if all(isinstance(row, list) and not any(isinstance(cell, list) for cell in row) for row in content):
        widths = {len(row) for row in content}
        if len(widths) == 1:
            return Piece(name, array_of(content, "rows", name))
    arrays = {f"arr_{place}": array_of(values, "arrays", name) for place, values in enumerate(content)}
    return _of_bare(BareWeights(name, arrays), name)


def _parsed(name: str, text: str) -> Any:
    """Return the content of a JSON text.

    Raises:
        StorageError: if it is damaged.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StorageError(f"{name}: truncated or damaged, not valid JSON; save or copy it again") from error


def _is_nested(value: Any) -> bool:
    """Return whether a value of JSON is a list of numbers or of lists."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], list | int | float)
