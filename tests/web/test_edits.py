"""Test undoing an edit of the network's shape: weights, optimiser, choices and counters all come back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.web.conftest import Bench, public
from web.lab import Lab

EDITS: dict[str, dict[str, Any]] = {
    "neurons removed": {"layers": [784, 5, 7, 10]},
    "a layer removed": {"layers": [784, 12, 10]},
    "all layers removed": {"layers": [784, 10]},
    "neurons added": {"layers": [784, 30, 7, 10]},
    "another activation": {"activations": ["tanh", "relu"]},
}


async def learned(lab: Lab) -> None:
    await lab.command("set", {"layers": [784, 12, 7, 10], "batch_size": 50, "seed": 7})
    await lab.command("epoch")
    await lab.command("step")
    await lab.command("set", {"learning_rate": 0.004})


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_undo_brings_back_what_an_edit_took_away(experiment: Bench, edit: dict[str, Any]) -> None:
    async def story(lab: Lab) -> None:
        await learned(lab)
        run, choices, seen = lab.runner.experiment.run, lab.state.choices(), public(lab)
        assert run.trainer is not None
        flat, rest = run.network.parameters.flat.copy(), run.trainer.checkpoint()
        await lab.command("set", edit)
        assert lab.state.undoable and lab.state.notice
        assert lab.runner.experiment.run.network.spec.layers != seen["layers"] or "activations" in edit
        await lab.command("undo")
        now = lab.runner.experiment.run
        assert now.trainer is not None and lab.state.choices() == choices == now.choices
        assert np.array_equal(now.network.parameters.flat, flat)
        again = now.trainer.checkpoint()
        assert all(np.array_equal(a, b) for a, b in zip(again.slots, rest.slots, strict=True))
        for name in ("epoch", "steps", "samples", "share", "updates"):
            assert getattr(again, name) == getattr(rest, name), name
        assert (now.number, now.name, now.seconds) == (run.number, run.name, run.seconds)
        assert {name: public(lab)[name] for name in ("samples", "loss", "moments")} == {
            name: seen[name] for name in ("samples", "loss", "moments")
        }
        await lab.command("step")
        assert public(lab)["samples"] == seen["samples"] + 50

    experiment.run(story)


def test_after_undo_the_next_steps_are_those_of_a_network_that_was_never_edited(shards: Any) -> None:
    async def story(lab: Lab, edit: bool) -> np.ndarray:
        await learned(lab)
        if edit:
            await lab.command("set", {"layers": [784, 5, 10]})
            await lab.command("undo")
        for _ in range(3):
            await lab.command("step")
        return lab.runner.experiment.run.network.parameters.flat.copy()

    first, second = Bench(shards), Bench(shards)
    edited = first.run(lambda lab: story(lab, True))
    assert np.array_equal(edited, second.run(lambda lab: story(lab, False)))


def test_undo_twice_brings_the_edit_back(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await learned(lab)
        await lab.command("set", {"layers": [784, 5, 10]})
        flat = lab.runner.experiment.run.network.parameters.flat.copy()
        await lab.command("undo")
        await lab.command("undo")
        assert lab.state.layers == (784, 5, 10)
        assert np.array_equal(lab.runner.experiment.run.network.parameters.flat, flat)

    experiment.run(story)


def test_what_was_learned_after_an_edit_is_a_run_of_its_own_once_the_edit_is_undone(
    experiment: Bench,
) -> None:
    """Train after an edit, then undo the edit: both networks are runs in the table."""

    async def story(lab: Lab) -> None:
        await learned(lab)
        before = public(lab)["samples"]
        await lab.command("set", {"layers": [784, 5, 10]})
        await lab.command("epoch")
        edited = lab.runner.experiment.run
        flat = edited.network.parameters.flat.copy()
        await lab.command("undo")
        now = lab.runner.experiment.run
        assert now.samples == before and now.number != edited.number
        await lab.command("step")
        await lab.command("reload", edited.number)
        assert np.array_equal(lab.runner.experiment.run.network.parameters.flat, flat)
        assert {edited.number, now.number} <= {record.number for record in lab.state.runs}

    experiment.run(story)


def test_an_edit_of_a_network_that_has_learned_nothing_needs_no_undo(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("set", {"layers": [784, 5, 10]})
        assert not lab.state.undoable

    experiment.run(story)


def test_a_script_of_a_run_whose_edit_was_undone_knows_nothing_of_the_edit(experiment: Bench) -> None:
    """Export a run's script after undoing an edit: the script does not repeat the edit."""

    async def story(lab: Lab) -> None:
        await learned(lab)
        await lab.command("set", {"layers": [784, 5, 10]})
        await lab.command("undo")
        assert "'event': 'network'" not in await lab.command("script")

    experiment.run(story)
