"""Test that training ends by itself: after the epochs asked for, and when the test loss stops falling."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from nncore.network import Network
from nncore.network_spec import NetworkSpec
from nncore.presets import PRESETS
from tests.web.conftest import Bench, public, until
from web.lab import Lab
from web.runs.history import History, WeightSnapshot
from web.state.address import take_query, to_query
from web.state.lab_state import LabState


async def ended(lab: Lab) -> dict[str, Any]:
    """Wait until training has ended by itself, and return the snapshot."""
    await until(lambda: not public(lab)["running"])
    return public(lab)


def test_train_goes_on_for_the_epochs_chosen_and_as_many_with_the_next_press(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("set", {"epochs": 2})
        lab.state.running = True  # as the button does
        assert public(lab)["epochs"] == 2
        seen = await ended(lab)
        assert (seen["epoch"], seen["samples"], seen["epochs"]) == (2, 1200, None)
        assert lab.state.ended == "Trained for 2 epochs. Press Train to go on."
        await lab.command("play")
        assert lab.state.ended == "" and public(lab)["epochs"] == 4
        assert (await ended(lab))["epoch"] == 4

    experiment.run(story)


def test_a_count_that_was_paused_is_finished(experiment: Bench) -> None:
    """Pause after one of three epochs and train again: it ends after the third."""

    async def story(lab: Lab) -> None:
        await lab.command("set", {"epochs": 3, "batch_size": 20})
        await lab.command("play")
        await until(lambda: lab.runner.experiment.run.epoch > 1)
        await lab.command("pause")
        assert lab.state.ended == ""
        await lab.command("play")
        assert (await ended(lab))["epoch"] == 3

    experiment.run(story)


def test_a_script_asks_for_epochs_without_changing_the_choice(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("play", {"epochs": 1})
        assert (await ended(lab))["epoch"] == 1
        await lab.command("play", {"epochs": 0})
        assert public(lab)["epochs"] is None and public(lab)["running"]
        await until(lambda: lab.runner.experiment.run.epoch > 11)  # more than the preset's eight
        await lab.command("play", {"epochs": 1})
        goal = public(lab)["epochs"]
        assert (await ended(lab))["epoch"] == goal
        assert lab.state.epochs == PRESETS["fast"].training.epochs == 8
        for args in ({"epochs": -1}, {"epochs": 1.5}, {"epochs": True}, {"epochs": "5"}, {"epoch": 5}):
            with pytest.raises(ValueError, match="epochs"):
                await lab.command("play", args)

    experiment.run(story)


def test_the_number_of_epochs_may_change_while_it_trains(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("set", {"epochs": 0})
        await lab.command("play")
        await until(lambda: lab.runner.experiment.run.epoch > 2)
        run = lab.runner.experiment.run
        await lab.command("set", {"epochs": 1})
        seen = await ended(lab)
        assert lab.runner.experiment.run is run and seen["epoch"] == seen["samples"] / 600 >= 3

    experiment.run(story)


def test_a_press_before_the_digits_are_there_counts_from_the_first_epoch(experiment: Bench) -> None:
    """Ask for one epoch before the digits have arrived: training ends after the first."""

    async def told() -> None:
        lab = experiment.lab
        await lab.command("play", {"epochs": 1})
        await lab.begin(experiment.source)
        assert (await ended(lab))["epoch"] == 1

    asyncio.run(told())


def test_training_ends_when_the_test_loss_rests_and_shows_the_best_moment(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("set", {"epochs": 0, "patience": 2, "learning_rate": 0.3, "batch_size": 100})
        await lab.command("play")
        await until(lambda: public(lab)["rewound"] is not None)
        passes = lab.state.snapshot.evaluations
        best = min(passes, key=lambda known: known.test_loss)
        seen = public(lab)
        assert not seen["running"] and seen["samples"] == seen["rewound"] == best.samples
        assert passes[-1].epoch == best.epoch + 2
        assert lab.state.ended == (
            f"No lower test loss for 2 epochs. This is the best moment, epoch {best.epoch:.0f}."
        )
        await lab.command("branch")
        assert public(lab)["samples"] == best.samples and public(lab)["rewound"] is None

    experiment.run(story)


def test_a_pinned_moment_outlasts_all_thinning_out() -> None:
    """Pin a moment and offer hundreds of others: it is not thinned out."""
    spec = NetworkSpec((784, 10, 10))
    network, size = Network.create(spec, 0), spec.parameter_count * 4
    history = History(memory=10 * size)
    for samples in range(500):
        history.offer(network, samples, samples, 0, 0.0)
        if samples == 77:
            history.pin(WeightSnapshot(network.copy(), samples, samples, 0, 0.0))
        assert history.bytes <= 10 * size
    kept = [moment.samples for moment in history.moments]
    assert 77 in kept and kept == sorted(set(kept)) and kept[0] == 0


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_trains_for_as_long_as_its_source(name: str) -> None:
    state = LabState()
    state.choose(preset=name)
    assert state.epochs == PRESETS[name].training.epochs
    assert "epochs" not in to_query(state)


def test_a_link_carries_when_training_ends() -> None:
    sent, got = LabState(), LabState()
    sent.choose(epochs=0, patience=4)
    assert take_query(got, to_query(sent)) == []
    assert (got.epochs, got.patience) == (0, 4)
