"""Test that a later visit has the moments of the past and the table of runs again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.web.conftest import Bench, public, until
from web.keeping import autosave, past_snapshots
from web.keeping.past_snapshots import PAST
from web.keeping.run_table import RUNS
from web.keeping.store import MemoryStore, StoreError
from web.lab import Lab
from web.runs.run_codec import NETWORK, PROGRESS


class CountingStore(MemoryStore):
    """Count the bytes that each save writes under each name."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[dict[str, int]] = []

    async def put_all(self, entries: Mapping[str, bytes], without: Iterable[str] = ()) -> None:
        self.written.append({name: len(data) for name, data in entries.items()})
        await super().put_all(entries, without)

    def past(self) -> dict[str, bytes]:
        return {name: data for name, data in self.entries.items() if name.startswith(PAST)}


@pytest.fixture(autouse=True)
def nothing_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turn the timed saving off, so that the lab saves only when a test asks for it."""
    monkeypatch.setattr(autosave, "SAVE_EVERY", 1000.0)


def visit(shards: Path, store: MemoryStore, story: Any, link: str = "") -> Bench:
    """Open the page, wait until all work is loaded, run ``story``, and return the bench."""
    experiment = Bench(shards)

    async def told() -> None:
        if link:
            experiment.lab.open_link(link)
        await experiment.lab.keep_in(store)
        await experiment.lab.begin(experiment.source)
        experiment.lab.follow()
        await until(lambda: not experiment.lab.arriving)
        await story(experiment.lab)
        assert experiment.lab.autosave is not None
        await experiment.lab.autosave.stop()

    asyncio.run(told())
    return experiment


async def saved(lab: Lab, times: int = 1) -> None:
    for _ in range(times):
        assert lab.autosave is not None and await lab.autosave.save()
        await lab.autosave.save_past()


async def six_steps(lab: Lab) -> None:
    """Train six steps, which gives seven moments; widen the layer before the last step; then save."""
    await lab.command("set", {"batch_size": 20})
    for _ in range(5):
        await lab.command("step")
    await lab.command("set", {"layers": [784, 250, 10]})
    await lab.command("step")
    await saved(lab, 2)


def weights(lab: Lab) -> list[np.ndarray]:
    return [moment.network.parameters.flat for moment in lab.runner.experiment.run.history.moments]


def test_the_past_is_there_again_and_one_can_go_on_from_it(shards: Path) -> None:
    store, before = CountingStore(), []

    async def leave(lab: Lab) -> None:
        await six_steps(lab)
        before.extend(weights(lab))

    async def come_back(lab: Lab) -> None:
        assert public(lab)["moments"] == [0, 20, 40, 60, 80, 100, 120]
        assert all(map(np.array_equal, weights(lab), before)), "to the bit"
        await saved(lab)
        assert store.written == [], "all of it is kept already"
        await lab.command("rewind", 60)
        await until(lambda: public(lab)["rewound"] == 60)
        assert public(lab)["layers"] == [784, 200, 10]
        await lab.command("branch")
        await lab.command("step")
        assert public(lab)["moments"] == [0, 20, 40, 60, 80]
        await saved(lab, 2)

    async def come_again(lab: Lab) -> None:
        assert public(lab)["moments"] == [0, 20, 40, 60, 80]
        assert len(store.past()) == 5, "the past of the run that was left is forgotten"
        assert lab.runner.queries.recipe().steps == 4
        await lab.command("reset")
        await lab.command("step")
        await saved(lab)
        assert len(store.past()) == 2

    visit(shards, store, leave)
    store.written.clear()
    problems = [visit(shards, store, story).problems() for story in (come_back, come_again)]
    assert problems == [[], []]


def test_a_save_writes_a_few_moments_those_first_that_last_longest(
    shards: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Save many moments: each save writes up to three, those first that thinning out keeps."""
    monkeypatch.setattr(past_snapshots, "AT_ONCE", 2_000_000)  # bytes: room for three moments
    store = CountingStore()

    async def story(lab: Lab) -> None:
        await lab.command("set", {"batch_size": 10})
        for _ in range(12):
            await lab.command("step")
        await saved(lab)
        await saved(lab, 4)
        order = [[int(name.split("/")[2]) for name in past] for past in store.written[1:]]
        assert order == [[0, 80, 40], [120, 20, 60], [100, 10, 30], [50, 70, 90], [110]]
        store.written.clear()
        await lab.command("step")
        await saved(lab)
        assert list(store.written[-1]) == [f"{PAST}1/130"], "one moment came, one is written"

    visit(shards, store, story)


