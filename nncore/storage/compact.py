"""Stores weights in fewer bytes, for networks that every visitor of a page downloads.

The sixth digit of a trained weight carries no information: its effect on a logit is far below the difference
between two trainings. ``float16`` keeps three digits of each in half the bytes. ``int8`` keeps a whole number
from -127 to 127 in a quarter of them, and for each neuron one factor: its largest weight becomes 127 (scaled
by columns, as in Krishnamoorthi, "Quantizing deep convolutional networks for efficient inference", 2018,
section 3.1.2). Biases are few and are stored in full. When read back, all are numbers of the network's own
dtype again; measure the cost of the rounding in accuracy on ``rounded(network, precision)``.
"""

from __future__ import annotations

import numpy as np

from nncore.checks import require_one_of
from nncore.network import Network
from nncore.storage.saved import StorageError, arrays_of

PRECISIONS = {
    "full": "Every bit.",
    "float16": "Weights as 16-bit floating-point numbers.",
    "int8": "Weights as 8-bit whole numbers, with a factor for each neuron.",
}
"""Name -> description of the stored weights."""

Arrays = dict[str, np.ndarray]


def pack(arrays: Arrays, precision: str) -> Arrays:
    """Return the arrays of a network (``W1``, ``b1``, ...) in the form of a file.

    In ``int8``, ``W1`` is int8, and ``factors1``, ``(n_out,)`` float32, is added.

    Raises:
        ValueError: for an unknown precision.
        StorageError: for a weight that ``float16`` can't hold.
    """
    require_one_of(precision, PRECISIONS, "precision")
    if precision == "full":
        return arrays
    packed = dict(arrays)
    for key, weights in arrays.items():
        if key[0] != "W":
            continue
        if precision == "float16":
            limit = float(np.finfo(np.float16).max)
            if np.abs(weights).max(initial=0) > limit:
                raise StorageError(f"{key} holds a weight beyond {limit:g}, float16's largest")
            packed[key] = weights.astype(np.float16)
        else:
            factors = (np.abs(weights).max(axis=0) / 127).astype(np.float32)
            safe = np.where(factors > 0, factors, 1)  # of a neuron whose weights are all 0
            packed[key] = np.clip(np.rint(weights / safe), -127, 127).astype(np.int8)
            packed[f"factors{key[1:]}"] = factors
    return packed


def unpack(arrays: Arrays, name: str) -> Arrays:
    """Return the arrays of a network from those of a file, up to rounding.

    Full and 16-bit arrays are returned unchanged.

    Raises:
        StorageError: for 8-bit weights without factors that fit them.
    """
    unpacked = dict(arrays)
    for key, weights in arrays.items():
        if weights.dtype != np.int8:
            continue
        factors = unpacked.pop(f"factors{key[1:]}", None)
        if factors is None or factors.dtype.kind != "f" or factors.shape != weights.shape[1:]:
            raise StorageError(f"{name}: {key} holds whole numbers, but there are no factors that fit them")
        unpacked[key] = weights * factors
    return unpacked


def rounded(network: Network, precision: str) -> Network:
    """Return the network as it is read back from a file of this precision."""
    arrays = unpack(pack(arrays_of(network), precision), "network")
    weights = [array for key, array in arrays.items() if key[0] == "W"]
    return Network.from_arrays(network.spec, weights, network.biases)
