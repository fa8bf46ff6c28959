"""The memory that a kernel works in, and the values that it carries from one run to the next."""

from __future__ import annotations

import threading

import numpy as np

from nncore.kernels import library as lib


class Workspace:
    """A ``Run`` structure with memory for one piece of a batch, for networks of these layers.

    Args:
        layers: neurons of each layer, inputs first.
        piece: the number of images at once.
        raw: whether the errors that are sent back need memory apart from the deltas (Rashid's rule).
    """

    def __init__(self, layers: tuple[int, ...], piece: int, raw: bool) -> None:
        self._memory: list[np.ndarray] = []
        inputs, first = layers[0], layers[1]
        self._layers = (lib.Layer * (len(layers) - 1))()
        for layer, below, neurons in zip(self._layers, layers, layers[1:], strict=False):
            layer.inputs, layer.outputs = below, neurons
            layer.values = self._take(piece * neurons, np.float32)
            layer.deltas = self._take(piece * neurons, np.float32)
            layer.errors = self._take(piece * neurons, np.float32) if raw else layer.deltas
        self.call = lib.Run(depth=len(self._layers), layers=self._layers, piece=piece, raw_errors=raw)
        self.call.extra = self._take(first, np.float32)
        self._row, self._sums = (self._take(first, np.float32) for _ in range(2))
        self.forget_carry()
        self.call.losses = self._take(piece, np.float32)
        lists = self.call.lists
        lists.inputs = inputs
        lists.image_start = self._take(piece + 1, np.int32)
        lists.total = self._take(piece, np.float32)
        lists.pixel_start = self._take(inputs + 2, np.int32)
        lists.pixel, lists.image = (self._take(piece * inputs, np.int32) for _ in range(2))
        lists.value, lists.value_again = (self._take(piece * inputs, np.float32) for _ in range(2))

    def forget_carry(self) -> None:
        """Put the row of ``Apart`` into the workspace's own memory, which keeps nothing between calls."""
        self.call.apart = lib.Apart(row=self._row, sums=self._sums, every=1)

    def _take(self, count: int, dtype: type[np.generic]) -> int:
        """Return the address of new memory that lives as long as the workspace."""
        self._memory.append(np.empty(count, dtype))
        return self._memory[-1].ctypes.data


_local = threading.local()


def workspace(layers: tuple[int, ...], piece: int, raw: bool) -> Workspace:
    """Return a workspace of this thread, an earlier one if it fits.

    The page trains the same network repeatedly.
    """
    key = layers, piece, raw
    spaces: dict[tuple, Workspace] = _local.__dict__.setdefault("spaces", {})
    if key not in spaces:
        if len(spaces) >= 2:  # one to train, one to measure
            spaces.clear()
        spaces[key] = Workspace(layers, piece, raw)
    return spaces[key]


class Carry:
    """The values kept between two runs of gradient descent on inputs that are never 0.

    They belong to ``Apart`` in kernels.c. They are neither a setting nor a result; with them a run cut into
    pieces gives the same bits as in one. They are part of the optimiser's state, are copied with it, and are
    ignored if the weights have been changed since.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        self.kept = np.zeros((inputs, outputs), np.float32)
        self.row = np.zeros(outputs, np.float32)
        self.sums = np.zeros(outputs, np.float32)
        self.is_kept = False

    def copy(self) -> Carry:
        """Return an independent copy."""
        copy = Carry(*self.kept.shape)
        copy.kept[:], copy.row[:], copy.sums[:], copy.is_kept = self.kept, self.row, self.sums, self.is_kept
        return copy
