"""Back-query by inverse activations, as in Rashid's *Make Your Own Neural Network* (part 3).

From the desired outputs, layer by layer: invert the activation (for a sigmoid with the logit, ln(a / (1 -
a)), which gave the method its name), subtract the biases, multiply by the transposed weights - which is not
their inverse - and stretch the result into the range that the activation below can have produced: 0.01 to
0.99 for a sigmoid.

His network has one hidden layer, sigmoids and no biases. For other networks:

- Each activation has its own open range, and we keep 1 % of its width away from either end: tanh gets -0.98
  to 0.98. Desired outputs beyond that are moved to it.
- ReLU has no inverse: every negative weighted sum gives 0. After stretching all values are above 0, where
  ``z = a``.
- Softmax gives the same outputs for logits shifted by any amount; we take log p, without a shift.
- The image is stretched to between 0.01 and 0.99 of the highest possible input.
"""

from __future__ import annotations

import numpy as np

from nncore import ops
from nncore.activations import Activation
from nncore.backquery.result import rescale
from nncore.network import Network
from nncore.preprocessing import Preprocessing

MARGIN = 0.01
"""The share of a range left out at either end, where inverses are infinite."""


def logit(network: Network, targets: np.ndarray, preprocessing: Preprocessing) -> np.ndarray:
    """Return the images for these targets: ``(m, n_out)`` to ``(m, d)``."""
    activations = network.activations
    signal = _within_image(targets, activations[-1])
    for layer in reversed(range(len(network.weights))):
        inverse = activations[layer].inverse
        logits = signal if inverse is None else inverse(signal)
        if network.biases:
            logits = logits - network.biases[layer]
        signal = ops.multiply(logits, network.weights[layer], transpose_b=True)
        if layer:
            signal = rescale(signal, *inner_range(activations[layer - 1]))
    top = preprocessing.input_range[1]
    return rescale(signal, MARGIN * top, (1 - MARGIN) * top)


def inner_range(activation: Activation) -> tuple[float, float]:
    """Return the activation's range without its ends: sigmoid (0.01, 0.99), tanh (-0.98, 0.98)."""
    margin = MARGIN * (activation.high - activation.low)
    return activation.low + margin, activation.high - margin


def _within_image(targets: np.ndarray, activation: Activation) -> np.ndarray:
    """Return targets that the activation can produce, so that its inverse is finite."""
    margin = MARGIN * (activation.high - activation.low)
    return targets.clip(activation.image[0] + margin, activation.image[1] - margin)
