"""Test keeping work across visits: one lab saves to a store, and the lab of the next visit loads from it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.checkpoint import Checkpoint, CheckpointError
from tests.web.conftest import Bench
from web.keeping.store import MemoryStore, StoreError
from web.lab import Lab
from web.runs.run_codec import NETWORK, PROGRESS


async def trained(lab: Lab, store: Any) -> None:
    """Make ``lab`` keep its work in ``store``, train it into the middle of its second epoch, and save."""
    await lab.keep_in(store)
    await lab.command("set", {"layers": [784, 12, 10], "batch_size": 50, "seed": 7})
    await lab.command("draw", [[[100, 100], [400, 400]]])
    await lab.command("epoch")
    for _ in range(3):
        await lab.command("step")
    assert lab.autosave is not None and await lab.autosave.save()


def numbers(lab: Lab) -> np.ndarray:
    return lab.runner.experiment.run.network.parameters.flat.copy()


def test_the_next_visit_goes_on_where_the_last_one_ended(shards: Path) -> None:
    store = MemoryStore()
    first, second = Bench(shards), Bench(shards)

    async def leave(lab: Lab) -> Any:
        await trained(lab, store)
        seen, weights = lab.state.snapshot, numbers(lab)
        await lab.command("step")
        return seen, weights, numbers(lab)

    seen, weights, next_weights = first.run(leave)

    async def come_back() -> None:
        lab = second.lab
        await lab.keep_in(store)
        assert lab.state.choices()["layers"] == (784, 12, 10) and lab.state.seed == 7
        assert lab.state.strokes == [[[100, 100], [400, 400]]]
        assert np.array_equal(numbers(lab), weights), "the network is back before any digits are"
        await lab.begin(second.source)
        lab.follow()
        while lab.arriving:
            await asyncio.sleep(0.01)
        now = lab.state.snapshot
        assert (now.samples, now.epoch, now.epoch_progress) == (seen.samples, 1, seen.epoch_progress)
        assert now.learning == seen.learning and now.evaluations == seen.evaluations
        await lab.command("step")
        # The batch differs from the first visit's, because the trainer was made with the first shard alone.
        # The optimiser's memory is the same: without it, Adam's first step would move each weight by the
        # whole learning rate.
        moved = np.abs(numbers(lab) - weights).mean()
        assert moved < 2 * np.abs(next_weights - weights).mean()

    asyncio.run(come_back())
    assert [m for m in second.messages if m["type"] == "restored"][0]["trained"] is True
    assert second.problems() == []


@pytest.mark.slow
def test_what_was_learned_just_before_a_pause_is_on_the_kept_curve(shards: Path) -> None:
    """Save in every turn of the loop, long before the next snapshot: the saved curve has the last steps."""
    store = MemoryStore()
    first, second = Bench(shards), Bench(shards)

    async def pause(lab: Lab) -> tuple[Any, list[Any]]:
        await lab.keep_in(store)
        await lab.command("set", {"batch_size": 50, "epochs": 0})
        lab.state.running = True
        assert lab.autosave is not None
        for turn in range(400):
            if turn == 200:
                lab.state.running = False
            await asyncio.sleep(0)
            assert await lab.autosave.save()
        return lab.state.snapshot, lab.state.runs

    seen, runs = first.run(pause)

    async def come_back() -> None:
        await second.lab.keep_in(store)
        assert second.lab.runner.experiment.run.curves.learning == seen.learning
        assert (runs[-1].loss, runs[-1].samples) == (seen.loss, seen.samples)

    asyncio.run(come_back())


def test_a_checkpoint_goes_on_with_the_same_numbers(shards: Path) -> None:
    from nncore.network import Network
    from nncore.presets import PRESETS
    from nncore.training import Trainer
    from tests.web.conftest import made_up

    preset = PRESETS["fast"]
    digits = made_up(500, 3)
    one = Trainer(Network.create(preset.network, 1), digits, preset.preprocessing, preset.training)
    one.step(3)
    kept = Checkpoint.from_bytes(one.checkpoint().to_bytes())
    other = Trainer(one.network.copy(), digits, preset.preprocessing, preset.training)
    other.resume(kept)
    assert other.checkpoint().share == one.checkpoint().share > 0
    for trainer in (one, other):
        trainer.step(2)
    assert np.array_equal(one.network.parameters.flat, other.network.parameters.flat)
    small = Network.create(preset.network.__class__(**{**vars(preset.network), "layers": (784, 3, 10)}), 1)
    with pytest.raises(CheckpointError, match="not of this network"):
        Trainer(small, digits, preset.preprocessing, preset.training).resume(kept)


@pytest.mark.parametrize("name", [NETWORK, PROGRESS])
def test_what_is_damaged_is_said_and_a_new_network_begins(shards: Path, name: str) -> None:
    """Damage a stored entry: the next visit reports it and begins a new network."""
    store = MemoryStore()
    Bench(shards).run(lambda lab: trained(lab, store))
    store.entries[name] = store.entries[name][:-40]
    experiment = Bench(shards)

    async def come_back() -> None:
        await experiment.lab.keep_in(store)
        assert experiment.lab.state.snapshot.samples == 0
        assert experiment.lab.state.layers == (784, 200, 10), "the choices are not half brought back"

    asyncio.run(come_back())
    [problem] = experiment.problems()
    assert "can't be brought back" in problem and "damaged" in problem


class FullStore(MemoryStore):
    async def put_all(self, entries: Mapping[str, bytes], without: Iterable[str] = ()) -> None:
        raise StoreError("there is no room left")


def test_a_full_store_is_said_once_and_the_lab_goes_on(experiment: Bench) -> None:
    """Save to a full store twice: the problem is reported once, and training goes on."""

    async def story(lab: Lab) -> None:
        await lab.keep_in(FullStore())
        for _ in range(2):
            await lab.command("step")
            assert lab.autosave is not None and not await lab.autosave.save()
        assert lab.state.snapshot.samples > 0

    experiment.run(story)
    [problem] = experiment.problems()
    assert "no room left" in problem


def test_starting_afresh_forgets_everything(experiment: Bench) -> None:
    store = MemoryStore()

    async def story(lab: Lab) -> None:
        await trained(lab, store)
        await lab.store.put("my-digits", b"seven")
        await lab.command("fresh")
        await lab.command("step")
        await asyncio.sleep(0.05)

    experiment.run(story)
    assert store.entries == {}
    assert experiment.messages[-1]["type"] != "problem"
    assert any(message["type"] == "reload" for message in experiment.messages)


def test_a_link_with_other_choices_sets_the_work_aside(shards: Path) -> None:
    store = MemoryStore()
    first, second = Bench(shards), Bench(shards)
    first.run(lambda lab: trained(lab, store))
    samples = first.lab.state.snapshot.samples

    async def open_link() -> None:
        lab = second.lab
        lab.open_link("?v=1&preset=rashid")
        await lab.keep_in(store)
        assert (lab.state.preset, lab.state.snapshot.samples) == ("rashid", 0)
        await lab.begin(second.source)
        lab.follow()
        await lab.command("step")
        assert lab.autosave is not None and await lab.autosave.save()
        await lab.command("recall")
        assert (lab.state.preset, lab.state.snapshot.samples) == ("fast", samples)

    asyncio.run(open_link())
    assert [m["type"] for m in second.messages if m["type"] in ("set_aside", "restored")] == [
        "set_aside",
        "restored",
    ]
    third = Bench(shards)

    async def open_own_link() -> None:
        third.lab.open_link("?" + second.lab.query())
        await third.lab.keep_in(store)

    asyncio.run(open_own_link())
    assert second.lab.state.choices() != {} and second.problems() == third.problems() == []
