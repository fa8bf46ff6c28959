"""Does whole runs in one call of a kernel: ``train_batches`` and ``measure_images`` of ``nncore.batches``.

Python checks every array, provides the memory that C works in, and fills in the ``Run`` structure.
"""

from __future__ import annotations

import ctypes
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
from nncore.kernels.packing import LARGEST, PackedImages, pack
from nncore.kernels.workspace import Carry, workspace
from nncore.network import Network
from nncore.optimisers import Adam

RULES = ("gradient", "rashid")
PIECE = 256
"""The number of images worked on at once. Memory for more would not fit into the processor's cache."""
FOLD = 64
"""The number of images between two folds of the row kept apart (``Apart`` in kernels.c)."""


def runs(library: ctypes.CDLL) -> dict[str, Callable]:
    """Return the operations by name, for ``ops.register``."""
    return {
        "train_batches": partial(train_batches, library),
        "measure_images": partial(measure_images, library),
    }


def train_batches(library: ctypes.CDLL, run: BatchRun) -> tuple[np.ndarray, np.ndarray]:
    """Train on every batch of ``run``, as ``nncore.batches.train_batches``."""
    network, pixels, labels = run.network, run.pixels, run.labels
    if not (_knows(network) and run.optimiser.name in lib.OPTIMISERS and run.rule in RULES):
        return ops.reference("train_batches")(run)
    images, batches = len(run.indices), len(run.rates)
    require(run.batch_size >= 1, "batch_size", run.batch_size, "at least 1")
    needed = -(-images // run.batch_size)
    require(batches == needed, "number of rates", batches, f"{needed}, one a batch")
    order = np.ascontiguousarray(run.indices, np.int64)  # NumPy's own integers have 32 bits in a browser
    _check_images(network, pixels, labels, run.targets, order)
    if pixels.flags.writeable:  # may change, so only the images of this run are packed, and not kept
        pixels, labels, order = pixels[order], labels[order], np.arange(images, dtype=np.int64)
    packed = pack(library, pixels)
    space = workspace(network.spec.layers, min(PIECE, run.batch_size), run.rule == "rashid")
    call = space.call
    _set_network(call, network)
    _set_images(call, packed, labels, run.targets, run.scale, run.offset)
    rates, unbias = _set_optimiser(call, run)
    carry = _set_apart(call, run) if run.offset and run.optimiser.name == "sgd" else None
    losses, correct = np.zeros(batches), np.zeros(batches, np.int64)
    done = library.train(
        ctypes.byref(call),
        images,
        order.ctypes.data,
        run.batch_size,
        run.state.step,
        rates.ctypes.data,
        unbias.ctypes.data,
        losses.ctypes.data,
        correct.ctypes.data,
    )
    if carry:
        carry.is_kept = bool(call.apart.is_kept)
        space.forget_carry()
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
    """Compute outputs and losses, as ``nncore.batches.measure_images``."""
    if not _knows(network):
        return ops.reference("measure_images")(network, pixels, labels, targets, scale, offset)
    images = len(pixels)
    pixels, labels = np.ascontiguousarray(pixels), np.ascontiguousarray(labels)
    order = np.arange(images, dtype=np.int64)
    _check_images(network, pixels, labels, targets, order)
    packed = pack(library, pixels)
    call = workspace(network.spec.layers, PIECE, False).call
    _set_network(call, network)
    _set_images(call, packed, labels, targets, scale, offset)
    outputs = np.empty((images, network.spec.layers[-1]), np.float32)
    losses = np.empty(images, np.float32)
    library.measure(ctypes.byref(call), images, order.ctypes.data, outputs.ctypes.data, losses.ctypes.data)
    return outputs, losses


def _knows(network: Network) -> bool:
    """Return whether kernels.c has everything that this network uses."""
    spec = network.spec
    return (
        spec.dtype == "float32"
        and spec.layers[0] <= LARGEST
        and spec.loss in lib.LOSSES
        and set(spec.activations) <= set(lib.ACTIVATIONS)
    )


def _check_images(
    network: Network, pixels: np.ndarray, labels: np.ndarray, targets: np.ndarray, order: np.ndarray
) -> None:
    """Check the arrays of images, labels and targets."""
    address(pixels, "pixels", (None, network.spec.layers[0]), np.uint8)
    address(labels, "labels", (len(pixels),), np.uint8)
    address(targets, "targets", (None, network.spec.layers[-1]))
    address(order, "indices", (None,), np.int64)
    require_below(order, len(pixels), "image")
    require_below(labels, len(targets), "label")


def _set_network(call: lib.Run, network: Network) -> None:
    """Enter the network into the structure."""
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
    packed: PackedImages,
    labels: np.ndarray,
    targets: np.ndarray,
    scale: float,
    offset: float,
) -> None:
    """Enter the images into the structure."""
    call.images.start = packed.start.ctypes.data
    call.images.pixel = packed.pixel.ctypes.data
    call.images.ink = packed.ink.ctypes.data
    call.labels, call.targets = labels.ctypes.data, targets.ctypes.data
    call.scale, call.offset = scale, offset


def _set_optimiser(call: lib.Run, run: BatchRun) -> tuple[np.ndarray, np.ndarray]:
    """Enter the optimiser into the structure.

    Returns:
        the rate of every batch and Adam's correction of the second moment, both float32.
    """
    constants = [getattr(run.optimiser, field.name) for field in fields(run.optimiser)]
    call.optimiser = lib.OPTIMISERS.index(run.optimiser.name)
    call.constants[: len(constants)] = constants
    call.fresh[:] = [1 - constant for constant in (*constants, 0, 0)[:2]]
    call.l2 = run.l2
    gradient = run.gradient
    call.gradient = address(gradient.flat, "gradient", (call.count,), writeable=True)
    for number, weights in enumerate(gradient.weights):
        call.layers[number].weight_slopes = weights.ctypes.data
        call.layers[number].bias_slopes = gradient.biases[number].ctypes.data if gradient.biases else None
    for number, slot in enumerate(run.state.slots):
        call.slots[number] = address(slot, "slot", (call.count,), writeable=True)
    rates, unbias = run.rates, np.ones(len(run.rates))
    if isinstance(run.optimiser, Adam):
        steps = run.state.step + 1 + np.arange(len(rates))
        rates, unbias = adam_factors(rates, run.optimiser.beta1, run.optimiser.beta2, steps)
    return rates.astype(np.float32), unbias.astype(np.float32)


def _set_apart(call: lib.Run, run: BatchRun) -> Carry | None:
    """Keep the row apart in the optimiser's state between calls, unless every batch ends with a fold."""
    call.apart.every = max(1, FOLD // run.batch_size)
    if call.apart.every == 1:
        return None
    shape = run.network.weights[0].shape
    carry = run.state.carry
    if not (isinstance(carry, Carry) and carry.kept.shape == shape):
        carry = run.state.carry = Carry(*shape)
    call.apart.kept = carry.kept.ctypes.data
    call.apart.row = carry.row.ctypes.data
    call.apart.sums = carry.sums.ctypes.data
    call.apart.is_kept = carry.is_kept
    return carry
