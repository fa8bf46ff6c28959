"""Changes one architecture into another by single operations, as an editor of networks needs it.

An editor knows the present network and the layers and activations that were asked for; ``towards`` finds the
operations of ``nncore.surgery`` in between. Each is yielded before the next is computed, so that a trainer
can carry its optimiser's state through every one of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nncore.checks import require
from nncore.network import Network, NetworkSpec
from nncore.surgery.operations import (
    add_neurons,
    change_activation,
    insert_layer,
    remove_layer,
    remove_neurons,
)
from nncore.surgery.transplant import Surgery


def towards(network: Network, spec: NetworkSpec, seed: int = 0) -> Iterator[Surgery]:
    """Yield the operations that give ``network`` the layers and activations of ``spec``, one after another.

    Each is applied to the result of the one before. Missing layers are added right before the outputs. If
    there is a layer too many, the layer removed is the last, or an earlier one if the rest then equals
    ``spec``. The neurons removed are those with the smallest outgoing weights.

    Raises:
        ValueError: if inputs, outputs, biases or dtype differ too, because no operation changes these.
    """
    ends = (network.spec.layers[0], network.spec.layers[-1], network.spec.biases, network.spec.dtype)
    asked = (spec.layers[0], spec.layers[-1], spec.biases, spec.dtype)
    require(ends == asked, "inputs, outputs, biases and dtype", asked, f"{ends}, the network's own")
    while (surgery := _next(network, spec, seed)) is not None:
        network = surgery.network
        yield surgery


def _next(network: Network, spec: NetworkSpec, seed: int) -> Surgery | None:
    """Return the next single operation, or None if ``network`` has the wanted architecture."""
    present = network.spec
    hidden, wanted = len(present.layers) - 2, len(spec.layers) - 2
    if hidden > wanted:
        return remove_layer(network, _surplus(present, spec))
    if hidden < wanted:
        return insert_layer(network, hidden + 1, spec.activations[hidden], seed=seed)
    for layer in range(1, hidden + 1):
        extra = spec.layers[layer] - present.layers[layer]
        if extra > 0:
            return add_neurons(network, layer, extra, seed)
        if extra < 0:
            return remove_neurons(network, layer, _least_used(network, layer, -extra))
    for position, name in enumerate(spec.activations):
        if present.activations[position] != name:
            return change_activation(network, position, name)
    return None


def _surplus(present: NetworkSpec, wanted: NetworkSpec) -> int:
    """Return the hidden layer to remove: one without which the others are as wanted, or else the last."""
    hidden = len(present.layers) - 2
    for layer in range(hidden, 0, -1):
        layers = present.layers[:layer] + present.layers[layer + 1 :]
        activations = present.activations[: layer - 1] + present.activations[layer:]
        if (layers, activations) == (wanted.layers, wanted.activations):
            return layer
    return hidden


def _least_used(network: Network, layer: int, count: int) -> np.ndarray:
    """Return the ``count`` neurons of hidden layer ``layer`` with the smallest outgoing weights.

    The size is the sum of their squares.
    """
    outgoing = np.square(network.weights[layer]).sum(axis=1)
    return np.argsort(outgoing, kind="stable")[:count]
