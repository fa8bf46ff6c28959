"""Test choosing another data set: the network's inputs, the pad and the pictures change with it."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest

from nncore.datasets.digits8x8 import load_digits8x8
from tests.web.conftest import SEVEN, Bench, public, until
from web.lab import Lab
from web.pad.own_drawings import my_digit
from web.state.lab_state import LabState
from web.state.resizing import fitted, framed


def test_the_inputs_follow_the_digits() -> None:
    state = LabState()
    state.choose(layers=(784, 30, 10), dataset="mnist")
    state.choose(dataset="digits8x8")
    assert state.layers == (64, 30, 10)
    assert state.core_settings()[1].max_value == 16
    with pytest.raises(ValueError, match="the 64 pixels of 8 × 8 digits, not 784"):
        state.choose(layers=(784, 30, 10))
    assert state.refusal(dataset="mnist") == "" and state.layers == (64, 30, 10)
    state.choose(preset="rashid")
    assert (state.dataset, state.layers[0]) == ("mnist", 784)
    state.choose(preset="digits-from-scratch")
    assert (state.dataset, state.layers) == ("digits8x8", (64, 10, 10))


@pytest.mark.slow
def test_small_digits_are_learned_read_and_imagined_and_undo_brings_the_others_back(
    experiment: Bench,
) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("epoch")
        before = public(lab)
        await lab.command("set", {"dataset": "digits8x8"})
        await lab.command("draw", SEVEN)
        seen = public(lab)
        assert (seen["train_size"], seen["test_size"], seen["layers"][0]) == (1257, 540, 64)
        for _ in range(8):
            await lab.command("epoch")
        await until(lambda: (public(lab)["test_accuracy"] or 0) > 0.8)
        seen = public(lab)
        assert len(seen["pixels"]) == 64 and 0.2 < max(seen["pixels"]) <= 1
        answer = await lab.command("backquery", {"method": "gradient", "target": 3})
        assert len(answer["image"]) == 64 and answer["reads"] == 3
        await lab.command("undo")
        after = public(lab)
        assert lab.state.dataset == "mnist" and after["layers"][0] == 784
        assert (after["samples"], after["train_size"]) == (before["samples"], before["train_size"])
        assert len(after["pixels"]) == 784
        await lab.command("epoch")

    experiment.run(story)
    assert experiment.problems() == []


def test_a_run_gets_the_digits_that_came_while_it_was_set_aside(experiment: Bench) -> None:
    """Undo to a run that was left before all its digits had arrived: it has them all now."""

    async def story() -> Any:
        await experiment.lab.begin(experiment.source)
        experiment.lab.follow()
        lab = experiment.lab
        lab.runner.training_loop.step()
        first = lab.runner.experiment.run
        lab.state.choose(dataset="digits8x8")
        while lab.arriving:
            await asyncio.sleep(0.01)
        lab.runner.switcher.undo()
        assert lab.runner.experiment.run is first and first.trainer is not None
        assert first.trainer.image_count == 600

    asyncio.run(story())


def test_a_picture_in_the_frame_comes_back_as_it_was() -> None:
    """Frame 8 x 8 pictures in 28 x 28 pixels and fit them back: no pixel changes."""
    digits, _ = load_digits8x8()
    pictures = framed(digits.pixels[:50], digits.max_value)
    assert pictures.shape == (50, 784)
    back = np.stack([fitted(picture, 64, 16) for picture in pictures])
    assert np.array_equal(back, digits.pixels[:50])


def test_what_is_drawn_fills_the_small_field_from_top_to_bottom() -> None:
    picture = np.zeros((28, 28), np.uint8)
    picture[6:20, 13:16] = 255
    small = fitted(picture.ravel(), 64, 16).reshape(8, 8)
    assert small.max() == 16 and small[0].any() and small[7].any()
    assert not small[:, :2].any() and not small[:, 6:].any()
    assert not fitted(np.zeros(784, np.uint8), 64, 16).any()


def test_ones_own_drawings_can_be_chosen_once_there_are_enough(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        lab.state.my_digits = tuple(my_digit(n % 10, shifted(n)) for n in range(19))
        assert "mine" not in lab.state.offers
        with pytest.raises(ValueError):
            await lab.command("set", {"dataset": "mine"})
        lab.state.my_digits += (my_digit(7, SEVEN),)
        await lab.command("set", {"dataset": "mine"})
        seen = public(lab)
        assert (seen["train_size"], seen["test_size"]) == (17, 3)
        await lab.command("epoch")
        assert "dataset" not in (await lab.command("share"))["query"]

    experiment.run(story)
    # The pad centres every drawing, so the shifted ones are the same picture.
    assert [problem[:28] for problem in experiment.problems()] == ["All 17 pictures are the same"]


def shifted(by: int) -> list[list[list[float]]]:
    return [[[x + by, y] for x, y in stroke] for stroke in SEVEN]
