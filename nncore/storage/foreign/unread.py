"""Knows files of networks that are not read here, and how to export each of them to one that is.

Keras' HDF5 and ONNX need large readers of their own. Pickles and old files of PyTorch can run any program
that is hidden in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

KERAS = 'In Keras, np.savez("weights.npz", *model.get_weights()) writes a file that opens here'
TORCH = 'in PyTorch, torch.save(model.state_dict(), "weights.pt") writes a file that opens here'

HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
PICKLE_MAGIC = b"\x80"  # the first byte of every pickle since Python 2.3
OLD_TORCH = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # how torch.save began before version 1.6
TFLITE_MAGIC = b"TFL3"

PICKLE_ENDINGS = (".pkl", ".pickle", ".p")

PROGRAMS_IN_PICKLES = (b"torch", b"keras", b"tensorflow", b"sklearn", b"__main__")
"""Words in the pickle of a whole network, but not in one of plain arrays."""

WEIGHTS_IN_PICKLES = (b"weight", b"\x8c\x02W1", b"X\x02\0\0\0W1", b"\x8c\x03wih", b"X\x03\0\0\0wih")
"""Names of arrays in a pickle of weights, as texts of the pickle: with their length in front."""


def reason_not_read(name: str, data: bytes) -> str:
    """Return why a file of a network is not read here, and how to export it; empty for any other file."""
    ending = PurePosixPath(name.lower()).suffix
    if data.startswith(HDF5_MAGIC) or ending in (".h5", ".hdf5", ".keras"):
        return f"a network of Keras, whose files are not read here. {KERAS}"
    if data.startswith(OLD_TORCH):
        return f"written by a version of PyTorch before 1.6, which is not read here. Load it there; {TORCH}"
    if ending == ".onnx":
        return (
            f"a network in ONNX, which is not read here. Export it from the program that trained it: {TORCH}"
        )
    if data[4:8] == TFLITE_MAGIC or ending in (".tflite", ".pb"):
        return f"a network of TensorFlow, whose files are not read here. {KERAS}"
    if data.startswith(PICKLE_MAGIC) or name.lower().endswith(PICKLE_ENDINGS):
        return (
            "this is a pickle. Loading a pickle can run any program hidden in it, so it is refused; "
            "save the network as .npz or .json instead"
        )
    if ending in (".pt", ".pth", ".ckpt", ".safetensors"):
        return f"damaged, or not written by PyTorch; save or copy it again: {TORCH}"
    return ""


def is_keras_archive(paths: Sequence[str]) -> bool:
    """Return whether an archive with files at these paths is a network of Keras."""
    names = {PurePosixPath(path).name for path in paths}
    return "model.weights.h5" in names or {"config.json", "metadata.json"} <= names


def is_pickled_network(data: bytes) -> bool:
    """Return whether a file is a pickle of a network or of its weights, rather than of digits."""
    if not data.startswith(PICKLE_MAGIC):
        return False
    return any(word in data[:100_000] for word in PROGRAMS_IN_PICKLES) or any(
        word in data for word in WEIGHTS_IN_PICKLES
    )
