"""From one architecture to another by single surgeries: what an editor of networks does when it is told where
to arrive.

An editor knows the network that is there and the layers and activations that somebody asked for; ``towards``
finds the operations of ``nncore.surgery`` in between. Each is handed out before the next is made, so that a
trainer can carry its optimiser's memory through every one of them.
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
    """The surgeries that give ``network`` the layers and activations of ``spec``, each done on the result of
    the one before.

    Layers that are missing are added right before the outputs. Of those too many the one goes without which
    the others are as asked for, or else the last; neurons that go are those whose outgoing weights are
    smallest.

    Raises:
        ValueError: if inputs, outputs, biases or dtype differ too: that is another network.
    """
    ends = (network.spec.layers[0], network.spec.layers[-1], network.spec.biases, network.spec.dtype)
    asked = (spec.layers[0], spec.layers[-1], spec.biases, spec.dtype)
    require(ends == asked, "inputs, outputs, biases and dtype", asked, f"{ends}, the network's own")
    while (surgery := _next(network, spec, seed)) is not None:
        network = surgery.network
        yield surgery


def _next(network: Network, spec: NetworkSpec, seed: int) -> Surgery | None:
    """The next single operation, or None if ``network`` is there."""
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
    """The hidden layer to remove: one without which the others are as wanted, or else the last."""
    hidden = len(present.layers) - 2
    for layer in range(hidden, 0, -1):
        layers = present.layers[:layer] + present.layers[layer + 1 :]
        activations = present.activations[: layer - 1] + present.activations[layer:]
        if (layers, activations) == (wanted.layers, wanted.activations):
            return layer
    return hidden


def _least_used(network: Network, layer: int, count: int) -> np.ndarray:
    """The ``count`` neurons of hidden layer ``layer`` whose outgoing weights are smallest (sum of
    squares)."""
    outgoing = np.square(network.weights[layer]).sum(axis=1)
    return np.argsort(outgoing, kind="stable")[:count]
