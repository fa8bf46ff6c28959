"""Test mixing distortions, styles and the learner's own digits into a training run."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.datasets import Dataset
from nncore.presets import PRESETS
from nncore.styles import ALL_STYLES
from tests.web.conftest import Bench
from web.lab import Lab
from web.pad.own_drawings import MyDigit
from web.runner.training_mix import STOCK, Stock, stock_of
from web.state.address import take_query, to_query
from web.state.distortion_choices import choices_of_distortion, distortion_of
from web.state.kinds import STYLE_KEYS
from web.state.lab_state import LabState

ONE = MyDigit(8, (((250.0, 60.0), (250.0, 440.0)),))


def test_the_preset_best_is_distorted_as_in_the_core() -> None:
    state = LabState()
    state.choose(preset="best")
    assert (state.affine, state.elastic, state.thickness) == (1.0, 20.0, 0.0)
    assert state.core_settings()[2].distortion == PRESETS["best"].training.distortion
    state.choose(preset="fast")
    assert state.core_settings()[2].distortion is None
    found = choices_of_distortion(distortion_of(0.5, 7, 0.25))
    assert found == {"affine": 0.5, "elastic": 7, "thickness": 0.25}
    small = distortion_of(1, 0, 0, pixels=64)
    assert small is not None and small.shape == (8, 8) and small.shift < 0.5


def test_distortions_are_hot_and_in_the_history(experiment: Bench) -> None:
    """Change distortions during training: they apply at once and are in the history."""

    async def story(lab: Lab) -> None:
        await lab.command("step")
        await lab.command("set", {"affine": 0.5, "thickness": 0.3})
        trainer = lab.runner.experiment.run.trainer
        assert trainer is not None and lab.state.snapshot.samples == 100
        assert trainer.spec.distortion == distortion_of(0.5, 0, 0.3)
        assert trainer.history[-1]["distortion"]["rotation"] == 5
        await lab.command("step")
        await lab.command("set", {"affine": 0, "thickness": 0})
        assert trainer.spec.distortion is None
        with pytest.raises(ValueError, match="affine"):
            await lab.command("set", {"affine": 3})

    experiment.run(story)


@pytest.mark.slow
def test_styles_make_up_their_share_from_the_next_epoch_on(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("set", {"styles": 0.4, "learning_rate": 0.003})
        await lab.command("epoch")
        # 600 digits and 400 generated ones
        assert lab.state.snapshot.samples == 1000 and lab.state.snapshot.train_size == 600
        crossed = stock_of("7 crossed", 50)
        run, share = lab.runner.experiment.run, 0.0
        for _ in range(40):  # generating the styles takes some epochs, more on a slow machine
            await lab.command("epoch")
            reads = run.network.predict(run.preprocessing.encode(crossed.pixels)).argmax(axis=1)
            if (share := float((reads == 7).mean())) > 0.8:
                break
        assert share > 0.8
        await lab.command("set", {"styles": 0})
        before = lab.state.snapshot.samples
        await lab.command("epoch")
        assert lab.state.snapshot.samples == before + 600

    experiment.run(story)


def test_my_digits_can_be_mixed_in_too(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        lab.state.my_digits = (ONE,)
        await lab.command("set", {"mine": 0.25})
        await lab.command("epoch")
        assert lab.state.snapshot.samples == 800
        await lab.command("epoch")
        assert [row["read"] for row in await lab.command("my_digits")] == [8]

    experiment.run(story)


def test_styles_can_be_left_out_one_by_one() -> None:
    state, other = LabState(), LabState()
    state.choose(styles_off=["7 crossed", "1 flag"], styles=0.3)
    assert state.styles_off == tuple(key for key in STYLE_KEYS if key in ("7 crossed", "1 flag"))
    assert take_query(other, to_query(state)) == []
    assert (other.styles_off, other.styles) == (state.styles_off, 0.3)
    with pytest.raises(ValueError, match="styles_off"):
        state.choose(styles_off=["7 backwards"])


def test_a_stock_grows_in_turns_and_is_always_the_same() -> None:
    """Draw the stock of two styles in short turns: the pictures do not depend on the turns."""
    stock = Stock(["7 crossed", "1 flag"], count=6)
    while stock.share < 1:
        stock.turn(0)
        stock.turn(0.002)
    drawn = stock.so_far()
    assert isinstance(drawn, Dataset) and len(drawn) == 12 and set(drawn.labels.tolist()) == {1, 7}
    assert np.array_equal(drawn.pixels[::2], stock_of("7 crossed", 6).pixels)
    assert len(ALL_STYLES) == len(STYLE_KEYS) and STOCK > 1


def test_the_network_that_reads_the_pad_reads_examples_while_their_tab_is_open(experiment: Bench) -> None:
    """Open the tab *Styles*: only then does the network that reads the pad read an example of each style."""

    async def story(lab: Lab) -> None:
        await lab.command("epoch")
        pixels = await lab.my_digits.styles.examples()
        assert pixels.shape == (len(STYLE_KEYS), 784) and lab.state.style_reads == ()
        lab.state.tab = "styles"
        run = lab.runner.experiment.run
        outputs = run.network.predict(run.preprocessing.encode(pixels))
        assert lab.state.style_reads == tuple(outputs.argmax(axis=1))

    experiment.run(story)


@pytest.mark.slow
def test_the_lesson_of_the_crossed_seven(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        with pytest.raises(ValueError, match="train your network first"):
            await lab.command("style_lesson", "7 crossed")
        for _ in range(3):
            await lab.command("epoch")
        network = lab.runner.experiment.run.network
        untouched = network.parameters.flat.copy()
        done = await lab.command("style_lesson", {"style": "7 crossed"})
        lesson = lab.state.style_lesson
        assert lesson.right(lesson.after) > 20 > lesson.right(lesson.before)
        assert done["test_after"] > done["test_before"] - 0.05
        assert lab.runner.experiment.run.network is network
        assert np.array_equal(network.parameters.flat, untouched)
        with pytest.raises(ValueError, match="style"):
            await lab.command("style_lesson", "7 backwards")

    experiment.run(story)
