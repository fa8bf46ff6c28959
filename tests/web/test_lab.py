"""Test the lab from its commands to its snapshots, as the page and scripts use it."""

from __future__ import annotations

import asyncio
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.pen import rasterise
from tests.web.conftest import SEVEN, Bench, public, until
from web.commands import COMMANDS
from web.lab import Lab
from web.runner import training_loop
from web.runner.background import TURNS
from web.runner.evaluator import Evaluator
from web.state.choices_table import CHOICES


def test_training_learns_measures_and_pauses(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("play", {"epochs": 0})
        await until(lambda: (public(lab)["test_accuracy"] or 0) > 0.95)
        assert public(lab)["running"]
        await lab.command("pause")
        stopped = public(lab)["samples"]
        # After a pause the lab measures the network again, so that the shown accuracy is its own.
        await until(lambda: public(lab)["evaluated_at"] == stopped)
        assert public(lab)["samples"] == stopped > 0
        assert not public(lab)["running"]

    experiment.run(story)
    assert [m["value"] for m in experiment.messages if m["type"] == "status"] == ["training", "ready"]
    assert experiment.problems() == []


def test_a_page_that_has_not_drawn_the_last_snapshot_gets_no_other(experiment: Bench) -> None:
    """Train without the page's answer: no second snapshot comes before the first is drawn."""
    experiment.draws = False

    async def story(lab: Lab) -> None:
        await lab.command("play", {"epochs": 0})
        await until(lambda: [m for m in experiment.messages if m["type"] == "published"])
        shown = lab.state.snapshot
        await asyncio.sleep(0.6)  # three times the usual time between two snapshots
        assert lab.state.snapshot is shown
        await lab.call("drawn", None)
        await until(lambda: lab.state.snapshot is not shown)
        await lab.command("pause")

    experiment.run(story)


def test_a_step_is_one_mini_batch_and_an_epoch_all_the_digits(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("set", {"batch_size": 50})
        await lab.command("step")
        assert public(lab)["samples"] == 50
        await lab.command("epoch")
        after = public(lab)
        # The trainer began with the first shard, and the second one joined before the first step.
        assert (after["epoch"], after["samples"], after["evaluated_at"]) == (1, 600, 600)
        assert after["test_accuracy"] is not None and not after["running"]

    experiment.run(story)


def test_training_goes_on_when_it_is_asked_for_in_the_middle_of_measuring(
    experiment: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Train again while the measure after a pause is unfinished: nothing blocks, and it ends later."""
    monkeypatch.setattr("web.runner.training_loop.SLICE", 0.0)  # a pass takes many turns

    async def pause(lab: Lab) -> int:
        await lab.command("pause")
        for _ in range(2 * TURNS):
            await asyncio.sleep(0)
        stopped = lab.runner.experiment.run.samples
        assert public(lab)["evaluated_at"] != stopped
        return stopped

    async def story(lab: Lab) -> None:
        await lab.command("play", {"epochs": 0})
        await until(lambda: public(lab)["samples"] > 0)
        stopped = await pause(lab)
        await lab.command("play", {"epochs": 0})
        await until(lambda: public(lab)["samples"] > stopped)
        stopped = await pause(lab)
        await lab.command("play", {"epochs": 0})
        await lab.command("pause")  # before it has begun
        await until(lambda: public(lab)["evaluated_at"] == stopped)

    experiment.run(story)


@pytest.mark.slow
def test_an_epoch_that_was_paused_ends_nothing_later(
    experiment: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pause a single epoch, then train on: the end of that epoch does not stop training."""
    monkeypatch.setattr(training_loop, "SLICE", 0.0)  # one mini-batch a slice

    async def story(lab: Lab) -> None:
        await lab.command("set", {"batch_size": 50})
        epoch = asyncio.ensure_future(lab.command("epoch"))
        while not lab.runner.experiment.run.samples:
            await asyncio.sleep(0)
        await lab.command("pause")
        await epoch
        assert public(lab)["epoch"] == 0
        await lab.command("play", {"epochs": 0})
        await until(lambda: public(lab)["epoch"] >= 2)
        assert public(lab)["running"]
        await lab.command("pause")

    experiment.run(story)


def test_reset_gives_the_same_first_weights_and_undo_brings_the_trained_ones_back(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        first = lab.runner.experiment.run.network.weights[0].copy()
        await lab.command("epoch")
        trained = lab.runner.experiment.run.network.weights[0].copy()
        assert not np.array_equal(first, trained)
        await lab.command("reset")
        assert np.array_equal(lab.runner.experiment.run.network.weights[0], first)
        assert public(lab)["samples"] == 0 and lab.state.undoable
        await lab.command("undo")
        assert np.array_equal(lab.runner.experiment.run.network.weights[0], trained)
        assert public(lab)["samples"] == 600

    experiment.run(story)


def test_a_run_begun_anew_while_training_counts_its_own_seconds(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("play", {"epochs": 0})
        await until(lambda: public(lab)["samples"] > 0)
        await lab.command("reset")
        await lab.command("play", {"epochs": 0})  # before the training loop has noticed the reset
        await until(lambda: public(lab)["samples"] > 0)
        await lab.command("pause")
        assert 0 < public(lab)["seconds"] < 20

    experiment.run(story)


def test_undo_restores_the_choices_of_the_network_it_brings_back(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("set", {"layers": [784, 30, 10], "learning_rate": 0.01})
        await lab.command("step")
        before = lab.state.choices()
        await lab.command("preset", "rashid")
        assert lab.state.batch_size == 1 and public(lab)["layers"] == [784, 200, 10]
        await lab.command("undo")
        assert lab.state.choices() == before
        assert public(lab)["layers"] == [784, 30, 10]

    experiment.run(story)


def test_hot_choices_keep_the_network_and_shape_choices_keep_what_it_learned(experiment: Bench) -> None:
    """Change a rate: the network stays. Widen a layer: its outputs stay."""

    async def story(lab: Lab) -> None:
        await lab.command("epoch")
        await lab.command("set", {"learning_rate": 0.02, "batch_size": 7, "l2": 0.001})
        trainer = lab.runner.experiment.run.trainer
        assert trainer is not None
        assert (trainer.spec.learning_rate, trainer.spec.batch_size, trainer.spec.l2) == (0.02, 7, 0.001)
        x = np.random.default_rng(0).random((5, 784), np.float32)
        outputs = lab.runner.experiment.run.network.predict(x)
        await lab.command("set", {"layers": [784, 260, 10]})
        assert public(lab)["samples"] == 600 and public(lab)["layers"] == [784, 260, 10]
        assert np.allclose(lab.runner.experiment.run.network.predict(x), outputs, atol=1e-6)
        assert "60 neurons added" in lab.state.notice

    experiment.run(story)


def test_while_somebody_draws_a_slice_is_nothing_but_learning(
    experiment: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Draw during training: no measuring is done until some time after the last stroke."""
    turns: list[float] = []

    async def story(lab: Lab) -> None:
        monkeypatch.setattr(Evaluator, "turn", lambda _self, seconds, **_: turns.append(seconds))
        monkeypatch.setattr("web.runner.training_loop.DRAWING", 1000.0)
        lab.state.strokes = SEVEN
        await lab.command("play", {"epochs": 0})
        await until(lambda: lab.runner.experiment.run.samples > 300)
        assert turns == []
        monkeypatch.setattr("web.runner.training_loop.DRAWING", 0.0)
        await until(lambda: turns)
        await lab.command("pause")

    # The replaced evaluator measures nothing, so the pause must not wait for a measure.
    monkeypatch.setattr(Evaluator, "up_to_date", True)
    experiment.run(story)
    assert experiment.problems() == []


def test_a_stroke_changes_what_is_read_and_no_other_part_of_the_snapshot(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("epoch")
        before = lab.state.snapshot
        await lab.command("draw", SEVEN)
        after = lab.state.snapshot
        assert before.reading is None and after.reading is not None
        changed = {field.name for field in fields(after)} - {
            field.name for field in fields(after) if getattr(after, field.name) is getattr(before, field.name)
        }
        assert changed == {"reading"}
        await lab.command("step")
        assert lab.state.snapshot.samples > after.samples and lab.state.snapshot.reading is not None

    experiment.run(story)


def test_what_the_pad_reads_is_the_forward_pass_on_what_it_shows(experiment: Bench) -> None:
    """Draw a seven: its pixels are the pen's, and the answer is the network's on them."""

    async def story(lab: Lab) -> None:
        assert public(lab)["prediction"] is None, "an empty pad reads as nothing"
        await lab.command("epoch")
        await lab.command("draw", SEVEN)
        shown = public(lab)
        pixels = rasterise([np.array(stroke, np.float32) for stroke in SEVEN]).ravel()
        assert np.allclose(shown["pixels"], pixels, atol=1 / 255)
        outputs = lab.runner.experiment.run.network.predict(np.array([shown["pixels"]], np.float32))[0]
        assert shown["prediction"] == outputs.argmax()
        assert np.allclose(shown["probabilities"], outputs, atol=1e-6)
        await lab.command("clear")
        assert public(lab)["prediction"] is None

    experiment.run(story)


@pytest.mark.parametrize("target", [3, [0.0] * 3 + [0.5] + [0.0] * 4 + [0.5, 0.0]])
def test_backquery_returns_an_image_and_the_networks_own_reading(experiment: Bench, target: Any) -> None:
    async def story(lab: Lab) -> None:
        answer = await lab.command("backquery", {"method": "logit", "target": target})
        outputs = lab.runner.experiment.run.network.predict(np.array([answer["image"]], np.float32))[0]
        assert answer["reads"] == outputs.argmax()
        assert np.allclose(answer["outputs"], outputs, atol=1e-5)

    experiment.run(story)


@pytest.mark.parametrize(
    ("name", "args", "words"),
    [
        ("fly", None, "there is no command 'fly'"),
        ("set", {"learnrate": 1}, "there is no choice 'learnrate'"),
        ("set", {"learning_rate": -1}, "learning_rate"),
        ("set", {"learning_rate": float("nan")}, "learning_rate"),
        ("set", {"layers": [784, 0, 10]}, "positive"),
        ("set", {"layers": [784, 20, 9]}, "10 digits"),
        ("set", {"layers": "784"}, "positive"),
        ("set", {"activation": "softmax"}, "activation"),
        ("set", 7, "by name"),
        ("preset", "nobody", "there is no preset 'nobody'"),
        ("draw", [[1, 2]], "list of strokes"),
        ("draw", [[[1, 900]]], "500 x 500"),
        ("draw", {"stroke": []}, "'strokes' is missing"),
        ("backquery", {"target": 11}, "digit from 0 to 9"),
        ("backquery", {"target": 1, "method": "wish"}, "there is no method 'wish'"),
    ],
)
def test_bad_commands_say_what_is_wrong_and_change_nothing(
    experiment: Bench, name: str, args: Any, words: str
) -> None:
    async def story(lab: Lab) -> None:
        before, network = lab.state.choices(), lab.runner.experiment.run.network
        with pytest.raises(ValueError, match=words):
            await lab.command(name, args)
        assert lab.state.choices() == before
        assert lab.runner.experiment.run.network is network

    experiment.run(story)


def test_a_missing_shard_is_named_and_training_goes_on_with_the_others(
    experiment: Bench, shards: Path
) -> None:
    (shards / "train-01-images-idx3-ubyte.gz").unlink()

    async def story(lab: Lab) -> None:
        await lab.command("epoch")
        assert public(lab)["train_size"] == public(lab)["samples"] == 300

    experiment.run(story)
    [problem] = experiment.problems()
    assert "train-01-images-idx3-ubyte.gz" in problem and "300 digits are missing" in problem


def test_a_damaged_shard_is_named(experiment: Bench, shards: Path) -> None:
    path = shards / "train-01-labels-idx1-ubyte.gz"
    data = bytearray(path.read_bytes())
    data[-9] ^= 1
    path.write_bytes(bytes(data))

    async def story(lab: Lab) -> None:
        assert public(lab)["train_size"] == 300

    experiment.run(story)
    [problem] = experiment.problems()
    assert "train-01-labels-idx1-ubyte.gz" in problem and "SHA-256" in problem


def test_without_a_manifest_the_page_says_so(experiment: Bench, shards: Path) -> None:
    (shards / "manifest.json").unlink()

    async def story(lab: Lab) -> None:
        with pytest.raises(RuntimeError, match="no digits"):
            await lab.command("step")

    experiment.run(story)
    assert "manifest.json" in experiment.problems()[0]


@pytest.mark.slow
def test_the_same_seed_and_commands_give_the_same_network(shards: Path) -> None:
    async def story(lab: Lab) -> list[float]:
        await lab.command("set", {"seed": 7})
        await lab.command("epoch")
        await lab.command("draw", SEVEN)
        return public(lab)["probabilities"]

    assert Bench(shards).run(story) == Bench(shards).run(story)


def test_divergence_stops_training_and_says_why(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("set", {"optimiser": "sgd", "learning_rate": 100, "l2": 1.0})
        await lab.command("play", {"epochs": 0})
        await until(lambda: not lab.state.running)
        assert "stopped" in lab.state.notice
        assert np.isfinite(lab.runner.experiment.run.network.weights[0]).all()

    experiment.run(story)


def test_every_command_of_the_contract_is_there() -> None:
    contract = ["play", "pause", "step", "epoch", "reset", "preset", "set", "draw", "clear", "backquery"]
    assert set(contract) <= set(COMMANDS)
    assert {"layers", "batch_size", "learning_rate"} <= set(CHOICES)


def test_a_preset_that_distorts_its_digits_trains_here_too(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("set", {"preset": "best", "layers": [784, 16, 10]})
        assert lab.state.activations == ("relu",)
        await lab.command("step")
        trainer = lab.runner.experiment.run.trainer
        assert trainer is not None and trainer.spec.distortion is not None
        assert public(lab)["samples"] == 100

    experiment.run(story)


def test_layers_go_where_they_are_removed_and_activations_follow(experiment: Bench) -> None:
    """Remove the first of three layers: its activation goes, and the other weights stay."""

    async def story(lab: Lab) -> None:
        await lab.command("set", {"layers": [784, 30, 20, 12, 10], "activations": ["relu", "tanh", "elu"]})
        await lab.command("step")
        kept = lab.runner.experiment.run.network.weights[3].copy()
        await lab.command("set", {"layers": [784, 20, 12, 10], "activations": ["tanh", "elu"]})
        assert np.array_equal(lab.runner.experiment.run.network.weights[2], kept), "the first was removed"
        await lab.command("set", {"activation": "sigmoid"})
        assert lab.state.activations == ("sigmoid", "sigmoid")
        with pytest.raises(ValueError, match="up to 6 hidden"):
            await lab.command("set", {"layers": [784, *[5] * 7, 10]})
        with pytest.raises(ValueError, match="one for each"):
            await lab.command("set", {"activations": ["relu"]})

    experiment.run(story)
