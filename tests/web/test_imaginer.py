"""Test the back-query's pictures in the lab's snapshots: rows, portraits, and pictures put on the pad."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nncore.backquery import backquery_digits
from tests.web.conftest import Bench, public, until
from web.lab import Lab
from web.state.snapshot import Asked, ink

HALVES = (0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0)


@pytest.mark.slow
def test_all_methods_are_three_rows_and_gradient_settles_as_if_nobody_watched(experiment: Bench) -> None:
    """Show all methods: three rows of ten, and the gradient's pictures end as without a page."""

    async def story(lab: Lab) -> None:
        await lab.command("epoch")
        await lab.command("set", {"method": "all"})
        run = lab.runner.experiment.run
        alone = backquery_digits(run.network, "gradient", run.preprocessing)
        expected = ["logit"] * 10 + ["transpose"] * 10 + ["gradient"] * 10
        await until(lambda: np.array_equal(lab.state.snapshot.images[-1].image, alone[-1].image))
        images = lab.state.snapshot.images
        assert [answer.method for answer in images] == expected
        for answer in images:
            assert answer.reads == run.network.predict(answer.image[None])[0].argmax()

    experiment.run(story)


def test_gradient_follows_the_network_while_it_learns(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("set", {"method": "gradient"})
        await lab.command("play", {"epochs": 0})
        first = lab.state.snapshot.images
        await until(lambda: lab.state.snapshot.images[0] is not first[0])
        second = lab.state.snapshot.images
        await until(lambda: lab.state.snapshot.images[0] is not second[0])
        await until(lambda: sum(a.reads == a.asked for a in lab.state.snapshot.images) >= 9)
        assert lab.state.running
        await lab.command("pause")

    experiment.run(story)


@pytest.mark.parametrize("target", [3, HALVES])
def test_a_portrait_by_gradient_has_its_steps_and_changes_nothing(experiment: Bench, target: Any) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("epoch")
        before = lab.runner.experiment.run.network.parameters.flat.copy()
        lab.state.asked = Asked("gradient", target)
        await until(lambda: lab.state.snapshot.portrait is not None)
        portrait = lab.state.snapshot.portrait
        assert portrait is not None
        assert (len(portrait.frames), portrait.samples) == (61, 600)
        wanted = np.eye(10)[3] if target == 3 else np.array(HALVES)
        errors = [float(np.abs(frame.outputs - wanted).sum()) for frame in portrait.frames]
        assert errors[-1] < 0.9 * errors[0]
        assert np.array_equal(lab.runner.experiment.run.network.parameters.flat, before)

    experiment.run(story)


def test_a_picture_on_the_pad_is_read_and_stays_until_somebody_draws_or_clears(experiment: Bench) -> None:
    """Put pictures on the pad: each is read, and stays until the pad is drawn on or cleared."""

    async def story(lab: Lab) -> None:
        await lab.command("epoch")
        await lab.command("draw", [[[100, 100], [300, 300]]])
        answer = await lab.command("backquery", {"method": "transpose", "target": 4})
        await lab.command("to_pad", {"method": "transpose", "target": 4})
        assert lab.state.strokes == [] and len(lab.state.picture) == 784
        assert np.allclose(public(lab)["pixels"], answer["image"], atol=0.5 / 255 + 1e-6)
        await lab.command("step")
        assert len(lab.state.picture) == 784
        await lab.command("draw", [[[100, 100], [300, 300]]])
        assert lab.state.picture == b""
        await lab.command("to_pad", {"test": 7})
        test = lab.runner.experiment.test
        assert test is not None and lab.state.picture == test.pixels[7].tobytes()
        assert public(lab)["prediction"] is not None
        await lab.command("clear")
        assert public(lab)["prediction"] is None
        with pytest.raises(ValueError, match="from 0 to 199"):
            await lab.command("to_pad", {"test": 200})

    experiment.run(story)


def test_ink_is_the_share_of_the_input_range(experiment: Bench) -> None:
    """Turn inputs of 0.01 to 1 into ink: 0.01 is none and 1 is full."""

    async def story(lab: Lab) -> None:
        await lab.command("preset", "rashid")  # inputs from 0.01 to 1
        answer = lab.state.snapshot.images[0]
        low, high = lab.state.snapshot.input_range
        pixels = np.frombuffer(ink((answer,), (low, high)), np.uint8)
        assert low == pytest.approx(0.01) and high == pytest.approx(1.0)
        assert np.allclose(pixels, 255 * (answer.image - 0.01) / 0.99, atol=0.51)

    experiment.run(story)
