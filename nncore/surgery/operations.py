"""Adds and removes neurons and layers during training, keeping the learned weights.

If possible, new parts start so that the function does not jump: new neurons get random incoming weights and
outgoing weights of 0 (zeros both ways would leave them all the same for ever). Every operation returns a new
network, tells whether it computes the same function as the old one, and records where each weight came from
(``nncore.surgery.transplant``).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nncore.activations import ACTIVATIONS
from nncore.checks import require, require_one_of
from nncore.initialisers import INITIALISERS
from nncore.network import Network, NetworkSpec
from nncore.surgery.transplant import NEW, Origin, Surgery, transplant, unchanged


def add_neurons(network: Network, layer: int, count: int, seed: int = 0) -> Surgery:
    """Add ``count`` neurons to hidden layer ``layer`` (counted from 1). Exact."""
    _require_hidden(network, layer)
    require(count >= 1, "count", count, "at least 1")
    old = network.spec.layers[layer]
    keep = np.concatenate([np.arange(old), np.full(count, NEW)])
    surgery = _resize(network, layer, keep, seed)
    return replace(surgery, exact=True, note=f"{count} neurons added to layer {layer}; outputs unchanged.")


def remove_neurons(network: Network, layer: int, neurons: list[int] | np.ndarray) -> Surgery:
    """Remove these neurons (indices) from hidden layer ``layer``; exact if their outgoing weights were 0."""
    _require_hidden(network, layer)
    size = network.spec.layers[layer]
    gone = np.unique(np.asarray(neurons, dtype=np.int64))
    require(len(gone) < size, "number of neurons to remove", len(gone), f"below {size}, all of layer {layer}")
    require(
        bool(((gone >= 0) & (gone < size)).all()), "neurons to remove", gone.tolist(), f"from 0 to {size - 1}"
    )
    surgery = _resize(network, layer, np.setdiff1d(np.arange(size), gone), 0)
    exact = not network.weights[layer][gone].any()
    jump = "outputs unchanged" if exact else "what they contributed is missing now"
    return replace(surgery, exact=exact, note=f"{len(gone)} neurons removed from layer {layer}; {jump}.")


def insert_layer(
    network: Network, position: int, activation: str, neurons: int | None = None, seed: int = 0
) -> Surgery:
    """Insert a hidden layer, which becomes number ``position`` (1 is the first after the inputs).

    Each of its neurons passes on one neuron of the layer before. That is exact for an activation that does
    not change the values of that layer: the identity always, and ReLU, leaky ReLU and ELU if no value is
    negative (inputs, sigmoid, ReLU). Other activations change the values, and a layer with fewer neurons than
    the one before drops some: then the outputs jump and ``note`` tells so.

    Args:
        activation: name in ``ACTIVATIONS``.
        neurons: None for as many as the layer before has. Further ones are new, with outgoing weights of 0.
        seed: of the new incoming weights.
    """
    spec = network.spec
    require(1 <= position < len(spec.layers), "position", position, f"from 1 to {len(spec.layers) - 1}")
    require_one_of(activation, [n for n, a in ACTIVATIONS.items() if not a.output_only], "hidden activation")
    before = spec.layers[position - 1]
    size = before if neurons is None else neurons
    require(size >= 1, "neurons", size, "at least 1")
    new = replace(
        spec,
        layers=(*spec.layers[:position], size, *spec.layers[position:]),
        activations=(*spec.activations[: position - 1], activation, *spec.activations[position - 1 :]),
    )
    origins: list[Origin | None] = list(unchanged(spec))
    passed = min(before, size)
    rows = np.concatenate([np.arange(passed), np.full(size - passed, NEW)])
    origins[position - 1] = Origin(position - 1, rows, np.arange(spec.layers[position]))
    origins.insert(position - 1, None)
    result = transplant(network, new, tuple(origins))
    # A nearly straight piece of the activation replaces the identity: slope 1 in the middle.
    slope, shift = {"sigmoid": (4.0, -2.0), "bipolar_sigmoid": (2.0, 0.0)}.get(activation, (1.0, 0.0))
    weights = result.weights[position - 1]
    weights[:, :passed] = slope * np.eye(before, passed)
    weights[:, passed:] = _fresh(spec, seed, before, size - passed)
    if spec.biases:
        result.biases[position - 1][:passed] = shift
    exact = size >= before and (
        activation == "identity"
        or (ACTIVATIONS[activation].keeps_positive and _never_negative(spec, position - 1))
    )
    jump = "outputs unchanged" if exact else "outputs jump, and training has to mend them"
    note = f"A layer of {size} {ACTIVATIONS[activation].label} neurons inserted as layer {position}; {jump}."
    return Surgery(result, exact, note, tuple(origins), spec)


def remove_layer(network: Network, layer: int) -> Surgery:
    """Remove hidden layer ``layer`` and replace its two weight matrices by their product.

    That treats its activation as the identity; it is exact where the activation was, for every value that can
    occur there.
    """
    _require_hidden(network, layer)
    spec = network.spec
    new = replace(
        spec,
        layers=spec.layers[:layer] + spec.layers[layer + 1 :],
        activations=spec.activations[: layer - 1] + spec.activations[layer:],
    )
    origins: list[Origin | None] = list(unchanged(spec))
    origins[layer - 1 : layer + 1] = [None]
    result = transplant(network, new, tuple(origins))
    into, out = network.weights[layer - 1], network.weights[layer]
    result.weights[layer - 1][...] = into @ out
    straight = not (into < 0).any()
    if spec.biases:
        result.biases[layer - 1][...] = network.biases[layer - 1] @ out + network.biases[layer]
        straight = straight and not (network.biases[layer - 1] < 0).any()
    name = spec.activations[layer - 1]
    exact = name == "identity" or (
        ACTIVATIONS[name].keeps_positive and straight and _never_negative(spec, layer - 1)
    )
    jump = "outputs unchanged" if exact else "outputs jump, and training has to mend them"
    return Surgery(result, exact, f"Layer {layer} removed; {jump}.", tuple(origins), spec)


def change_activation(network: Network, position: int, activation: str) -> Surgery:
    """Change the activation of weight layer ``position`` (0 is the first).

    Weights and biases stay; the outputs jump.
    """
    spec = network.spec
    require(
        0 <= position < len(spec.activations), "position", position, f"from 0 to {len(spec.activations) - 1}"
    )
    names = (*spec.activations[:position], activation, *spec.activations[position + 1 :])
    new = replace(spec, activations=names)
    origins = tuple(unchanged(spec))
    label = ACTIVATIONS[activation].label
    note = (
        f"Layer {position + 1} is {label} now; its weights stay, outputs jump, and training has to mend them."
    )
    return Surgery(
        transplant(network, new, origins), activation == spec.activations[position], note, origins, spec
    )


def _never_negative(spec: NetworkSpec, layer: int) -> bool:
    """Return whether a layer has no negative values; 0 is the inputs, and no input encoding goes below 0."""
    return layer == 0 or ACTIVATIONS[spec.activations[layer - 1]].never_negative


def _require_hidden(network: Network, layer: int) -> None:
    """Raise ``ValueError`` unless ``layer`` is the number of a hidden layer."""
    hidden = len(network.spec.layers) - 2
    require(
        1 <= layer <= hidden,
        "hidden layer",
        layer,
        f"from 1 to {hidden}" if hidden else "one, but there is none",
    )


def _resize(network: Network, layer: int, keep: np.ndarray, seed: int) -> Surgery:
    """Make hidden layer ``layer`` of its old neurons ``keep``, with new incoming weights at ``NEW``."""
    spec = network.spec
    new = replace(spec, layers=(*spec.layers[:layer], len(keep), *spec.layers[layer + 1 :]))
    origins = unchanged(spec)
    origins[layer - 1] = replace(origins[layer - 1], columns=keep)
    origins[layer] = replace(origins[layer], rows=keep)
    result = transplant(network, new, tuple(origins))
    fresh = np.flatnonzero(keep == NEW)
    result.weights[layer - 1][:, fresh] = _fresh(spec, seed, spec.layers[layer - 1], len(fresh))
    return Surgery(result, False, "", tuple(origins), spec)


def _fresh(spec: NetworkSpec, seed: int, n_in: int, count: int) -> np.ndarray:
    """Return incoming weights for ``count`` new neurons, ``(n_in, count)``.

    They are drawn by the network's own initialiser.
    """
    rng = np.random.default_rng(seed)
    return INITIALISERS[spec.initialiser].draw(rng, (n_in, count), n_in, max(count, 1), spec)