def test_what_is_thinned_out_goes_from_the_store_too(shards: Path) -> None:
    """Thin the history out: the store loses the same moments."""
    store = CountingStore()

    async def leave(lab: Lab) -> None:
        await six_steps(lab)
        history = lab.runner.experiment.run.history
        history._memory = 3_000_000
        await lab.command("step")
        assert history.stride == 2
        await saved(lab, 2)
        assert {int(name.split("/")[2]) for name in store.past()} == {m.samples for m in history.moments}

    async def come_back(lab: Lab) -> None:
        history = lab.runner.experiment.run.history
        assert [moment.samples for moment in history.moments] == [0, 40, 80, 120]
        assert history.stride == 2, "as far apart as before"

    visit(shards, store, leave)
    visit(shards, store, come_back)


@pytest.mark.parametrize("how", ["cut short", "another network's", "of the future"])
def test_a_moment_that_is_damaged_or_does_not_fit_is_left_out(shards: Path, how: str) -> None:
    store, other = CountingStore(), CountingStore()
    visit(shards, store, six_steps)
    name = next(name for name in store.entries if name.endswith("/60"))
    if how == "cut short":
        store.entries[name] = store.entries[name][:-40]
    else:

        async def another(lab: Lab) -> None:
            if how == "another network's":
                await lab.command("preset", "rashid")
            for _ in range(3):
                await lab.command("step")
            await saved(lab)

        visit(shards, other, another)
        store.entries[name] = max(other.past().items())[1]

    async def come_back(lab: Lab) -> None:
        assert public(lab)["moments"] == [0, 20, 40, 80, 100, 120]
        await saved(lab)
        assert name not in store.entries

    assert visit(shards, store, come_back).problems() == []


def test_the_past_is_given_up_first_where_room_is_short(shards: Path) -> None:
    """Save with too little room: the network is kept, and moments of its past are left out."""

    class Short(CountingStore):
        room = 5_000_000

        async def put_all(self, entries: Mapping[str, bytes], without: Iterable[str] = ()) -> None:
            kept = {name: data for name, data in self.entries.items() if name not in without} | entries
            if sum(map(len, kept.values())) > self.room:
                raise StoreError("there is no room left")
            await super().put_all(entries, without)

    store = Short()

    async def story(lab: Lab) -> None:
        await lab.command("set", {"batch_size": 20})
        await lab.command("step")
        await saved(lab)
        for _ in range(4):
            await lab.command("step")
        await saved(lab)
        assert len(store.past()) == 2 and bench_problems(lab) == 1
        store.room = sum(map(len, store.entries.values())) - 1
        await lab.command("step")
        await saved(lab)
        assert store.past() == {} and {NETWORK, PROGRESS, RUNS} <= store.entries.keys()
        await saved(lab)

    def bench_problems(lab: Lab) -> int:
        assert lab.autosave is not None
        return len(lab.autosave._told)

    [problem] = visit(shards, store, story).problems()
    assert "Your network is kept, but not all of its past: there is no room left" in problem


