"""Shapes beside source: what stands in each line of forward, backward and update for the network at hand.

A note belongs to a line of the source by the code in it; a test holds that every such line is there, so that
the notes can't drift away from what runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nncore.activations import ACTIVATIONS
from nncore.losses import LOSSES
from nncore.network import NetworkSpec


@dataclass(frozen=True)
class Present:
    """What fills the shapes in: the network, the images of a mini-batch, the optimiser, its learning rate
    now, and how many updates there were."""

    spec: NetworkSpec
    batch: int
    optimiser: str
    rate: float
    updates: int

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Inputs and neurons of every layer of weights."""
        return list(zip(self.spec.layers[:-1], self.spec.layers[1:], strict=True))


Note = Callable[[Present], list[str]]


def _array(*sizes: int) -> str:
    inside = ", ".join(f"{size:,}".replace(",", " ") for size in sizes)
    return f"({inside},)" if len(sizes) == 1 else f"({inside})"


def _affine(now: Present) -> list[str]:
    bias = now.spec.biases
    return [
        f"{_array(now.batch, inputs)} @ {_array(inputs, neurons)}"
        + (f" + {_array(neurons)}" if bias else "")
        + f" = {_array(now.batch, neurons)}"
        for inputs, neurons in now.pairs
    ]


def _activate(now: Present) -> list[str]:
    return [
        f"{ACTIVATIONS[name].label} of {_array(now.batch, neurons)}"
        for name, (_, neurons) in zip(now.spec.activations, now.pairs, strict=True)
    ]


def _weights(now: Present) -> list[str]:
    return [
        f"{_array(inputs, now.batch)} @ {_array(now.batch, neurons)} = {_array(inputs, neurons)}"
        for inputs, neurons in reversed(now.pairs)
    ]


def _biases(now: Present) -> list[str]:
    if not now.spec.biases:
        return ["no biases here"]
    return [f"{_array(now.batch, neurons)} → {_array(neurons)}" for _, neurons in reversed(now.pairs)]


def _errors(now: Present) -> list[str]:
    return [
        f"{_array(now.batch, neurons)} @ {_array(neurons, inputs)} = {_array(now.batch, inputs)}"
        for inputs, neurons in reversed(now.pairs[1:])
    ]


def _slopes(now: Present) -> list[str]:
    hidden = list(zip(now.spec.activations[:-1], now.pairs[:-1], strict=True))
    return [
        f"{ACTIVATIONS[name].label}: {_array(now.batch, neurons)}" for name, (_, neurons) in reversed(hidden)
    ]


def _loss(now: Present) -> list[str]:
    outputs = now.spec.layers[-1]
    return [f"{LOSSES[now.spec.loss].label}: losses {_array(now.batch)}, delta {_array(now.batch, outputs)}"]


def _parameters(now: Present) -> list[str]:
    return [f"p, g: {_array(now.spec.parameter_count)}", f"rate {now.rate:.3g}"]


def _step(now: Present) -> list[str]:
    return [f"step {now.updates:,} so far"]


@dataclass(frozen=True)
class Part:
    """One listing: what it is called, where its source is (``name`` may depend on the optimiser), and its
    notes by the code of their lines."""

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
"""What the page shows, in order."""
