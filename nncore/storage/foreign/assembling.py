"""Makes a network of bare weights, and raises a question for each setting that their file does not say.

A file of weights has no activations and no preprocessing, and a network with the wrong ones reads digits
wrongly without a word. So both are asked, with the usual answer of the program first.

Inputs in another range than 0 to 1 become part of the first layer. A network that was trained on ``x' = s x +
o`` computes ``z = x' W + b = x (s W) + (b + o 1 W)``, so with the weights ``s W`` and the biases ``b + o 1
W`` it reads pixels ``x`` from 0 to 1, and every output is the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nncore.network import Network, NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.presets.rashid import PRESET as RASHID
from nncore.questions import Choice, answer_to
from nncore.storage.foreign.book import INPUTS, is_the_books
from nncore.storage.foreign.layers import BareWeights, Layer, layers_in
from nncore.storage.saved import SavedNetwork, StorageError, StorageQuestion
from nncore.training_spec import TrainingSpec

ASSUMED = "assumed"
"""The key among a network's notes of a list of sentences on what was decided while the file was read."""


@dataclass(frozen=True)
class Functions:
    """An answer on the activations: those of the hidden layers and the outputs, and the loss that fits."""

    label: str
    hidden: str
    output: str
    loss: str


FUNCTIONS = {
    "relu": Functions("ReLU, then softmax", "relu", "softmax", "softmax_cross_entropy"),
    "sigmoid": Functions("Sigmoid in every layer", "sigmoid", "sigmoid", "half_squared_error"),
    "sigmoid-softmax": Functions("Sigmoid, then softmax", "sigmoid", "softmax", "softmax_cross_entropy"),
    "tanh": Functions("Tanh, then softmax", "tanh", "softmax", "softmax_cross_entropy"),
    "leaky_relu": Functions("Leaky ReLU, then softmax", "leaky_relu", "softmax", "softmax_cross_entropy"),
}
"""Answer to the question ``activation`` -> the functions of the network."""


@dataclass(frozen=True)
class Range:
    """An answer on the inputs: the encoding, and ``(scale, offset)`` that become part of the first layer."""

    label: str
    encoding: str = "unit"
    scale: float = 1.0
    offset: float = 0.0


RANGES = {
    "unit": Range("0 to 1"),
    "standard": Range("mean 0, deviation 1 (0.1307, 0.3081)", scale=1 / 0.3081, offset=-0.1307 / 0.3081),
    "signed": Range("-1 to 1", scale=2.0, offset=-1.0),
    "bytes": Range("0 to 255", scale=255.0),
    "rashid": Range("0.01 to 1", INPUTS),
    "binary": Range("0 or 1", "binary"),
}
"""Answer to the question ``inputs`` -> the range. "standard" has MNIST's own mean and deviation, as in
PyTorch's example."""


def assembled(bare: BareWeights, answers: Mapping[str, str]) -> SavedNetwork:
    """Return the network of these weights.

    Args:
        answers: key of a question -> value of its answer: ``activation`` is a key of ``FUNCTIONS``,
            ``inputs`` one of ``RANGES``.

    Raises:
        StorageQuestion: if an answer is needed.
        StorageError: if the arrays are no network.
    """
    layers = layers_in(bare)
    if is_the_books([key for key, array in bare.arrays.items() if array.ndim]):
        return _of_the_book(bare.name, layers)
    functions = FUNCTIONS[_activation(bare, layers, answers)]
    chosen = RANGES[_inputs(bare, layers, answers)]
    activations = [functions.hidden] * (len(layers) - 1) + [functions.output]
    origin = f"The weights are those of {bare.program}." if bare.program else "The file holds weights alone."
    assumed = [origin, f"Activations: {functions.label}.", f"Inputs: {chosen.label}."]
    if (chosen.scale, chosen.offset) != (1, 0):
        layers = [_rescaled(layers[0], chosen), *layers[1:]]
        assumed.append("The first layer was rescaled, so that the network reads pixels from 0 to 1.")
    preprocessing = Preprocessing(chosen.encoding, max_value=_brightest(layers))
    return made(bare.name, layers, activations, functions.loss, preprocessing, assumed=assumed)