async def two_runs(lab: Lab) -> None:
    await lab.command("epoch")
    await lab.command("set", {"optimiser": "sgd"})
    await lab.command("step")
    first, second = await lab.command("runs")
    await lab.command("rename", {"run": first["run"], "name": "Grüße <b>"})
    await lab.command("rename", {"run": second["run"], "name": "The other"})
    await saved(lab)


def test_the_table_of_runs_is_there_again_and_goes_on(shards: Path) -> None:
    store, before = CountingStore(), []

    async def leave(lab: Lab) -> None:
        await two_runs(lab)
        before.extend(lab.state.runs)

    async def come_back(lab: Lab) -> None:
        first, second = lab.state.runs
        assert vars(first) == vars(before[0]) | {"kept": False}, "its network is gone"
        assert second == before[1] and second.number == lab.runner.experiment.run.number
        await saved(lab)
        assert store.written == [], "nothing is new"
        await lab.command("step")
        assert [run["name"] for run in await lab.command("runs")] == ["Grüße <b>", "The other"]
        await lab.command("reload", first.number)
        assert (lab.state.optimiser, public(lab)["samples"]) == ("adam", 0)
        await lab.command("step")
        numbers = [run["run"] for run in await lab.command("runs")]
        assert numbers == [first.number, second.number, second.number + 1]
        await lab.command("rename", {"run": first.number, "name": "Again"})
        await saved(lab)
        assert b"Again" in store.entries[RUNS]

    visit(shards, store, leave)
    store.written.clear()
    assert visit(shards, store, come_back).problems() == []


def test_records_that_can_not_be_used_are_counted_and_the_others_are_there(shards: Path) -> None:
    """Damage records of runs: the page reports how many, and loads the others."""
    store = CountingStore()
    visit(shards, store, two_runs)
    first, second = store.entries[RUNS].splitlines()
    bad = [
        first[:-20],
        b"7",
        b"\xff",
        first.replace(b'"adam"', b'"eve"'),
        first.replace(b'"name"', b'"game"'),
    ]
    store.entries[RUNS] = b"\n".join([*bad, second])
    del store.entries[NETWORK]  # so that the next run could get the number of one in the table

    async def come_back(lab: Lab) -> None:
        [record] = lab.state.runs
        assert record.name == "The other" and not record.kept
        await lab.command("step")
        assert [run.number for run in lab.state.runs] == [record.number, record.number + 1]

    [problem] = visit(shards, store, come_back).problems()
    assert problem.startswith("5 of the runs")


@pytest.mark.slow
def test_a_link_leaves_the_table_and_the_past_of_the_network_that_it_sets_aside(shards: Path) -> None:
    store = CountingStore()

    async def leave(lab: Lab) -> None:
        await lab.command("set", {"batch_size": 20})
        await lab.command("step")
        await lab.command("step")
        await saved(lab)

    async def by_link(lab: Lab) -> None:
        assert public(lab)["moments"] == [] and len(lab.state.runs) == 1
        await lab.command("step")
        await saved(lab)
        assert len({run.number for run in lab.state.runs}) == 2 and len(store.past()) == 3 + 2

    async def recall(lab: Lab) -> None:
        assert len(public(lab)["moments"]) == 2
        await lab.command("recall")
        assert public(lab)["moments"] == [0, 20, 40] and len(lab.state.runs) == 2
        await saved(lab)
        assert len(store.past()) == 3 + 2, "the link's network is the one set aside last now"

    visit(shards, store, leave)
    visit(shards, store, by_link, "?v=1&preset=rashid")
    assert visit(shards, store, recall).problems() == []


def test_afresh_leaves_nothing_even_if_the_page_is_hidden_next(shards: Path) -> None:
    """Start afresh, train and save, as a page does when it is hidden: nothing is stored."""
    store = CountingStore()

    async def story(lab: Lab) -> None:
        await six_steps(lab)
        await lab.command("fresh")
        await lab.command("step")
        await lab.call("save", None)
        assert store.entries == {}

    visit(shards, store, six_steps)
    visit(shards, store, story)
