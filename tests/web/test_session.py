"""Test several views of one lab: each has its own address and downloads, and all show the same network."""

from __future__ import annotations

import asyncio

import pytest

from tests.web.conftest import Bench
from web.keeping.store import MemoryStore
from web.lab import Lab
from web.state.address import check_parts
from web.state.joined_views import FIRST, asked_by

PAD = "?view=pad&session=algebra"
TRAIN = "?view=train&session=algebra"


@pytest.mark.parametrize("name", ["algebra", "A-1_b", "x" * 40])
def test_the_name_of_a_session_may_have_letters_digits_hyphens_and_underscores(name: str) -> None:
    assert check_parts(f"view=pad&session={name}") == []


@pytest.mark.parametrize("name", ["", "x" * 41, "a%20b", "a/b", "%C3%A9", "a%0A"])
def test_another_name_of_a_session_is_told(name: str) -> None:
    [fault] = check_parts(f"view=pad&session={name}")
    assert fault.startswith("?session=") and "1 to 40" in fault


def test_every_view_has_an_address_of_its_own(experiment: Bench) -> None:
    experiment.lab.open_link(TRAIN)
    experiment.lab.session.add(2, PAD)

    async def story(lab: Lab) -> None:
        await lab.command("set", {"learning_rate": 0.5})
        with asked_by(2):
            assert await lab.command("share") == {"query": "v=1&learning_rate=0.5&view=pad&session=algebra"}
        assert await lab.command("share") == {"query": "v=1&learning_rate=0.5&view=train&session=algebra"}
        lab.session.leave(2)
        await lab.command("set", {"batch_size": 7})
        await lab.command("fresh")

    experiment.run(story)
    told = [
        (message["view"], message["query"]) for message in experiment.messages if message["type"] == "choices"
    ]
    assert told == [
        (FIRST, "v=1&learning_rate=0.5&view=train&session=algebra"),
        (2, "v=1&learning_rate=0.5&view=pad&session=algebra"),
        (FIRST, "v=1&learning_rate=0.5&batch_size=7&view=train&session=algebra"),
    ]
    # After ``fresh``, the address keeps the view and the session, and loses the choices.
    [reload] = [message for message in experiment.messages if message["type"] == "reload"]
    assert (reload["view"], reload["query"]) == (FIRST, "view=train&session=algebra")


def test_a_file_comes_to_the_view_that_asked_for_it(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        with asked_by(3):
            await lab.command("save", {"format": "json"})
        await lab.command("save", {"format": "json"})

    experiment.run(story)
    assert [m["view"] for m in experiment.messages if m["type"] == "download"] == [3, FIRST]


def test_a_view_that_joins_hears_how_the_lab_is_and_what_is_left_out_of_its_address(
    experiment: Bench,
) -> None:
    lab = experiment.lab
    lab.state.choose(learning_rate=0.5, seed=3)
    search = PAD + "&learning_rate=0.25&seed=3&hide=roof"
    lab.session.add(2, search)
    lab.session.welcome(2, search)
    told = [message for message in experiment.messages if message.get("view") == 2][-4:]
    assert [message["type"] for message in told] == ["status", "problem", "problem", "choices"]
    status, roof, choices, query = told
    assert status["value"] == "ready" and "roof" in roof["text"]
    assert "learning_rate" in choices["text"] and "seed" not in choices["text"]
    assert query["query"] == "v=1&learning_rate=0.5&seed=3&view=pad&session=algebra&hide=roof"
    assert lab.state.learning_rate == 0.5
    before = len(experiment.messages)
    lab.session.leave(2)
    lab.session.welcome(2, search)
    assert len(experiment.messages) == before


def test_python_that_starts_again_takes_the_network_and_not_the_address(
    experiment: Bench, shards: object
) -> None:
    """Start a second lab by an older address: the stored network opens, as a crash may have left it newer."""
    store = MemoryStore()

    async def keep(lab: Lab) -> None:
        await lab.keep_in(store)
        await lab.command("set", {"layers": [784, 20, 10]})
        await lab.command("step")
        assert lab.autosave is not None and await lab.autosave.save()

    experiment.run(keep)
    other = Lab(experiment.hear)
    other.open_link(PAD + "&layers=784-30-10")
    asyncio.run(other.keep_in(store, reloaded=True))
    assert other.state.layers == (784, 20, 10) and other.runner.experiment.run.samples > 0