def made(
    name: str,
    layers: Sequence[Layer],
    activations: Sequence[str],
    loss: str,
    preprocessing: Preprocessing,
    training: TrainingSpec | None = None,
    assumed: Sequence[str] = (),
    preset: str = "",
) -> SavedNetwork:
    """Return a network of these layers in float32, after checking its numbers.

    A network has biases in all layers or in none, so missing ones become 0 where another layer has some.

    Raises:
        StorageError: for numbers that are not finite or too large, and for settings that don't fit.
    """
    biased = any(layer.biases is not None for layer in layers)
    sizes = (layers[0].weights.shape[0], *(layer.weights.shape[1] for layer in layers))
    weights = [_checked(name, "weights", place, layer.weights) for place, layer in enumerate(layers, 1)]
    biases = [
        _checked(name, "biases", place, np.zeros(n_out) if layer.biases is None else layer.biases)
        for place, (layer, n_out) in enumerate(zip(layers, sizes[1:], strict=True), 1)
        if biased
    ]
    try:
        spec = NetworkSpec(sizes, tuple(activations), loss, biases=biased)
        network = Network.from_arrays(spec, weights, biases)
    except ValueError as error:  # from our own checks, which name the legal values
        raise StorageError(f"{name}: its settings can't be used: {error}") from error
    notes: dict[str, object] = {ASSUMED: list(assumed)} | ({"preset": preset} if preset else {})
    return SavedNetwork(network, preprocessing, training, notes=notes)


def assumptions(saved: SavedNetwork) -> list[str]:
    """Return the sentences on what was decided while a file was read; none for most files."""
    sentences = saved.notes.get(ASSUMED)
    return [text for text in sentences if isinstance(text, str)] if isinstance(sentences, list) else []


def _of_the_book(name: str, layers: Sequence[Layer]) -> SavedNetwork:
    """Return the network of Rashid's book: sigmoids, no biases, inputs from 0.01 to 1."""
    preprocessing = Preprocessing(INPUTS, "soft", max_value=_brightest(layers))
    assumed = ["The weights are called as in Make Your Own Neural Network: sigmoids, inputs from 0.01 to 1."]
    activations = ["sigmoid"] * len(layers)
    loss = RASHID.network.loss
    return made(name, layers, activations, loss, preprocessing, RASHID.training, assumed, RASHID.name)


def _brightest(layers: Sequence[Layer]) -> int:
    """Return the brightest value of a pixel in the digits that the first layer reads."""
    return 16 if layers[0].weights.shape[0] == 64 else 255


def _activation(bare: BareWeights, layers: Sequence[Layer], answers: Mapping[str, str]) -> str:
    """Return the answer on the activations; a network without hidden layers has softmax outputs."""
    if len(layers) == 1 and "activation" not in answers:
        return "relu"  # there is no hidden layer, and the outputs are softmax
    usual = "relu" if bare.program else "sigmoid"  # bare arrays come from books, whose networks are sigmoids
    keys = sorted(FUNCTIONS, key=lambda key: key != usual)
    text = f"{bare.name}: the file has the weights, but not the activations. Which did the network have?"
    return _answer(text, "activation", [Choice(key, FUNCTIONS[key].label) for key in keys], answers)


def _inputs(bare: BareWeights, layers: Sequence[Layer], answers: Mapping[str, str]) -> str:
    """Return the answer on the range of the inputs."""
    text = f"{bare.name}: the file has the weights, but not the range of the inputs. What were the pixels?"
    return _answer(text, "inputs", [Choice(key, RANGES[key].label) for key in RANGES], answers)


def _answer(text: str, key: str, choices: Sequence[Choice], answers: Mapping[str, str]) -> str:
    """Return the value of the chosen answer; raise the question if there is none."""
    return answer_to(StorageQuestion(text, key, tuple(choices)), answers)


def _rescaled(first: Layer, chosen: Range) -> Layer:
    """Return the first layer for pixels from 0 to 1 in place of the inputs that it was trained with."""
    weights = first.weights.astype(np.float64)
    if not chosen.offset:
        return Layer(chosen.scale * weights, first.biases)
    biases = 0.0 if first.biases is None else first.biases.astype(np.float64)
    return Layer(chosen.scale * weights, biases + chosen.offset * weights.sum(axis=0))


def _checked(name: str, what: str, place: int, array: np.ndarray) -> np.ndarray:
    """Return the array as float32.

    Raises:
        StorageError: for a number that is not finite, or becomes so in float32.
    """
    with np.errstate(over="ignore"):
        numbers = array.astype(np.float32)
    bad = ~np.isfinite(numbers)
    if bad.any():
        index = tuple(int(at) for at in np.argwhere(bad)[0])
        raise StorageError(
            f"{name}: the {what} of layer {place} hold {array[index]} at {index}; the network is unusable"
        )
    return numbers
