"""The innermost loops: training, batch after batch (gather, forward, backward, update), and testing.

They are the plain loops that all faster ones are compared with. Both are ``ops`` operations: a kernel may do
a whole run in one call, from the same arguments and with the same result, to float32 rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

from nncore import ops
from nncore.network import Network
from nncore.optimisers import Optimiser, OptimiserState
from nncore.parameters import Parameters


@dataclass(frozen=True, eq=False)
class BatchRun:
    """Some consecutive batches, with everything needed to train on them.

    Attributes:
        network: changed in place (``network.parameters.flat``; layout in ``nncore.parameters``).
        optimiser, state: the rule of the update and the optimiser's state, changed in place.
        gradient: scratch memory of the network's layout.
        pixels: ``(n, d)`` uint8, C-contiguous.
        labels: ``(n,)`` uint8.
        targets: ``(classes, n_out)``: row k is the target of label k.
        scale, offset: inputs are ``scale * pixels + offset``.
        indices: ``(m,)`` int64, the images in training order.
        batch_size: batches are cut from ``indices`` in turn; the last may be shorter.
        rates: ``(ceil(m / batch_size),)`` float64, the learning rate of every batch.
        l2: ``l2 * W`` is added to the weights' gradient (not to the biases').
        rule: key of ``network.RULES``.
    """

    network: Network
    optimiser: Optimiser
    state: OptimiserState
    gradient: Parameters
    pixels: np.ndarray
    labels: np.ndarray
    targets: np.ndarray
    scale: float
    offset: float
    indices: np.ndarray
    batch_size: int
    rates: np.ndarray
    l2: float
    rule: str


@ops.operation
def train_batches(run: BatchRun) -> tuple[np.ndarray, np.ndarray]:
    """Train on every batch of ``run``; stop after the first whose loss is not finite.

    Returns:
        ``(losses, correct)`` of the batches trained on, both measured before each batch's update: the mean
        loss, float64, and the number of images read rightly, int64. Shorter than ``run.rates`` if a loss was
        not finite.
    """
    losses, correct = [], []
    dtype = np.dtype(run.network.spec.dtype)
    for batch, rate in enumerate(run.rates.tolist()):
        chosen = run.indices[batch * run.batch_size : (batch + 1) * run.batch_size]
        labels = run.labels[chosen]
        inputs = ops.gather(run.pixels, chosen, run.scale, run.offset, dtype)
        trace = run.network.forward(inputs)
        grads = run.network.backward(trace, run.targets[labels], run.rule, out=run.gradient)
        if run.l2:
            for slope, weights in zip(grads.weights, run.network.weights, strict=True):
                slope += run.l2 * weights
        run.optimiser.update(run.network.parameters.flat, grads.flat, run.state, rate)
        losses.append(float(grads.losses.mean()))
        correct.append(int((trace.output.argmax(axis=1) == labels).sum()))
        if not isfinite(losses[-1]):
            break
    return np.array(losses), np.array(correct, dtype=np.int64)


CHUNK = 1000  # the number of images whose float inputs are in memory at once


@ops.operation
def measure_images(
    network: Network, pixels: np.ndarray, labels: np.ndarray, targets: np.ndarray, scale: float, offset: float
) -> tuple[np.ndarray, np.ndarray]:
    """Compute a network's outputs and losses for images, without training on them.

    Args:
        network: not changed.
        pixels, labels, targets, scale, offset: as in ``BatchRun``; all images, in their order.

    Returns:
        ``(outputs, losses)``: ``(n, n_out)`` and ``(n,)``, of the network's dtype.
    """
    dtype = np.dtype(network.spec.dtype)
    outputs = np.empty((len(pixels), network.spec.layers[-1]), dtype)
    losses = np.empty(len(pixels), dtype)
    for start in range(0, len(pixels), CHUNK):
        chosen = np.arange(start, min(start + CHUNK, len(pixels)))
        trace = network.forward(ops.gather(pixels, chosen, scale, offset, dtype))
        outputs[chosen] = trace.output
        losses[chosen] = network.losses(trace, targets[labels[chosen]])
    return outputs, losses
