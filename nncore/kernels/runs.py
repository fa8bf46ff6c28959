"""Whole runs in one call: ``train_batches`` and ``measure_images`` of ``nncore.batches``, done by a kernel.

Python's part is to check every array, to bring the memory that C works in, and to fill in the ``Run``
structure.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from dataclasses import fields
from functools import partial

import numpy as np

from nncore import ops
from nncore.batches import BatchRun
from nncore.checks import require
from nncore.kernels import library as lib
from nncore.kernels.arrays import address, require_below
from nncore.kernels.operations import adam_factors
from nncore.network import Network
from nncore.optimisers import Adam

PIECE = 256
"""Images worked on at once. More gain nothing, and the memory for them falls out of the processor's cache."""
RULES = ("gradient", "rashid")


def runs(library: ctypes.CDLL) -> dict[str, Callable]:
    """Operation name -> function, for ``ops.register``."""
    return {
        "train_batches": partial(train_batches, library),
        "measure_images": partial(measure_images, library),
    }


def train_batches(library: ctypes.CDLL, run: BatchRun) -> tuple[np.ndarray, np.ndarray]:
    network = run.network
    if not (_knows(network) and run.optimiser.name in lib.OPTIMISERS and run.rule in RULES):
        return ops.reference("train_batches")(run)
    images, batches = len(run.indices), len(run.rates)
    require(run.batch_size >= 1, "batch_size", run.batch_size, "at least 1")
    needed = -(-images // run.batch_size)
    require(batches == needed, "number of rates", batches, f"{needed}, one a batch")
    workspace = _workspace(network.spec.layers, min(PIECE, run.batch_size), run.rule == "rashid")
    call = workspace.call
    _set_network(call, network)
    order = np.ascontiguousarray(run.indices, np.int64)  # NumPy's own integers have 32 bits in a browser
    _set_images(call, network, run.pixels, run.labels, run.targets, order)
    call.scale, call.offset = run.scale, run.offset
    rates, unbias = _set_optimiser(call, run)
    losses, correct = np.zeros(batches), np.zeros(batches, np.int64)
    done = library.train(
        ctypes.byref(call),
        images,
        order.ctypes.data,
        run.batch_size,
        rates.ctypes.data,
        unbias.ctypes.data,
        losses.ctypes.data,
        correct.ctypes.data,
    )
    run.state.step += done
    return losses[:done], correct[:done]


def measure_images(
    library: ctypes.CDLL,
    network: Network,
    pixels: np.ndarray,
    labels: np.ndarray,
    targets: np.ndarray,
    scale: float,
    offset: float,
) -> tuple[np.ndarray, np.ndarray]:
    if not _knows(network):
        return ops.reference("measure_images")(network, pixels, labels, targets, scale, offset)
    images = len(pixels)
    call = _workspace(network.spec.layers, PIECE, False).call
    _set_network(call, network)
    order, pixels, labels = (
        np.arange(images, dtype=np.int64),
        np.ascontiguousarray(pixels),
        np.ascontiguousarray(labels),
    )
    _set_images(call, network, pixels, labels, targets, order)
    call.scale, call.offset = scale, offset
    outputs = np.empty((images, network.spec.layers[-1]), np.float32)
    losses = np.empty(images, np.float32)
    library.measure(ctypes.byref(call), images, order.ctypes.data, outputs.ctypes.data, losses.ctypes.data)
    return outputs, losses


class Workspace:
    """A ``Run`` with memory for what happens to a piece of a batch, for networks of these layers.

    Args:
        layers: neurons of each layer, inputs first.
        piece: images at once.
        raw: whether the errors that are sent back need memory apart from the deltas (Rashid's rule).
    """

    def __init__(self, layers: tuple[int, ...], piece: int, raw: bool) -> None:
        self.key = layers, piece, raw
        self._memory: list[np.ndarray] = []
        inputs = layers[0]
        self.layers = (lib.Layer * (len(layers) - 1))()
        for layer, below, neurons in zip(self.layers, layers, layers[1:], strict=False):
            layer.inputs, layer.outputs = below, neurons
            layer.values = self._take(piece * neurons, np.float32)
            layer.deltas = self._take(piece * neurons, np.float32)
            layer.errors = self._take(piece * neurons, np.float32) if raw else layer.deltas
        self.call = lib.Run(depth=len(self.layers), layers=self.layers, piece=piece, raw_errors=raw)
        self.call.extra = self._take(layers[1], np.float32)
        self.call.lists.inputs = inputs
        self.call.lists.image_start = self._take(piece + 1, np.int32)
        self.call.lists.pixel_start = self._take(inputs + 2, np.int32)
        for field, dtype in (
            ("pixel", np.int32),
            ("value", np.float32),
            ("image", np.int32),
            ("value_again", np.float32),
        ):
            setattr(self.call.lists, field, self._take(piece * inputs, dtype))

    def _take(self, count: int, dtype: type[np.generic]) -> int:
        """The address of fresh memory that lives as long as the workspace."""
        self._memory.append(np.empty(count, dtype))
        return self._memory[-1].ctypes.data


_local = threading.local()


def _workspace(layers: tuple[int, ...], piece: int, raw: bool) -> Workspace:
    """The last workspace once more, if it fits: a page trains the same network over and over. One a
    thread."""
    key = layers, piece, raw
    spaces: dict[tuple, Workspace] = _local.__dict__.setdefault("spaces", {})
    if key not in spaces:
        if len(spaces) >= 2:  # one to train, one to measure
            spaces.clear()
        spaces[key] = Workspace(layers, piece, raw)
    return spaces[key]


def _knows(network: Network) -> bool:
    """Whether all of the network is something that kernels.c has."""
    spec = network.spec
    return (
        spec.dtype == "float32" and spec.loss in lib.LOSSES and set(spec.activations) <= set(lib.ACTIVATIONS)
    )


def _set_network(call: lib.Run, network: Network) -> None:
    flat, spec = network.parameters.flat, network.spec
    call.parameters = address(flat, "parameters", (spec.parameter_count,), writeable=True)
    call.count = len(flat)
    call.loss = lib.LOSSES.index(spec.loss)
    for number, name in enumerate(spec.activations):
        layer = call.layers[number]
        layer.activation = lib.ACTIVATIONS.index(name)
        layer.weights = address(network.weights[number], "weights", (layer.inputs, layer.outputs))
        layer.biases = address(network.biases[number], "biases", (layer.outputs,)) if spec.biases else None


def _set_images(
    call: lib.Run,
    network: Network,
    pixels: np.ndarray,
    labels: np.ndarray,
    targets: np.ndarray,
    order: np.ndarray,
) -> None:
    call.pixels = address(pixels, "pixels", (None, network.spec.layers[0]), np.uint8)
    call.labels = address(labels, "labels", (len(pixels),), np.uint8)
    call.targets = address(targets, "targets", (None, network.spec.layers[-1]))
    require_below(order, len(pixels), "image")
    require_below(labels, len(targets), "label")


def _set_optimiser(call: lib.Run, run: BatchRun) -> tuple[np.ndarray, np.ndarray]:
    """Returns the rate of every batch and Adam's correction of the second moment, both float32."""
    constants = [getattr(run.optimiser, field.name) for field in fields(run.optimiser)]
    call.optimiser = lib.OPTIMISERS.index(run.optimiser.name)
    call.constants[: len(constants)] = constants
    call.fresh[:] = [1 - constant for constant in (*constants, 0, 0)[:2]]
    call.l2 = run.l2
    call.gradient = address(run.gradient.flat, "gradient", (call.count,), writeable=True)
    for number, slot in enumerate(run.state.slots):
        call.slots[number] = address(slot, "slot", (call.count,), writeable=True)
    rates, unbias = run.rates, np.ones(len(run.rates))
    if isinstance(run.optimiser, Adam):
        steps = run.state.step + 1 + np.arange(len(rates))
        rates, unbias = adam_factors(rates, run.optimiser.beta1, run.optimiser.beta2, steps)
    return rates.astype(np.float32), unbias.astype(np.float32)
