"""Reads and writes the JSON of Nielsen's program: ``sizes``, ``weights``, ``biases`` and ``cost``.

Source: Nielsen, Neural Networks and Deep Learning, ``network2.py``: every neuron is a sigmoid, weights are
``(n_out, n_in)``, biases ``(n_out, 1)``, and pixels lie between 0 and 1.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from nncore.preprocessing import Preprocessing
from nncore.questions import Choice, answer_to
from nncore.storage.foreign.assembling import made
from nncore.storage.foreign.layers import BareWeights, layers_in
from nncore.storage.saved import SavedNetwork, StorageError, StorageQuestion

COSTS = {"QuadraticCost": "half_squared_error", "CrossEntropyCost": "binary_cross_entropy"}
"""Nielsen's cost -> our loss."""

LABELS = {"QuadraticCost": "Squared error", "CrossEntropyCost": "Cross-entropy"}


def is_nielsens(content: Mapping[str, Any]) -> bool:
    """Return whether a JSON object is a network of Nielsen's program."""
    return {"sizes", "weights", "biases"} <= set(content)


def read_nielsen(content: Mapping[str, Any], name: str, answers: Mapping[str, str]) -> SavedNetwork:
    """Return the network in a JSON object.

    Args:
        answers: may have an answer to ``cost``, a key of ``COSTS``, for a file that does not say it.

    Raises:
        StorageQuestion: if the cost is not said.
        StorageError: if the lists are no layers, or not of the announced sizes.
    """
    arrays: dict[str, np.ndarray] = {}
    for what in ("weights", "biases"):
        if not isinstance(content[what], list):
            raise StorageError(f"{name}: its {what} are no list of arrays, one for each layer")
        for place, values in enumerate(content[what]):
            arrays[f"{what[0]}{place}"] = array_of(values, f"{what} of layer {place + 1}", name)
    layers = layers_in(BareWeights(name, arrays, outputs_first=True, ordered=True))
    sizes = [layers[0].weights.shape[0], *(layer.weights.shape[1] for layer in layers)]
    if content["sizes"] != sizes:
        raise StorageError(f"{name}: announces the sizes {content['sizes']}, but its weights have {sizes}")
    cost = content.get("cost")
    if not isinstance(cost, str) or cost not in COSTS:
        text = f"{name}: the file does not say a cost that is known here. Which one was it trained with?"
        choices = tuple(Choice(key, LABELS[key]) for key in COSTS)
        cost = answer_to(StorageQuestion(text, "cost", choices), answers)
    preprocessing = Preprocessing("unit", max_value=16 if sizes[0] == 64 else 255)
    assumed = [f"A network of Nielsen's program: sigmoids, inputs from 0 to 1, {LABELS[cost].lower()}."]
    return made(name, layers, ["sigmoid"] * len(layers), COSTS[cost], preprocessing, assumed=assumed)


def to_nielsen(saved: SavedNetwork) -> bytes:
    """Return the bytes of a file that ``network2.load`` of Nielsen's program reads.

    Raises:
        StorageError: if his program has no such networks.
    """
    network, spec = saved.network, saved.network.spec
    cost = next((cost for cost, loss in COSTS.items() if loss == spec.loss), None)
    if set(spec.activations) != {"sigmoid"} or not spec.biases or cost is None:
        raise StorageError(
            "Nielsen's program has networks of sigmoids with biases, and as loss half the squared error or "
            f"the binary cross-entropy; this one has {', '.join(spec.activations)}, "
            f"{'biases' if spec.biases else 'no biases'} and {spec.loss}"
        )
    if saved.preprocessing.inputs != "unit":
        raise StorageError(
            "Nielsen's program feeds pixels from 0 to 1; this network has inputs "
            f"{saved.preprocessing.inputs!r}"
        )
    content = {
        "sizes": list(spec.layers),
        "weights": [weights.T.tolist() for weights in network.weights],
        "biases": [biases[:, None].tolist() for biases in network.biases],
        "cost": cost,
    }
    return json.dumps(content).encode()


def array_of(values: Any, what: str, name: str) -> np.ndarray:
    """Return nested lists of numbers as an array of float64.

    Raises:
        StorageError: if they are anything else.
    """
    try:
        return np.array(values, np.float64)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise StorageError(
            f"{name}: the {what} are not an array of numbers; expected lists of numbers, all of one length"
        ) from error
