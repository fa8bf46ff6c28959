"""Compare the numbers that the tab *Inside* shows with the network's own weights and activations."""

from __future__ import annotations

import numpy as np

from tests.web.conftest import SEVEN, Bench, until
from web.lab import Lab
from web.runner.neuron_inspector import PAGE, SAMPLE
from web.state.snapshot import Looking, Neurons
from web.views.tabs.inside import VOTES, View


def measured(lab: Lab) -> Neurons | None:
    neurons = lab.state.snapshot.neurons
    return neurons if neurons is not None and neurons.uses is not None else None


def test_neurons_come_by_use_with_their_own_weights(experiment: Bench) -> None:
    """Open the tab *Inside*: neurons come in order of use, with their weights and biases."""

    async def story(lab: Lab) -> None:
        await lab.command("set", {"layers": [784, 60, 20, 10]})
        await lab.command("epoch")
        assert lab.state.snapshot.neurons is None, "nobody looks"
        lab.state.looking = Looking(layer=1, page=1)
        lab.state.tab = "inside"
        await until(lambda: measured(lab) is not None)
        neurons, network = measured(lab), lab.runner.experiment.run.network
        test = lab.runner.experiment.test
        assert neurons is not None and test is not None and len(test) < SAMPLE
        trace = network.forward(lab.runner.experiment.run.preprocessing.encode(test.pixels))
        expected = np.abs(trace.activations[0]).mean(axis=0) * np.abs(network.weights[1]).sum(axis=1)
        order = np.argsort(-expected, kind="stable")
        assert neurons.shown.tolist() == order[PAGE:].tolist()
        assert np.allclose(neurons.uses, expected[neurons.shown], rtol=1e-4)
        assert np.array_equal(neurons.weights, network.weights[0].T[neurons.shown])
        assert np.array_equal(neurons.biases, network.biases[0][neurons.shown])
        assert np.array_equal(neurons.outputs, network.weights[2][neurons.columns])
        lab.state.tab = ""
        await lab.command("step")
        assert lab.state.snapshot.neurons is None

    experiment.run(story)


def test_looking_changes_nothing_and_a_new_network_is_looked_at_anew(experiment: Bench) -> None:
    """Look inside during training: the numbers follow it, and a new network's replace them."""

    async def story(lab: Lab) -> None:
        lab.state.tab = "inside"
        await lab.command("play", {"epochs": 0})
        await until(lambda: measured(lab) is not None)
        first = lab.state.snapshot.neurons
        await until(lambda: lab.state.snapshot.neurons is not first)
        await lab.command("pause")
        await lab.command("set", {"layers": [784, 10]})
        await until(lambda: measured(lab) is not None and measured(lab).count == 10)  # type: ignore[union-attr]
        only = measured(lab)
        assert only is not None and only.outputs is None
        assert np.array_equal(only.weights, lab.runner.experiment.run.network.weights[0].T[only.shown])

    experiment.run(story)


def test_the_tab_shows_votes_that_add_up_to_the_logits(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        tab = View(lab)
        lab.state.tab = "inside"
        await lab.command("epoch")
        await until(lambda: measured(lab) is not None)
        await lab.command("draw", SEVEN)
        tab._what.value = VOTES
        votes = np.frombuffer(tab._matrix.values, "<f4").reshape(-1, 10)
        network, reading = lab.runner.experiment.run.network, lab.state.snapshot.reading
        assert reading is not None
        logits = network.forward(reading.inputs[None]).logits[-1][0]
        assert np.allclose(votes.sum(axis=0) + network.biases[-1], logits, atol=1e-4)
        assert len(tab._pictures.gives) == PAGE
        weights = np.frombuffer(tab._pictures.weights, "<i2").reshape(PAGE, 784) * (tab._pictures.top / 32767)
        neurons = measured(lab)
        assert neurons is not None
        assert np.allclose(weights, neurons.weights, atol=tab._pictures.top / 60000)
        lab.state.tab = "sweep"
        assert lab.state.snapshot.neurons is None

    experiment.run(story)
