"""Answers questions about the present network; nothing here changes anything."""

from __future__ import annotations

from typing import Any

from nncore import ops
from nncore.backquery import BackQuery, backquery
from web.program.export_script import Recipe, recipe
from web.runs.experiment import Experiment
from web.state.resizing import framed


class Queries:
    """Answers about the run and the digits of the ``experiment``."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment

    def imagine(self, target: Any, method: str) -> BackQuery:
        """Run the network that is shown backwards.

        Args:
            target: a digit, or ten numbers.
            method: a key of ``BACKQUERIES``.

        Raises:
            ValueError: if the target or the method is illegal.
        """
        return backquery(self._experiment.shown, target, method, self._experiment.run.preprocessing)

    def recipe(self) -> Recipe:
        """Return everything that is needed to repeat the present run elsewhere.

        Raises:
            RuntimeError: if no training digits have arrived.
            NotRepeatable: if the run can't be repeated from its seed.
        """
        run = self._experiment.run
        trainer = run.need_trainer()
        return recipe(
            (*run.past, *trainer.history),
            run.preprocessing,
            trainer.steps,
            name=run.name,
            kernel=ops.current(),
            dataset=run.choices["dataset"],
        )

    def neuron(self, layer: Any, neuron: Any) -> dict[str, Any]:
        """Return the weights of one neuron of the network that is shown.

        Args:
            layer, neuron: both count from 1; layer 1 is the first after the inputs.

        Returns:
            ``weights``, ``bias`` (None in a network without biases) and ``outgoing`` (None for an output).

        Raises:
            ValueError: if there is no such neuron.
        """
        network, sizes = self._experiment.shown, self._experiment.shown.spec.layers[1:]
        if layer not in range(1, len(sizes) + 1):
            raise ValueError(f"layer must be from 1 to {len(sizes)}, not {layer!r}")
        if neuron not in range(1, sizes[layer - 1] + 1):
            raise ValueError(f"neuron must be from 1 to {sizes[layer - 1]}, not {neuron!r}")
        bias = network.parameters.bias(layer - 1)
        return {
            "weights": network.weights[layer - 1][:, neuron - 1].tolist(),
            "bias": None if bias is None else float(bias[neuron - 1]),
            "outgoing": None if layer == len(sizes) else network.weights[layer][neuron - 1].tolist(),
        }

    def test_digit(self, index: Any) -> bytes:
        """Return the pixels of one test digit, 784 bytes.

        Args:
            index: its position in the test set, from 0.

        Raises:
            ValueError: if there is no such digit.
        """
        digits = self._experiment.test
        count = len(digits) if digits else 0
        if digits is None or not isinstance(index, int) or not 0 <= index < count:
            raise ValueError(f"test must be the number of a test digit, from 0 to {count - 1}, not {index!r}")
        return framed(digits.pixels[index : index + 1], digits.max_value).tobytes()
