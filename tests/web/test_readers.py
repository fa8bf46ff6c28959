"""Test the reader of the pad, a shipped network until the learner's own is trained, and its answers."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.calibration import calibration, tempered
from nncore.metrics import evaluate, predict_pixels
from nncore.network import Network, NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.storage import load
from tests.web.conftest import Bench, made_up
from web.delivery.shipped_models import ShippedModels
from web.delivery.site_files import folder_fetch
from web.lab import Lab
from web.pad.readers import calibrated, shares
from web.views.draw import no_digit, remark
from web.views.reader_card import own_card, shipped_card, summary

MODELS = Path(__file__).parents[2] / "web" / "models"
SEVEN = [[[120, 130], [380, 110], [240, 430]]]
HOUSE = [[[100, 450], [100, 200], [250, 60], [400, 200], [400, 450], [100, 450]], [[100, 200], [400, 200]]]


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """Copy the shipped networks, without the largest one, to a folder that a test may change."""
    folder = tmp_path / "models"
    shutil.copytree(MODELS, folder, ignore=shutil.ignore_patterns("best.npz"))
    return folder


async def with_models(lab: Lab, experiment: Bench, models: Path) -> None:
    await lab.begin(experiment.source, ShippedModels(folder_fetch(models)))
    lab.follow()
    while lab.arriving:
        await asyncio.sleep(0.01)


def test_the_shipped_network_reads_until_the_learners_own_has_learned(
    experiment: Bench, models: Path
) -> None:
    async def story(lab: Lab) -> None:
        await with_models(lab, experiment, models)
        await lab.command("draw", SEVEN)
        shown = lab.state.snapshot.public()
        small = load(models / "small.npz")
        outputs = small.network.predict(np.array([shown["pixels"]], np.float32))[0]
        assert (shown["reader"], shown["prediction"], shown["samples"]) == ("small", 7, 0)
        assert np.allclose(shown["probabilities"], outputs, atol=1e-6)
        assert shown["calibrated"] == shown["probabilities"]
        await lab.command("step")
        own = lab.runner.experiment.run.network
        shown = lab.state.snapshot.public()
        assert shown["reader"] == "yours" and shown["calibrated"] is None
        assert np.allclose(shown["probabilities"], own.predict(np.array([shown["pixels"]], np.float32))[0])

    experiment.run(story)


def test_the_choice_stands_above_the_rule(experiment: Bench, models: Path) -> None:
    """Choose a reader: it reads the pad, whether the learner's own network is trained or not."""

    async def story(lab: Lab) -> None:
        await with_models(lab, experiment, models)
        await lab.command("set", {"reader": "yours"})
        await lab.command("draw", SEVEN)
        assert lab.state.snapshot.reader == "yours"
        assert remark(lab.state.snapshot) == "a guess: it has not learned yet"
        await lab.command("set", {"reader": "small"})
        await lab.command("step")
        assert lab.state.snapshot.reader == "small" and lab.state.snapshot.reading.digit == 7
        assert lab.state.snapshot.samples > 0, "choosing a reader is not beginning again"

    experiment.run(story)


def test_best_reads_as_soon_as_it_has_come(experiment: Bench, models: Path) -> None:
    async def story(lab: Lab) -> None:
        await with_models(lab, experiment, models)
        await lab.command("set", {"reader": "best"})
        assert lab.state.snapshot.reader == "small", "it has not come yet"
        lab.runner.add_reader("best", load(models / "small.npz"))
        assert lab.state.snapshot.reader == "best"

    experiment.run(story)


def test_what_is_no_digit_is_said_and_read_all_the_same(experiment: Bench, models: Path) -> None:
    """Draw a house: the pad says that it looks like no digit, and still reads one."""

    async def story(lab: Lab) -> None:
        await with_models(lab, experiment, models)
        await lab.command("draw", SEVEN)
        assert lab.state.snapshot.public()["looks_like_digit"] is True
        await lab.command("draw", HOUSE)
        shown = lab.state.snapshot.public()
        assert shown["looks_like_digit"] is False and shown["digit_score"] < 0.5
        assert shown["prediction"] in range(10)
        assert remark(lab.state.snapshot) == "if it were one" and no_digit(lab.state.snapshot)
        await lab.command("clear")
        shown = lab.state.snapshot.public()
        assert (shown["prediction"], shown["digit_score"], shown["looks_like_digit"]) == (None, None, None)

    experiment.run(story)


def test_a_network_that_does_not_come_is_named_and_the_own_one_reads(experiment: Bench, models: Path) -> None:
    """Lose the shipped files: the page names them, and the learner's own network reads."""
    (models / "small.npz").unlink()
    (models / "gate.npz").write_bytes(b"no network")

    async def story(lab: Lab) -> None:
        await with_models(lab, experiment, models)
        await lab.command("draw", SEVEN)
        shown = lab.state.snapshot.public()
        assert shown["reader"] == "yours" and shown["digit_score"] is None

    experiment.run(story)
    for name, problem in zip(("small", "gate", "best"), experiment.problems(), strict=True):
        assert f"{name}.npz" in problem


def test_calibration_is_what_tempering_the_network_would_give() -> None:
    network = Network.create(NetworkSpec((784, 20, 10), ("relu", "softmax"), "softmax_cross_entropy"), 3)
    pixels = made_up(5, 1).pixels
    outputs = predict_pixels(network, pixels, Preprocessing())
    expected = predict_pixels(tempered(network, 1.7), pixels, Preprocessing())
    found = np.array([calibrated(row, 1.7) for row in outputs])
    assert np.allclose(found, expected, atol=1e-6)
    assert calibrated(outputs[0], None) is None
    assert calibrated(outputs[0], 1) == shares(outputs[0])


@pytest.mark.slow
def test_the_learners_own_network_is_calibrated_once_it_has_been_measured(experiment: Bench) -> None:
    async def story(lab: Lab) -> Any:
        await lab.command("set", {"learning_rate": 0.02})
        for _ in range(6):
            await lab.command("epoch")
        await lab.command("draw", SEVEN)
        run, evaluation = lab.runner.experiment.run, lab.state.snapshot.evaluation
        assert lab.state.snapshot.reading.calibrated is not None
        assert "Calibrated" in own_card(lab.state.snapshot)
        errors = []
        for temperature in (1, evaluation.temperature):
            result = evaluate(
                tempered(run.network, temperature), lab.runner.experiment.test, run.preprocessing
            )
            errors.append((result.loss, calibration(result.outputs, result.labels).error))
        assert errors[1][0] < errors[0][0], "closer to how often it is right"

    experiment.run(story)


def test_sigmoids_are_said_not_to_be_calibrated(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("preset", "rashid")
        await lab.command("set", {"batch_size": 50})
        await lab.command("epoch")
        await lab.command("draw", SEVEN)
        assert lab.state.snapshot.reading.calibrated is None
        assert "not calibrated" in remark(lab.state.snapshot)
        assert "Not calibrated" in own_card(lab.state.snapshot)

    experiment.run(story)


def test_cards_say_what_was_measured(experiment: Bench, models: Path) -> None:
    async def story(lab: Lab) -> None:
        await with_models(lab, experiment, models)
        card = lab.state.cards["small"]
        html = shipped_card(card)
        assert f"{100 * card['test']['accuracy']:.2f} %" in html and "10,000 test images" in html
        assert f"{100 * card['strokes']['accuracy']:.2f} %" in html and "119,574 weights" in html
        assert "<b>Small (shipped)</b> reads" in summary(lab.state.snapshot, lab.state.cards)

    experiment.run(story)
