"""Explains a divergence: in which layer the numbers left the range of floats, and why.

With a learning rate that is too high, each step overshoots further than the last. Within a few steps weighted
sums exceed the largest float (3e38 in float32), infinity minus infinity gives NaN, and NaN spreads through
the whole network. Learners meet this often, and "NaN" alone does not help them.
"""

from __future__ import annotations

import numpy as np

from nncore import ops
from nncore.activations import ACTIVATIONS
from nncore.batches import BatchRun
from nncore.parameters import Parameters


@ops.operation
def is_finite(numbers: np.ndarray) -> bool:
    """Return whether none of the numbers is NaN or infinite."""
    return bool(np.isfinite(numbers).all())


def explain(run: BatchRun, after: np.ndarray) -> tuple[int, str]:
    """Return where and why the one batch of ``run`` failed.

    Args:
        run: with the network's parameters from before the update.
        after: the parameters after the failed update.

    Returns:
        ``(layer, cause)``: the first weight layer with numbers that are not finite, counted from 1, and a
        sentence.
    """
    network, rate = run.network, float(run.rates[0])
    if not is_finite(network.parameters.flat):
        return _first_bad(network.parameters), "The network had weights that are not finite before this step."
    inputs = ops.gather(run.pixels, run.indices, run.scale, run.offset, np.dtype(network.spec.dtype))
    trace = network.forward(inputs)
    for layer, logits in enumerate(trace.logits, start=1):
        if not is_finite(logits):
            return layer, (
                f"The weighted sums of layer {layer} grew past what {network.spec.dtype} can hold: at a "
                f"learning rate of {readable(rate)} the steps before this one were too large."
            )
    layer = _first_bad(Parameters(network.spec.layers, network.spec.biases, after))
    cause = (
        f"At a learning rate of {readable(rate)} this step threw the weights of layer {layer} past what "
        f"{network.spec.dtype} can hold."
    )
    name = network.spec.activations[layer - 1]
    if not ACTIVATIONS[name].bounded:
        cause += f" The layer's activation ({name}) sets no limit to its errors; try a much lower rate."
    return layer, cause


def readable(rate: float) -> str:
    """Return a learning rate as text: ``0.003``, ``1,000,000``, ``5.1e29``."""
    return f"{rate:,.0f}" if 100 <= rate < 1e9 else f"{rate:.2g}".replace("e+", "e")


def _first_bad(parameters: Parameters) -> int:
    """Return the first weight layer with a number that is not finite, counted from 1, or the last layer."""
    for layer, weights in enumerate(parameters.weights, start=1):
        bias = parameters.bias(layer - 1)
        if not (is_finite(weights) and (bias is None or is_finite(bias))):
            return layer
    return len(parameters.weights)
