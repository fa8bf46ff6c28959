"""Reads the ``state_dict`` in a ``.pt`` or ``.pth`` file of PyTorch without running its pickle.

Such a file is a zip archive: ``data.pkl`` is a pickle of names, shapes and references, and ``data/0``,
``data/1``, ... hold the numbers. A pickle is a program. The unpickler here knows only the few instructions
that lists, dicts and tensors need, and only the names in ``ADMITTED`` and ``STORAGES``, for which it has
stand-ins that record their arguments. Any other name is refused before anything is called.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from nncore.storage.archive import read_archive
from nncore.storage.foreign.layers import BareWeights
from nncore.storage.saved import StorageError

PICKLE = "data.pkl"
HOW = 'In PyTorch, torch.save(model.state_dict(), "weights.pt") writes a file that opens here'

STORAGES = {
    "DoubleStorage": "f8",
    "FloatStorage": "f4",
    "HalfStorage": "f2",
    "BFloat16Storage": "bfloat16",
    "LongStorage": "i8",
    "IntStorage": "i4",
    "ShortStorage": "i2",
    "CharStorage": "i1",
    "ByteStorage": "u1",
}
"""Class of a storage in ``torch`` -> element type."""

# The instructions of a pickle of lists, dicts, texts, numbers and calls. BYTEARRAY8, for example, is missing,
# because it makes room for as many bytes as a damaged file says.
INSTRUCTIONS = (
    pickle.PROTO, pickle.FRAME, pickle.STOP, pickle.MARK, pickle.NONE, pickle.NEWTRUE, pickle.NEWFALSE,
    pickle.BININT, pickle.BININT1, pickle.BININT2, pickle.LONG1, pickle.BINFLOAT, pickle.BINUNICODE,
    pickle.SHORT_BINUNICODE, pickle.EMPTY_DICT, pickle.EMPTY_LIST, pickle.EMPTY_TUPLE, pickle.TUPLE,
    pickle.TUPLE1, pickle.TUPLE2, pickle.TUPLE3, pickle.APPEND, pickle.APPENDS, pickle.SETITEM,
    pickle.SETITEMS, pickle.BINPUT, pickle.LONG_BINPUT, pickle.BINGET, pickle.LONG_BINGET, pickle.MEMOIZE,
    pickle.GLOBAL, pickle.STACK_GLOBAL, pickle.REDUCE, pickle.BUILD, pickle.BINPERSID,
)  # fmt: skip


class Refused(Exception):
    """A pickle asks for something that no tensor is built from; the message names it."""


@dataclass(frozen=True)
class StorageType:
    """Replaces a class of storages such as ``torch.FloatStorage``; records its element type."""

    element: str


@dataclass(frozen=True)
class Storage:
    """A reference to the numbers of a tensor: the name of their file in ``data/``, and their element type."""

    key: str
    element: str


@dataclass(frozen=True)
class Tensor:
    """The recorded arguments of ``_rebuild_tensor_v2``: where in a storage the numbers of a tensor stand."""

    storage: Storage
    offset: int
    size: tuple[int, ...]
    stride: tuple[int, ...]


class StateDict(dict):
    """Replaces ``OrderedDict``; PyTorch gives it an attribute, which is left out."""

    def __setstate__(self, state: Any) -> None:
        """Leave the attributes out."""


def _tensor(storage: Storage, offset: int, size: tuple, stride: tuple, *_ignored: Any) -> Tensor:
    """Return the record of a tensor; replaces ``torch._utils._rebuild_tensor_v2``."""
    return Tensor(storage, offset, tuple(size), tuple(stride))


def _parameter(tensor: Tensor, *_ignored: Any) -> Tensor:
    """Return the tensor of a parameter; replaces ``torch._utils._rebuild_parameter``."""
    return tensor


ADMITTED: dict[tuple[str, str], Callable[..., Any]] = {
    ("collections", "OrderedDict"): StateDict,
    ("torch._utils", "_rebuild_tensor_v2"): _tensor,
    ("torch._utils", "_rebuild_parameter"): _parameter,
    ("torch", "Size"): tuple,
}


class _TensorUnpickler(pickle._Unpickler):
    """An unpickler that admits only ``INSTRUCTIONS`` and ``ADMITTED``.

    Python's own class is written in Python. Its twin in C makes room for any number of objects that a damaged
    file names.
    """

    dispatch = {key: run for key, run in pickle._Unpickler.dispatch.items() if bytes([key]) in INSTRUCTIONS}

    def find_class(self, module: str, name: str) -> Any:
        """Return the replacement for a name in the pickle; refuse all others."""
        if module == "torch" and name in STORAGES:
            return StorageType(STORAGES[name])
        if (module, name) not in ADMITTED:
            raise Refused(f"{module}.{name}")
        # A pickle may also set attributes of the object it asked for, so it gets a wrapper of its own.
        stand_in = ADMITTED[module, name]
        return lambda *arguments: stand_in(*arguments)

    def persistent_load(self, reference: Any) -> Storage:
        """Return the storage that a reference ``("storage", type, key, device, count)`` means."""
        _word, kind, key, *_rest = reference
        return Storage(str(key), kind.element)


def is_torch_zip(paths: list[str]) -> bool:
    """Return whether an archive with files at these paths was written by ``torch.save``."""
    return any(PurePosixPath(path).name == PICKLE for path in paths)


def read_torch_zip(data: bytes, name: str) -> BareWeights:
    """Return the tensors in a ``.pt`` file by their names.

    Raises:
        StorageError: if it is damaged, or holds anything but tensors.
    """
    files = {PurePosixPath(path).parts[-2:]: content for path, content in read_archive(data, name).items()}
    pickled = next((content for parts, content in files.items() if parts[-1] == PICKLE), b"")
    swapped = any(parts[-1] == "byteorder" and content.strip() == b"big" for parts, content in files.items())
    try:
        tensors = _tensors(_TensorUnpickler(io.BytesIO(pickled)).load())
        numbers = {key: content for (*folder, key), content in files.items() if folder == ["data"]}
        arrays = {key: _array(tensor, numbers, ">" if swapped else "<") for key, tensor in tensors.items()}
    except Refused as refused:
        raise StorageError(
            f"{name}: refused: it holds {refused}, and not only the weights of a network; loading such a "
            f"file could run any program hidden in it. {HOW}"
        ) from refused
    except Exception as error:  # a damaged pickle can fail in any way inside the unpickler
        raise StorageError(
            f"{name}: damaged, or no weights of a network of PyTorch's; save or copy it again. {HOW}"
        ) from error
    if not arrays:
        raise StorageError(f"{name}: a file of PyTorch's without the weights of a network. {HOW}")
    return BareWeights(name, arrays, "PyTorch", outputs_first=True, ordered=True)


def _tensors(content: Any) -> dict[str, Tensor]:
    """Return the tensors of a state by name; a checkpoint has the state among other things."""
    if isinstance(content, list | tuple):
        content = dict(enumerate(content))
    if not isinstance(content, dict):
        return {}
    found = {str(key): value for key, value in content.items() if isinstance(value, Tensor)}
    if found:
        return found
    inner = [(str(key), value) for key, value in content.items() if isinstance(value, dict)]
    states = [(key, _tensors(value)) for key, value in inner if "optim" not in key]
    return next((state for _, state in states if state), {})


def _array(tensor: Tensor, numbers: Mapping[str, bytes], order: str) -> np.ndarray:
    """Return the numbers of a tensor as an array of its shape.

    Raises:
        ValueError, KeyError, TypeError: if they are not in its storage.
    """
    element = tensor.storage.element
    kind = np.dtype(order + ("u2" if element == "bfloat16" else element))
    data = numbers[tensor.storage.key]
    flat = np.frombuffer(data, kind, len(data) // kind.itemsize)
    size, stride = tensor.size, tensor.stride
    last = tensor.offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
    count = int(np.prod(size, dtype=object))
    if min(tensor.offset, *size, *stride, 0) < 0 or count > len(flat) or (count and last >= len(flat)):
        raise ValueError("the tensor reaches beyond its storage")
    steps = [step * kind.itemsize for step in stride]
    view = np.lib.stride_tricks.as_strided(flat[tensor.offset :], size, steps, writeable=False)
    if element == "bfloat16":  # the upper half of a float32
        return (view.astype("<u4") << 16).view("<f4")
    return view.astype(kind.newbyteorder("="))
