"""Back-query by transposed weights alone, as Samsel's ``imagine`` does it.

The desired outputs are multiplied by the transposed weights of one layer after the other down to the inputs,
without activations and biases. Each pixel gets the sum of all paths from it to the outputs, every path
weighted by the product of its weights. In a linear network these pixels would push the outputs towards the
targets. The smallest value becomes the lowest possible input and the largest the highest.
"""

from __future__ import annotations

import numpy as np

from nncore import ops
from nncore.backquery.result import rescale
from nncore.network import Network
from nncore.preprocessing import Preprocessing


def transpose(network: Network, targets: np.ndarray, preprocessing: Preprocessing) -> np.ndarray:
    """Return the images for these targets: ``(m, n_out)`` to ``(m, d)``."""
    signal = targets
    for weights in reversed(network.weights):
        signal = ops.multiply(signal, weights, transpose_b=True)
    return rescale(signal, *preprocessing.input_range)
