"""Annotates the source on the page: shapes in each line of forward, backward and update for the present
network.

A note belongs to a line of the source by a piece of its code. A test checks that every such line exists, so
that the notes always fit the code that runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nncore.activations import ACTIVATIONS
from nncore.losses import LOSSES
from nncore.network import NetworkSpec


@dataclass(frozen=True)
class Present:
    """The values that notes show.

    Attributes:
        spec: the network.
        batch: images in a mini-batch.
        optimiser: its name.
        rate: the present learning rate.
        updates: number of updates so far.
    """

    spec: NetworkSpec
    batch: int
    optimiser: str
    rate: float
    updates: int

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The numbers of inputs and neurons of every layer of weights."""
        return list(zip(self.spec.layers[:-1], self.spec.layers[1:], strict=True))


Note = Callable[[Present], list[str]]
"""A function that returns the notes for one line, one for each layer."""


def _array(*sizes: int) -> str:
    """Return a shape as text, such as ``(784, 200)``, with spaces between thousands."""
    inside = ", ".join(f"{size:,}".replace(",", " ") for size in sizes)
    return f"({inside},)" if len(sizes) == 1 else f"({inside})"


def _affine(now: Present) -> list[str]:
    """Return the shapes of the weighted sums in each layer."""
    bias = now.spec.biases
    return [
        f"{_array(now.batch, inputs)} @ {_array(inputs, neurons)}"
        + (f" + {_array(neurons)}" if bias else "")
        + f" = {_array(now.batch, neurons)}"
        for inputs, neurons in now.pairs
    ]


def _activate(now: Present) -> list[str]:
    """Return the activation of each layer, and the shape that it is applied to."""
    return [
        f"{ACTIVATIONS[name].label} of {_array(now.batch, neurons)}"
        for name, (_, neurons) in zip(now.spec.activations, now.pairs, strict=True)
    ]


def _weights(now: Present) -> list[str]:
    """Return the shapes in the gradient of the weights, last layer first."""
    return [
        f"{_array(inputs, now.batch)} @ {_array(now.batch, neurons)} = {_array(inputs, neurons)}"
        for inputs, neurons in reversed(now.pairs)
    ]


def _biases(now: Present) -> list[str]:
    """Return the shapes in the gradient of the biases, last layer first."""
    if not now.spec.biases:
        return ["no biases here"]
    return [f"{_array(now.batch, neurons)} → {_array(neurons)}" for _, neurons in reversed(now.pairs)]


def _errors(now: Present) -> list[str]:
    """Return the shapes of the errors that go back through the weights, last layer first."""
    return [
        f"{_array(now.batch, neurons)} @ {_array(neurons, inputs)} = {_array(now.batch, inputs)}"
        for inputs, neurons in reversed(now.pairs[1:])
    ]


def _slopes(now: Present) -> list[str]:
    """Return the activation of each hidden layer, and the shape of its derivative, last layer first."""
    hidden = list(zip(now.spec.activations[:-1], now.pairs[:-1], strict=True))
    return [
        f"{ACTIVATIONS[name].label}: {_array(now.batch, neurons)}" for name, (_, neurons) in reversed(hidden)
    ]


def _loss(now: Present) -> list[str]:
    """Return the shapes of the losses and of the output errors."""
    outputs = now.spec.layers[-1]
    return [f"{LOSSES[now.spec.loss].label}: losses {_array(now.batch)}, delta {_array(now.batch, outputs)}"]


def _parameters(now: Present) -> list[str]:
    """Return the number of parameters, and the learning rate."""
    return [f"p, g: {_array(now.spec.parameter_count)}", f"rate {now.rate:.3g}"]


def _step(now: Present) -> list[str]:
    """Return the number of updates so far."""
    return [f"step {now.updates:,} so far"]


@dataclass(frozen=True)
class Part:
    """One listing on the page.

    Attributes:
        title: its heading.
        module: the file of its source.
        name: returns the function's name, which may depend on the optimiser.
        notes: piece of code -> note for the line that contains it.
    """

    title: str
    module: str
    name: Callable[[Present], str]
    notes: dict[str, Note]


PARTS = (
    Part(
        "Forward",
        "nncore/network.py",
        lambda now: "Network.forward",
        {"logits = ops.affine(": _affine, "signal = activation.forward(": _activate},
    ),
    Part(
        "Backward",
        "nncore/network.py",
        lambda now: "Network.backward",
        {
            "losses, delta = self.loss.evaluate(": _loss,
            "ops.multiply(below, delta, transpose_a=True": _weights,
            "delta.sum(axis=0": _biases,
            "error = ops.multiply(sent": _errors,
            "delta = self.activations[layer - 1].vjp(": _slopes,
        },
    ),
    Part(
        "Update",
        "nncore/optimisers.py",
        lambda now: f"{now.optimiser}_update",
        {"p -= g": _parameters, "np.sqrt(second": _step},
    ),
    Part(
        "Batch after batch",
        "nncore/batches.py",
        lambda now: "train_batches",
        {
            "inputs = ops.gather(": lambda now: [_array(now.batch, now.spec.layers[0])],
            "trace = run.network.forward(": lambda now: [
                "activations " + ", ".join(_array(now.batch, neurons) for _, neurons in now.pairs)
            ],
            "run.optimiser.update(": lambda now: [f"all {now.spec.parameter_count:,} parameters"],
        },
    ),
)
"""The listings on the page, in order."""
