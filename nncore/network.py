"""The network: layers of weighted sums, each followed by an activation.

``forward`` changes nothing and returns a ``Trace`` of every intermediate result; ``backward`` takes such a
trace and returns gradients. Inspecting a network, or predicting during training, therefore cannot disturb it.

With ``x`` a batch of inputs ``(n, n_in)``, ``W`` ``(n_in, n_out)`` and ``b`` ``(n_out,)``, a layer is ``z = x
W + b``, ``a = f(z)``. Going back with ``delta``, the loss's slope by ``z``: the weights' gradient is ``x^T
delta``, the biases' is the sum of ``delta`` over the batch, and the layer below gets ``delta W^T`` (Nielsen,
Neural Networks and Deep Learning, BP1 to BP4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore import ops
from nncore.activations import ACTIVATIONS, Activation
from nncore.checks import require, require_one_of
from nncore.initialisers import INITIALISERS
from nncore.losses import LOSSES, Loss
from nncore.network_spec import NetworkSpec
from nncore.parameters import Parameters

__all__ = ["RULES", "Grads", "Network", "NetworkSpec", "Trace"]

RULES: dict[str, str] = {
    "gradient": "The exact gradient of the loss.",
    "rashid": (
        "The rule of Make Your Own Neural Network: what goes back through the transposed weights is the raw "
        "error, targets minus outputs, without the slope of any activation on the way; each layer's weights "
        "then move by its error times its own slope. With one hidden layer and sigmoids, the output weights "
        "follow the squared error and the hidden weights the cross-entropy. The loss chosen is shown but "
        "steers nothing."
    ),
}
"""Name -> explanation of each rule by which ``backward`` can send errors back."""


@dataclass(frozen=True, eq=False)
class Trace:
    """All results of a forward pass: one entry a weight layer; every array ``(n, neurons)``.

    Attributes:
        inputs: the batch of inputs.
        logits: the weighted sums.
        activations: the outputs of each layer's neurons; the last is the network's output.
    """

    inputs: np.ndarray
    logits: list[np.ndarray]
    activations: list[np.ndarray]

    @property
    def output(self) -> np.ndarray:
        """The outputs of the last layer, ``(n, n_out)``."""
        return self.activations[-1]


@dataclass(frozen=True, eq=False)
class Grads:
    """The gradient of the mean loss of a batch, in the layout of the network's own parameters.

    Attributes:
        parameters: the gradient; its ``weights``, ``biases`` and ``flat`` are properties here too.
        losses: the loss of every image before the update, ``(n,)``, a by-product.
    """

    parameters: Parameters
    losses: np.ndarray

    @property
    def weights(self) -> list[np.ndarray]:
        """The gradient by the weights of every layer, ``(n_in, n_out)``."""
        return self.parameters.weights

    @property
    def biases(self) -> list[np.ndarray]:
        """The gradient by the biases of every layer, ``(n_out,)``."""
        return self.parameters.biases

    @property
    def flat(self) -> np.ndarray:
        """The whole gradient as one vector, ``(parameters,)``."""
        return self.parameters.flat


class Network:
    """A multilayer perceptron: its settings and its parameters.

    Args:
        spec: the settings.
        parameters: used directly, without a copy.

    Raises:
        ValueError: if they don't fit the spec.
    """

    def __init__(self, spec: NetworkSpec, parameters: Parameters) -> None:
        require(
            parameters.flat.shape == (spec.parameter_count,) and parameters.layers == spec.layers,
            "layers of the parameters",
            parameters.layers,
            f"those of the spec, {spec.layers}",
        )
        require(
            parameters.flat.dtype == spec.dtype,
            "dtype of the parameters",
            str(parameters.flat.dtype),
            spec.dtype,
        )
        self.spec = spec
        self.parameters = parameters

    @classmethod
    def create(cls, spec: NetworkSpec, seed: int = 0) -> Network:
        """Return a new network with random weights.

        The same seed gives the same numbers in both dtypes, up to rounding.
        """
        rng = np.random.default_rng(seed)
        parameters = Parameters(spec.layers, spec.biases, dtype=spec.dtype)
        for layer, weights in enumerate(parameters.weights):
            n_in, n_out = weights.shape
            weights[...] = INITIALISERS[spec.initialiser].draw(rng, (n_in, n_out), n_in, n_out, spec)
            if spec.biases:
                draw = INITIALISERS[spec.bias_initialiser].draw
                parameters.biases[layer][...] = draw(rng, (n_out,), n_in, n_out, spec)
        return cls(spec, parameters)

    @classmethod
    def from_arrays(
        cls, spec: NetworkSpec, weights: list[np.ndarray], biases: list[np.ndarray] | None = None
    ) -> Network:
        """Return a network with copies of the given arrays.

        Raises:
            ValueError: if a shape differs from the spec's.
        """
        parameters = Parameters(spec.layers, spec.biases, dtype=spec.dtype)
        given = {"weights": list(weights), "biases": list(biases or [])}
        wanted = {"weights": parameters.weights, "biases": parameters.biases}
        for kind, arrays in wanted.items():
            shapes = [np.shape(array) for array in given[kind]]
            require(
                shapes == [array.shape for array in arrays],
                f"shapes of the {kind}",
                shapes,
                str([array.shape for array in arrays]),
            )
            for array, source in zip(arrays, given[kind], strict=True):
                array[...] = source
        return cls(spec, parameters)

    @property
    def weights(self) -> list[np.ndarray]:
        """The weights of every layer, ``(n_in, n_out)``: views, so writing to them changes the network."""
        return self.parameters.weights

    @property
    def biases(self) -> list[np.ndarray]:
        """The biases of every layer, ``(n_out,)``; an empty list in a network without biases."""
        return self.parameters.biases

    @property
    def activations(self) -> list[Activation]:
        """The activation of every layer after the inputs."""
        return [ACTIVATIONS[name] for name in self.spec.activations]

    @property
    def loss(self) -> Loss:
        """The loss function."""
        return LOSSES[self.spec.loss]

    def copy(self) -> Network:
        """Return an independent network with the same numbers."""
        return Network(self.spec, self.parameters.copy())

    def forward(self, inputs: np.ndarray) -> Trace:
        """Send a batch through the network: ``(n, n_in)`` of the network's dtype."""
        trace = Trace(inputs, [], [])
        signal = inputs
        for layer, activation in enumerate(self.activations):
            logits = ops.affine(signal, self.parameters.weights[layer], self.parameters.bias(layer))
            signal = activation.forward(logits)
            trace.logits.append(logits)
            trace.activations.append(signal)
        return trace

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Return the outputs alone, ``(n, n_in)`` to ``(n, n_out)``."""
        return self.forward(inputs).output

    def losses(self, trace: Trace, targets: np.ndarray) -> np.ndarray:
        """Return the loss of every image of a trace, ``(n,)``."""
        return self.loss.value(trace.logits[-1], trace.output, targets, self.activations[-1])

    def backward(
        self, trace: Trace, targets: np.ndarray, rule: str = "gradient", out: Parameters | None = None
    ) -> Grads:
        """Return the gradient of the mean loss over the batch of ``trace``.

        Args:
            trace: from ``forward``; the parameters must not have changed since.
            targets: ``(n, n_out)``.
            rule: key of ``RULES``.
            out: memory for the gradient; new memory if None.

        Returns:
            ``Grads``, without the L2 penalty (``train_batches`` adds it).
        """
        require_one_of(rule, RULES, "rule")
        grads = out or Parameters(self.spec.layers, self.spec.biases, dtype=self.spec.dtype)
        losses, delta = self.loss.evaluate(trace.logits[-1], trace.output, targets, self.activations[-1])
        # Dividing the small delta by n here saves dividing every gradient later.
        share = 1 / len(targets)
        sent = delta = delta * share
        if rule == "rashid":
            sent = (trace.output - targets) * share
            delta = self.activations[-1].vjp(sent, trace.logits[-1], trace.output)
        for layer in reversed(range(len(grads.weights))):
            below = trace.activations[layer - 1] if layer else trace.inputs
            ops.multiply(below, delta, transpose_a=True, out=grads.weights[layer])
            if self.spec.biases:
                delta.sum(axis=0, out=grads.biases[layer])
            if layer:
                error = ops.multiply(sent, self.weights[layer], transpose_b=True)
                delta = self.activations[layer - 1].vjp(error, trace.logits[layer - 1], below)
                sent = error if rule == "rashid" else delta
        return Grads(grads, losses)

    def input_gradient(self, trace: Trace, targets: np.ndarray) -> np.ndarray:
        """Return the slope of every image's own loss by its inputs, ``(n, n_in)``.

        A back-query by gradient descends it.
        """
        delta = self.loss.delta(trace.logits[-1], trace.output, targets, self.activations[-1])
        for layer in reversed(range(1, len(self.weights))):
            error = ops.multiply(delta, self.weights[layer], transpose_b=True)
            delta = self.activations[layer - 1].vjp(
                error, trace.logits[layer - 1], trace.activations[layer - 1]
            )
        return ops.multiply(delta, self.weights[0], transpose_b=True)
