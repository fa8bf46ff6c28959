"""Test rewinding, branches and the log of runs: earlier networks come back and are shown as they were."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nncore.network import Network
from nncore.network_spec import NetworkSpec
from tests.web.conftest import SEVEN, Bench, public, until
from web.lab import Lab
from web.runs.history import History


def test_history_is_bounded_keeps_the_first_and_lies_evenly() -> None:
    """Offer 1,000 moments: the memory is bounded, the first is kept, and all are evenly spaced."""
    spec = NetworkSpec((784, 10, 10))
    network, size = Network.create(spec, 0), spec.parameter_count * 4
    history = History(memory=10 * size)
    for samples in range(1000):
        history.offer(network, samples, samples, 0, 0.0)
        assert history.bytes <= 10 * size
    kept = [moment.samples for moment in history.moments]
    gaps = np.diff(kept)
    assert kept[0] == 0 and 5 <= len(kept) <= 10
    assert kept[-1] > 800 and len(set(gaps.tolist())) == 1


@pytest.mark.slow
def test_the_past_is_shown_as_it_was_and_now_comes_back(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("draw", SEVEN)
        first = public(lab)["probabilities"]
        await lab.command("epoch")
        now, trained = public(lab), lab.runner.experiment.run.network.weights[0].copy()
        assert now["moments"][0] == 0 and now["probabilities"] != first
        await lab.command("rewind", 0)
        await until(lambda: public(lab)["rewound"] == 0)
        then = public(lab)
        assert (then["samples"], then["epoch"], then["loss"]) == (0, 0, None)
        assert then["probabilities"] == pytest.approx(first)
        assert not then["running"]
        await until(lambda: public(lab)["evaluated_at"] == 0)  # the first moment had no measure yet
        assert public(lab)["test_accuracy"] < 0.5
        await lab.command("rewind", None)
        back = public(lab)
        assert (back["samples"], back["rewound"]) == (now["samples"], None)
        assert back["probabilities"] == pytest.approx(now["probabilities"])
        assert np.array_equal(lab.runner.experiment.run.network.weights[0], trained)

    experiment.run(story)


def test_a_branch_begins_where_the_slider_is_even_before_that_moment_is_on_the_screen(
    experiment: Bench,
) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("step")
        trained = lab.runner.experiment.run.samples
        for _ in range(2):  # the second time, the first one's moment is still being measured
            lab.state.rewind = 0
            lab.state.rewind = None
        lab.state.rewind = 0
        lab.runner.switcher.branch()
        assert (lab.state.rewind, lab.runner.experiment.run.samples) == (None, 0)
        assert trained > 0 and lab.state.problem == ""

    experiment.run(story)


def test_training_and_choosing_go_on_from_now_not_from_the_past(experiment: Bench) -> None:
    """Train or change a setting while rewound: the present network goes on."""

    async def story(lab: Lab) -> None:
        await lab.command("epoch")
        for name, args in (("step", None), ("set", {"learning_rate": 0.01})):
            before = lab.runner.experiment.run.samples
            await lab.command("rewind", 0)
            await until(lambda: public(lab)["rewound"] == 0)
            await lab.command(name, args)
            assert public(lab)["rewound"] is None and public(lab)["samples"] >= before

    experiment.run(story)


def test_a_branch_goes_on_from_the_past_and_the_run_so_far_can_be_brought_back(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("set", {"batch_size": 20})
        for _ in range(6):
            await lab.command("step")
        await lab.command("set", {"layers": [784, 250, 10]})
        await lab.command("step")
        await lab.command("rewind", 60)
        await until(lambda: public(lab)["rewound"] == 60)
        weights = lab.runner.experiment.shown.weights[0].copy()
        await lab.command("branch")
        branched = public(lab)
        assert (branched["samples"], branched["rewound"]) == (60, None)
        assert branched["layers"] == [784, 200, 10] == list(lab.state.layers)
        assert np.array_equal(lab.runner.experiment.run.network.weights[0], weights)
        # A checkpoint of the branch counts its 60 images, before it has trained at all.
        assert lab.runner.experiment.run.trainer.checkpoint().samples == 60
        await lab.command("step")
        assert public(lab)["samples"] == 80
        await lab.command("undo")
        assert public(lab)["samples"] == 140 and public(lab)["layers"] == [784, 250, 10]

    experiment.run(story)


@pytest.mark.parametrize(
    ("args", "words"), [("soon", "number of images"), (-3, "number of images"), (5, "past")]
)
def test_a_rewind_that_can_not_be_says_why(experiment: Bench, args: Any, words: str) -> None:
    async def story(lab: Lab) -> None:
        with pytest.raises(ValueError, match=words):
            await lab.command("rewind", args)
        with pytest.raises(RuntimeError, match="rewind first"):
            await lab.command("branch")

    experiment.run(story)


def test_every_run_is_logged_can_be_named_and_comes_back(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("epoch")
        trained = lab.runner.experiment.run.network.weights[0].copy()
        await lab.command("set", {"optimiser": "sgd", "layers": [784, 30, 10]})
        await lab.command("step")
        await lab.command("reset")
        first, second = await lab.command("runs")
        assert (first["optimiser"], second["optimiser"]) == ("adam", "sgd")
        assert first["samples"] == 600 and first["test_accuracy"] is not None
        await lab.command("rename", {"run": first["run"], "name": "<b>the first</b>"})
        assert (await lab.command("runs"))[0]["name"] == "<b>the first</b>"
        await lab.command("reload", first["run"])
        assert np.array_equal(lab.runner.experiment.run.network.weights[0], trained)
        assert (lab.state.optimiser, lab.state.layers) == ("adam", (784, 200, 10))
        assert public(lab)["samples"] == 600 and public(lab)["test_accuracy"] == first["test_accuracy"]
        await lab.command("step")
        assert public(lab)["samples"] > 600
        with pytest.raises(ValueError, match="no run 99"):
            await lab.command("reload", 99)
        with pytest.raises(ValueError, match="at least one character"):
            await lab.command("rename", {"run": first["run"], "name": "  "})

    experiment.run(story)


def test_the_networks_of_a_sweep_join_and_their_choices_can_be_taken_up(experiment: Bench) -> None:
    """Run a sweep: its networks are in the table, and loading one takes up its choices."""

    async def story(lab: Lab) -> None:
        await lab.command("sweep", {"setting": "hidden", "values": [5, 7]})
        runs = await lab.command("runs")
        assert [run["layers"] for run in runs] == [[784, 5, 10], [784, 7, 10]]
        assert all(run["test_accuracy"] is not None and not run["kept"] for run in runs)
        await lab.command("reload", runs[1]["run"])
        assert public(lab)["layers"] == [784, 7, 10] and public(lab)["samples"] == 0

    experiment.run(story)


def test_a_choice_that_begins_a_new_network_is_asked_about_once_something_was_learned(
    experiment: Bench,
) -> None:
    async def story(lab: Lab) -> None:
        lab.staging.propose(optimiser="sgd")
        assert lab.state.optimiser == "sgd", "nothing to lose yet"
        await lab.command("step")
        samples = public(lab)["samples"]
        lab.staging.propose(optimiser="adam")
        assert lab.state.optimiser == "sgd" and public(lab)["samples"] == samples
        assert lab.staging.question() == "Begin again with Adam?"
        lab.staging.propose(output="sigmoid")
        assert "another loss" in lab.staging.objection()
        lab.staging.propose(loss="binary_cross_entropy")
        assert lab.staging.objection() == ""
        lab.staging.begin()
        chosen = (lab.state.optimiser, lab.state.output, lab.state.loss)
        assert chosen == ("adam", "sigmoid", "binary_cross_entropy")
        assert public(lab)["samples"] == 0 and not lab.state.staged
        await lab.command("undo")
        assert (lab.state.optimiser, public(lab)["samples"]) == ("sgd", samples)
        lab.staging.propose(preset="rashid")
        lab.staging.keep()
        assert not lab.state.staged and lab.state.preset == "fast"

    experiment.run(story)
