"""Test the page's diagnosis: a failed run is reported, and the remedy found beside the training works."""

from __future__ import annotations

import numpy as np
import pytest

from tests.web.conftest import Bench, public, until
from web.lab import Lab
from web.state.choices_table import PAGE_PRESETS
from web.views.diagnosis import DiagnosisView


async def fails(lab: Lab, **choices: object) -> str:
    """Train with these choices on the 8 x 8 digits until a remedy is known; return the diagnosis's text."""
    await lab.command("set", {"dataset": "digits8x8"} | choices)
    await lab.command("play", {"epochs": 0})
    await until(lambda: lab.state.snapshot.diagnosis and lab.state.snapshot.diagnosis.remedy, 60)
    return public(lab)["diagnosis"]


def test_a_rate_far_too_high_is_explained_and_the_remedy_trains_a_network_that_learns(
    experiment: Bench,
) -> None:
    async def story(lab: Lab) -> None:
        view = DiagnosisView(lab)
        assert public(lab)["diagnosis"] is None and view._bar.styles == {"display": "none"}
        with pytest.raises(ValueError, match="no remedy"):
            await lab.command("remedy")
        said = await fails(lab, learning_rate=100)
        assert "a learning rate of 100" in said and "Begin again with a learning rate of 0.0" in said
        assert view._text.object.find("a learning rate of 100") > 0
        assert view._remedy.name == lab.state.snapshot.diagnosis.advice.removesuffix(".")
        assert view._bar.styles == view._remedy.styles == {"display": ""}
        ruined = lab.runner.experiment.run
        view._remedy.clicks += 1
        await until(lambda: lab.runner.experiment.run is not ruined)
        assert lab.state.running, "it goes on training"
        await until(lambda: (public(lab)["test_accuracy"] or 0) > 0.9)
        assert public(lab)["diagnosis"] is None and view._bar.styles == {"display": "none"}
        await lab.command("pause")
        rate = lab.state.learning_rate
        await lab.command("undo")
        assert lab.runner.experiment.run is ruined and lab.state.learning_rate == 100 != rate

    experiment.run(story)


def test_a_network_that_diverged_gets_a_remedy_while_nothing_trains(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        said = await fails(lab, optimiser="sgd", learning_rate=100, l2=1.0)
        assert not lab.state.running and "below" not in said
        await lab.command("remedy")
        assert not lab.state.running and lab.state.learning_rate < 100 and public(lab)["samples"] == 0
        for _ in range(20):
            await lab.command("epoch")
        assert np.isfinite(lab.runner.experiment.run.network.parameters.flat).all()
        assert public(lab)["diagnosis"] is None

    experiment.run(story)


def test_a_rate_that_is_too_low_is_raised_with_the_same_network(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        said = await fails(lab, learning_rate=1e-8)
        run, samples = lab.runner.experiment.run, public(lab)["samples"]
        assert "Go on with a learning rate of" in said
        await lab.command("remedy")
        assert lab.runner.experiment.run is run and public(lab)["samples"] >= samples
        assert public(lab)["diagnosis"] is None and lab.state.running
        await until(lambda: (public(lab)["test_accuracy"] or 0) > 0.9)
        await lab.command("pause")

    experiment.run(story)


def test_another_setting_or_network_is_watched_anew(experiment: Bench) -> None:
    """Change a setting or the network of a failed run: the old diagnosis is gone."""

    async def story(lab: Lab) -> None:
        for name, args in (("set", {"learning_rate": 0.001}), ("reset", None), ("set", {"seed": 5})):
            await fails(lab, learning_rate=100, seed=1)
            await lab.command(name, args)
            lab.runner.publisher.publish()
            assert public(lab)["diagnosis"] is None
            await lab.command("pause")

    experiment.run(story)


@pytest.mark.parametrize("preset", [preset.name for preset in PAGE_PRESETS if preset.name != "best"])
def test_nothing_is_said_of_the_presets(experiment: Bench, preset: str) -> None:
    """Train each preset but *Best*: none of them gets a diagnosis."""
    said: set[str] = set()

    async def story(lab: Lab) -> None:
        lab.state.param.watch(lambda event: said.add(event.new.public()["diagnosis"]), "snapshot")
        await lab.command("set", {"preset": preset, "dataset": "digits8x8"})
        await lab.command("play", {"epochs": 0})
        await until(lambda: public(lab)["samples"] > 6000, 60)
        await lab.command("pause")

    experiment.run(story)
    assert said <= {None}
