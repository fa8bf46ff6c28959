"""Write networks as other programs write them, byte by byte, so that no test needs one of these programs."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Mapping, Sequence

import numpy as np

Layers = Sequence[tuple[np.ndarray, np.ndarray]]
"""Weights ``(n_in, n_out)`` and biases ``(n_out,)`` of each layer."""

ORDERED_DICT = b"ccollections\nOrderedDict\n)R"
STORAGES = {"FloatStorage": "<f4", "DoubleStorage": "<f8", "HalfStorage": "<f2", "BFloat16Storage": "<u2"}


def some_layers(*sizes: int, seed: int = 1) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return random layers of these sizes, inputs first, in float32."""
    rng = np.random.default_rng(seed)
    return [
        (rng.normal(0, 0.1, (n_in, n_out)).astype("f4"), rng.normal(0, 0.5, n_out).astype("f4"))
        for n_in, n_out in zip(sizes, sizes[1:], strict=False)
    ]


def npz(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def npz_in_order(*arrays: np.ndarray) -> bytes:
    """Return an ``.npz`` as of ``np.savez("weights.npz", *model.get_weights())``."""
    buffer = io.BytesIO()
    np.savez(buffer, *arrays)
    return buffer.getvalue()


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def text(array: np.ndarray, separator: str = ",", decimal: str = ".") -> bytes:
    """Return a table of numbers as a spreadsheet writes it."""
    rows = (separator.join(f"{value:.9g}".replace(".", decimal) for value in row) for row in array)
    return "\n".join(rows).encode()


def nielsen(layers: Layers, cost: str | None = "CrossEntropyCost") -> bytes:
    """Return the JSON of ``network2.Network.save``."""
    content = {
        "sizes": [layers[0][0].shape[0], *(len(biases) for _, biases in layers)],
        "weights": [weights.T.tolist() for weights, _ in layers],
        "biases": [biases[:, None].tolist() for _, biases in layers],
    }
    return json.dumps(content | ({"cost": cost} if cost else {})).encode()


def sequential(layers: Layers) -> dict[str, np.ndarray]:
    """Return the arrays of an ``nn.Sequential`` by PyTorch's names and in its orientation."""
    state = {}
    for place, (weights, biases) in enumerate(layers):
        state |= {f"{2 * place}.weight": weights.T, f"{2 * place}.bias": biases}
    return state


def safetensors(state: Mapping[str, np.ndarray], dtype: str = "F32") -> bytes:
    """Return a file as the library safetensors writes it: sorted by name, aligned to 8 bytes."""
    header: dict[str, object] = {}
    content = b""
    for key in sorted(state):
        numbers = np.ascontiguousarray(state[key]).astype({"F32": "<f4", "F64": "<f8", "F16": "<f2"}[dtype])
        ends = [len(content), len(content) + numbers.nbytes]
        header[key] = {"dtype": dtype, "shape": list(state[key].shape), "data_offsets": ends}
        content += numbers.tobytes()
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    return struct.pack("<Q", len(head)) + head + content


def torch_zip(
    state: Mapping[str, np.ndarray], storage: str = "FloatStorage", pickled: bytes | None = None
) -> bytes:
    """Return a ``.pt`` file as ``torch.save(model.state_dict(), path)`` writes it.

    Args:
        storage: the class of the storages in ``torch``.
        pickled: another pickle than that of the state.
    """
    files = {"data.pkl": torch_pickle(state, storage) if pickled is None else pickled}
    for number, array in enumerate(state.values()):
        numbers = array.ravel(order="A")  # PyTorch also stores transposed tensors as they stand in memory
        if storage == "BFloat16Storage":
            numbers = numbers.astype("<f4").view("<u4") >> 16
        files[f"data/{number}"] = numbers.astype(STORAGES[storage]).tobytes()
    files |= {"version": b"3\n", "byteorder": b"little"}
    return zipped({f"model/{path}": content for path, content in files.items()})


def torch_pickle(
    state: Mapping[str, np.ndarray],
    storage: str = "FloatStorage",
    checkpoint: bool = False,
    extra: bytes = b"",
) -> bytes:
    """Return the pickle of a ``state_dict``, in protocol 2.

    Args:
        checkpoint: whether the state is the entry ``model_state_dict`` of a dict, beside an epoch.
        extra: instructions of a pickle that stand before the state and leave the stack as it is.
    """
    tensors = enumerate(state.items())
    items = b"".join(_unicode(key) + _tensor(str(n), storage, array) for n, (key, array) in tensors)
    metadata = b"}" + _unicode("_metadata") + ORDERED_DICT + b"sb"
    pickled = ORDERED_DICT + b"(" + items + b"u" + metadata
    if checkpoint:
        pickled = b"}(" + _unicode("epoch") + _whole(3) + _unicode("model_state_dict") + pickled + b"u"
    return b"\x80\x02" + extra + pickled + b"."


def _tensor(key: str, storage: str, array: np.ndarray) -> bytes:
    """Return the instructions that build a tensor by ``torch._utils._rebuild_tensor_v2``."""
    strides = [stride // array.itemsize for stride in array.strides]
    kind = f"ctorch\n{storage}\n".encode()
    reference = (
        b"(" + _unicode("storage") + kind + _unicode(key) + _unicode("cpu") + _whole(array.size) + b"tQ"
    )
    shape = b"".join(b"(" + b"".join(map(_whole, numbers)) + b"t" for numbers in (array.shape, strides))
    call = b"(" + reference + _whole(0) + shape + b"\x89" + ORDERED_DICT + b"tR"
    return b"ctorch._utils\n_rebuild_tensor_v2\n" + call


def _unicode(word: str) -> bytes:
    return b"X" + struct.pack("<I", len(word.encode())) + word.encode()


def _whole(number: int) -> bytes:
    return b"J" + struct.pack("<i", number)


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()
