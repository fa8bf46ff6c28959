"""The settings of a network, apart from its parameters: layers, activations, loss and initialisers.

They are checked once, when they are made.
"""

from __future__ import annotations

from dataclasses import dataclass

from nncore.activations import ACTIVATIONS
from nncore.checks import require, require_one_of
from nncore.initialisers import INITIALISERS
from nncore.losses import LOSSES
from nncore.parameters import count


@dataclass(frozen=True)
class NetworkSpec:
    """The settings of a network, apart from its parameters.

    Attributes:
        layers: neurons of each layer, inputs first: ``(784, 200, 10)``.
        activations: name in ``ACTIVATIONS`` for every layer but the inputs; softmax only as the last.
        loss: name in ``LOSSES``; each cross-entropy needs its own output activation.
        initialiser, bias_initialiser: names in ``INITIALISERS``.
        biases: whether neurons have a bias.
        dtype: ``"float32"`` or ``"float64"``.
        initial_sd, initial_low, initial_high: for the initialisers that use them.

    Raises:
        ValueError: names the value given and the legal ones.
    """

    layers: tuple[int, ...] = (784, 200, 10)
    activations: tuple[str, ...] = ("relu", "softmax")
    loss: str = "softmax_cross_entropy"
    initialiser: str = "he"
    bias_initialiser: str = "zeros"
    biases: bool = True
    dtype: str = "float32"
    initial_sd: float = 0.1
    initial_low: float = -0.5
    initial_high: float = 0.5

    def __post_init__(self) -> None:
        # JSON and callers may give lists; only tuples can be hashed and cannot be changed.
        try:
            layers = tuple(int(neurons) for neurons in self.layers)
        except (TypeError, ValueError, OverflowError) as error:
            raise ValueError(f"layers is {self.layers!r}; it must be whole numbers of neurons") from error
        object.__setattr__(self, "layers", layers)
        object.__setattr__(self, "activations", tuple(self.activations))
        require(len(self.layers) >= 2, "layers", self.layers, "at least inputs and outputs")
        require(min(self.layers) >= 1, "layers", self.layers, "of at least one neuron each")
        require(
            len(self.activations) == len(self.layers) - 1,
            "activations",
            self.activations,
            f"one for each of the {len(self.layers) - 1} layers after the inputs",
        )
        for position, name in enumerate(self.activations):
            require_one_of(name, ACTIVATIONS, "activation")
            last = position == len(self.activations) - 1
            require(
                last or not ACTIVATIONS[name].output_only, "hidden activation", name, "one that works alone"
            )
        require_one_of(self.loss, LOSSES, "loss")
        legal = LOSSES[self.loss].outputs
        require_one_of(self.activations[-1], legal, f"output activation for {self.loss}")
        require_one_of(self.initialiser, INITIALISERS, "initialiser")
        require_one_of(self.bias_initialiser, INITIALISERS, "bias initialiser")
        require_one_of(self.dtype, ("float32", "float64"), "dtype")
        require(self.initial_sd >= 0, "initial_sd", self.initial_sd, "at least 0")
        require(
            self.initial_low <= self.initial_high,
            "initial_low",
            self.initial_low,
            f"at most {self.initial_high}",
        )

    @property
    def parameter_count(self) -> int:
        """The number of weights and biases together."""
        return count(self.layers, self.biases)
