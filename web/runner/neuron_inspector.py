"""Collects a page of neurons of the network that is shown, with their weights, the most used first.

It works only while the tab *Inside* is in front. The use of the neurons takes a forward pass over some
hundred test digits. That is done in slices, on a copy, and while a network learns only after each epoch, so
that the pictures keep their places. The weights themselves are copied a few times a second.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nncore import ops
from nncore.network import Network
from web.runs.experiment import Experiment
from web.state.lab_state import LabState
from web.state.snapshot import Neurons
from web.state.tabs import INSIDE

PAGE = 48  # neurons shown at a time
EVERY = 0.4  # seconds between two copies of their weights while the network learns
SAMPLE = 300  # test digits over which use is measured
WORK = 100e6  # multiplications in a chunk with a kernel: about a hundredth of a second
WORK_NUMPY = 5e6  # and in plain NumPy


def use(network: Network, means: list[np.ndarray]) -> list[np.ndarray]:
    """Return the use of each neuron: its mean activation times the sum of its outgoing weights, both without
    sign.

    The use of an output neuron is its mean activation alone.

    Args:
        means: for every layer the mean of ``|activation|`` over some digits, each (neurons,).

    Returns:
        The use in every layer, each (neurons,).
    """
    speaks = [np.abs(weights).sum(axis=1) for weights in network.weights[1:]]
    return [mean * reach for mean, reach in zip(means, [*speaks, np.float32(1)], strict=True)]


@dataclass(frozen=True)
class _Moment:
    """The network whose use was measured, and its training at that time."""

    shape: tuple[int, tuple[int, ...]]
    epoch: int
    samples: int
    measurable: bool

    def differs(self, other: _Moment, learning: bool) -> bool:
        """Return whether use must be measured again: while the network learns, only after an epoch."""
        same = (self.shape, self.measurable) == (other.shape, other.measurable)
        return not same or (self.epoch != other.epoch if learning else self.samples != other.samples)


class NeuronInspector:
    """Collects the neurons of the ``experiment`` that ``state.looking`` names."""

    def __init__(self, experiment: Experiment, state: LabState) -> None:
        self._experiment, self._state = experiment, state
        self._measuring: Iterator[None] | None = None
        self._uses: list[np.ndarray] | None = None
        self._uses_of: _Moment | None = None
        self._seen: Neurons | None = None
        self._seen_of: Any = None
        self._seen_at = 0.0

    @property
    def busy(self) -> bool:
        """Whether a measure of use is unfinished."""
        return self._measuring is not None

    def turn(self, seconds: float) -> None:
        """Measure for about ``seconds``, at least one chunk."""
        end = time.perf_counter() + seconds
        while self._measuring is not None:
            if next(self._measuring, self) is self:
                self._measuring = None
            if time.perf_counter() >= end:
                return

    def look(self) -> Neurons | None:
        """Return the page of neurons to show, or None while the tab *Inside* is not in front.

        It also begins to measure their use when that is due.
        """
        looking, network, run = self._state.looking, self._experiment.shown, self._experiment.run
        if self._state.tab != INSIDE:
            self._measuring = self._seen = None
            return None
        shape = (run.number, network.spec.layers)
        if self._uses_of is None or self._uses_of.shape != shape:
            self._uses = None
        now = _Moment(
            shape, int(run.epoch), self._experiment.shown_samples, self._experiment.test is not None
        )
        if self._uses_of is None or now.differs(self._uses_of, self._state.running):
            self._uses_of = now
            self._measuring = self._measure(network.copy())
        key = (now, looking, id(self._uses))
        throttled = self._state.running and time.perf_counter() - self._seen_at < EVERY
        if self._seen is None or (key != self._seen_of and not throttled):
            self._seen, self._seen_of, self._seen_at = self._page(network), key, time.perf_counter()
        return self._seen

    def _page(self, network: Network) -> Neurons:
        """Return the page of neurons that ``state.looking`` names, within the bounds of the network."""
        looking = self._state.looking
        layer = min(looking.layer, len(network.weights))
        count = network.spec.layers[layer]
        uses = self._uses[layer - 1] if self._uses else None
        order = np.arange(count) if uses is None else np.argsort(-uses, kind="stable")
        page = min(looking.page, (count - 1) // PAGE)
        shown = order[page * PAGE : (page + 1) * PAGE]
        bias = network.parameters.bias(layer - 1)
        last = network.weights[-1]
        columns = np.arange(len(last))
        if self._uses is not None and len(network.weights) > 1:
            columns = np.argsort(-self._uses[-2], kind="stable")
        return Neurons(
            layer=layer,
            page=page,
            count=count,
            shown=shown,
            uses=None if uses is None else uses[shown],
            weights=network.weights[layer - 1][:, shown].T.copy(),
            biases=None if bias is None else bias[shown],
            columns=columns if len(network.weights) > 1 else None,
            outputs=last[columns] if len(network.weights) > 1 else None,
        )

    def _measure(self, network: Network) -> Iterator[None]:
        """Measure the use of all neurons, one chunk of digits at each step."""
        test = self._experiment.test
        if test is None:
            return
        pixels = test.pixels[:: max(1, len(test) // SAMPLE)][:SAMPLE]
        work = WORK_NUMPY if ops.current() == "numpy" else WORK
        size = max(1, min(SAMPLE, int(work / network.spec.parameter_count)))
        sums = [np.zeros(neurons) for neurons in network.spec.layers[1:]]
        for start in range(0, len(pixels), size):
            inputs = self._experiment.run.preprocessing.encode(
                pixels[start : start + size], network.spec.dtype
            )
            with np.errstate(over="ignore", invalid="ignore"):
                for total, activations in zip(sums, network.forward(inputs).activations, strict=True):
                    total += np.abs(activations).sum(axis=0)
            yield
        self._uses = use(network, [total / len(pixels) for total in sums])
