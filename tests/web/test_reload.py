"""Test that a reload, a closed tab or a crash loses no choice and no network.

Each test makes a visit and then a second one, which begins as in the page: with the address that the first
visit wrote, which carries the choices as a link does, and with the same store.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nncore.datasets.shards import write_shards
from tests.web.conftest import SEVEN, Bench, made_up, until
from web.keeping import set_aside
from web.keeping.set_aside import MOST, OLD, AsideNetworks
from web.keeping.store import MemoryStore, StoreError
from web.lab import Lab
from web.runs.run_codec import NETWORK, PROGRESS, decode
from web.runs.run_log import lasting
from web.state.choices import normalised
from web.state.choices_table import CHOICES, PAGE_PRESETS, VIEW_CHOICES
from web.state.dataset_options import DATASET_OPTIONS
from web.state.kinds import DatasetName, HiddenActivations, LayerSizes, Number, OneOf, SomeOf, Whole
from web.state.lab_state import LabState


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write one training shard of 120 digits and a test shard of 60, once for all tests of this file."""
    folder = tmp_path_factory.mktemp("digits")
    write_shards(made_up(120, 1), made_up(60, 2), folder, shard_size=120)
    return folder


SEVERAL: dict[str, list[tuple[Any, ...]]] = {
    "layers": [(784, 50, 10), (784, 7, 9, 10)],
    "activations": [("tanh",), ("sigmoid",)],
    "styles_off": [("7 crossed",), ("1 foot", "7 crossed")],
    "pen_steps": [(), CHOICES["pen_steps"].default[:2]],
}


def values(name: str) -> list[Any]:
    """Return some legal values of a choice, by its kind."""
    kind = CHOICES[name].kind
    if isinstance(kind, LayerSizes | HiddenActivations | SomeOf):
        return SEVERAL[name]
    if isinstance(kind, OneOf):
        return list(kind.labels)
    if isinstance(kind, DatasetName):
        return list(DATASET_OPTIONS)
    if isinstance(kind, Whole):
        return [kind.low + 1, kind.low + 7]
    assert isinstance(kind, Number)
    return [kind.low + (kind.high - kind.low) / 7, kind.low + (kind.high - kind.low) / 3]


def changed(name: str) -> dict[str, Any]:
    """Return legal choices in which this one differs from its default: alone, or together with a preset."""
    usual = getattr(LabState(), name)
    for preset in ({}, *({"preset": preset.name} for preset in PAGE_PRESETS)):
        for value in values(name):
            if value != usual and not LabState().refusal(**preset | {name: value}):
                return preset | {name: value}
    raise AssertionError(f"no value of {name} differs from the usual one")


def leave(digits: Path, store: MemoryStore, choices: dict[str, Any]) -> Lab:
    """Make the first visit: choose, draw, train two steps, save, and return the lab."""
    experiment = Bench(digits)

    async def story(lab: Lab) -> None:
        await lab.keep_in(store)
        lab.state.choose(**choices)
        await lab.command("draw", SEVEN)
        await lab.command("step")
        await lab.command("step")
        assert lab.autosave is not None and await lab.autosave.save()
        await lab.autosave.stop()

    experiment.run(story)
    return experiment.lab


def come_back(
    digits: Path, store: MemoryStore, query: str, story: Any = None, reloaded: bool = False
) -> Bench:
    """Make the next visit by an address with this query, run ``story``, save, and return the bench."""
    experiment = Bench(digits)

    async def visit() -> None:
        lab = experiment.lab
        lab.open_link("?" + query)
        await lab.keep_in(store, reloaded)
        await lab.begin(experiment.source)
        lab.follow()
        assert lab.autosave is not None
        await until(lambda: not lab.arriving)
        if story:
            await story(lab)
        await lab.autosave.save()
        await lab.autosave.stop()

    asyncio.run(visit())
    return experiment


def assert_all_back(first: Lab, second: Bench) -> None:
    """Check that choices, network, curves and drawing are the first visit's, and that none was set aside."""
    before, after = first.state, second.lab.state
    assert [m for m in second.messages if m["type"] in ("set_aside", "problem")] == []
    assert after.choices() == before.choices()
    assert {name: type(value) for name, value in after.choices().items()} == {
        name: type(value) for name, value in before.choices().items()
    }
    assert after.strokes == before.strokes == SEVEN
    old, new = first.runner.experiment.run, second.lab.runner.experiment.run
    assert np.array_equal(new.network.parameters.flat, old.network.parameters.flat)
    assert new.network.spec == old.network.spec
    assert (new.number, new.name, new.samples, new.seconds) == (
        old.number,
        old.name,
        old.samples,
        old.seconds,
    )
    assert new.samples > 0 and new.curves.learning == old.curves.learning != ()
    assert new.curves.evaluations[: len(old.curves.evaluations)] == old.curves.evaluations
    assert lasting(new.choices) == lasting(old.choices)


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("reloaded", [False, True], ids=["by its address", "reloaded"])
def test_a_choice_that_was_changed_is_there_after_a_reload_with_its_network(
    digits: Path, name: str, reloaded: bool
) -> None:
    store = MemoryStore()
    first = leave(digits, store, changed(name))
    assert getattr(first.state, name) != getattr(LabState(), name)
    assert first.query() != ""
    assert_all_back(first, come_back(digits, store, first.query(), reloaded=reloaded))


@st.composite
def combinations(draw: Any) -> dict[str, Any]:
    """Draw legal choices on top of any preset, with small layers."""
    state = LabState()
    state.choose(preset=draw(st.sampled_from([preset.name for preset in PAGE_PRESETS])))
    state.choose(layers=(state.layers[0], *draw(st.lists(st.integers(1, 30), max_size=3)), 10))
    for name in draw(st.permutations([name for name in CHOICES if name not in ("preset", "layers")])):
        value = draw(st.sampled_from(values(name)))
        if draw(st.booleans()) and not state.refusal(**{name: value}):
            state.choose(**{name: value})
    return state.choices()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(combinations())
def test_any_combination_of_choices_is_there_after_a_reload(digits: Path, choices: dict[str, Any]) -> None:
    store = MemoryStore()
    first = leave(digits, store, choices)
    assert_all_back(first, come_back(digits, store, first.query()))


@settings(max_examples=60, deadline=None)
@given(combinations())
def test_choices_are_the_same_after_json(choices: dict[str, Any]) -> None:
    assert normalised(json.loads(json.dumps(choices))) == choices == normalised(choices)


def test_a_reload_right_after_a_change_opens_no_other_network(digits: Path) -> None:
    """Reload with an address that differs from the store, as after a crash: the stored network must open.

    Within the last second, a change may be in the address and not yet in the store, or the reverse.
    """
    store = MemoryStore()
    first = leave(digits, store, {"learning_rate": 0.25})
    assert_all_back(first, come_back(digits, store, "v=1&learning_rate=0.5", reloaded=True))


def test_a_link_that_says_only_what_is_shown_keeps_the_network_and_is_obeyed(digits: Path) -> None:
    """Open a link that changes the view alone: the view changes, and the network stays."""
    store = MemoryStore()
    first = leave(digits, store, {"learning_rate": 0.25, "loss_scale": "log", "reader": "small"})
    second = come_back(digits, store, "v=1&reader=best&method=all")
    shown = {name: getattr(second.lab.state, name) for name in VIEW_CHOICES}
    assert shown == {name: getattr(first.state, name) for name in VIEW_CHOICES} | {
        "reader": "best",
        "method": "all",
    }
    assert second.lab.state.learning_rate == 0.25
    assert second.lab.runner.experiment.run.samples == first.runner.experiment.run.samples > 0
    third = come_back(digits, store, second.lab.query(), reloaded=True)
    assert third.lab.state.choices() == second.lab.state.choices(), "and it is kept"
    assert not [m for m in second.messages if m["type"] == "set_aside"]


def test_a_link_that_names_the_usual_preset_opens_it(digits: Path) -> None:
    store = MemoryStore()
    leave(digits, store, {"preset": "rashid"})
    second = come_back(digits, store, "preset=fast")
    assert (second.lab.state.preset, second.lab.runner.experiment.run.samples) == ("fast", 0)
    assert [m["number"] for m in second.messages if m["type"] == "set_aside"] == [1]


def test_a_picture_on_the_pad_is_there_after_a_reload(digits: Path) -> None:
    store = MemoryStore()
    experiment = Bench(digits)

    async def story(lab: Lab) -> None:
        await lab.keep_in(store)
        await lab.command("draw", SEVEN)
        await lab.command("to_pad", {"test": 3})
        assert lab.autosave is not None and await lab.autosave.save()
        await lab.autosave.stop()

    experiment.run(story)
    before, after = experiment.lab.state, come_back(digits, store, "").lab.state
    assert after.picture == before.picture != b"" and after.strokes == []
    assert after.snapshot.public()["pixels"] == before.snapshot.public()["pixels"]


def test_my_digits_are_learned_from_again_after_a_reload(digits: Path) -> None:
    store = MemoryStore()
    first = Bench(digits)

    async def learn(lab: Lab) -> None:
        await lab.keep_in(store)
        for number in range(40):
            await lab.command("draw", [[[100 + 3 * number, 130], [380, 110], [240, 400]]])
            await lab.command("was", number % 10)
        await lab.command("set", {"dataset": "mine", "learning_rate": 0.25})
        await lab.command("draw", SEVEN)
        await lab.command("step")
        await until(lambda: "my-digits" in store.entries)
        assert lab.autosave is not None and await lab.autosave.save()
        await lab.autosave.stop()

    first.run(learn)
    query = first.lab.query()
    assert "dataset" not in query
    assert_all_back(first.lab, come_back(digits, store, query))


# --- networks that links set aside


def three_set_aside(digits: Path, store: MemoryStore) -> list[Lab]:
    """Make four visits by links to other networks, which set three networks aside; return the four labs."""
    labs = [leave(digits, store, {"layers": (784, 5, 10)})]

    async def learn(lab: Lab) -> None:
        await lab.command("draw", SEVEN)
        for _ in range(len(labs) + 2):
            await lab.command("step")
        await lab.command("epoch")

    for neurons in (6, 7, 8):
        labs.append(come_back(digits, store, f"v=1&layers=784-{neurons}-10", learn).lab)
    return labs


def test_every_network_that_links_set_aside_can_be_brought_back(digits: Path) -> None:
    store = MemoryStore()
    labs = three_set_aside(digits, store)
    runs = [lab.runner.experiment.run for lab in labs]
    assert len({run.number for run in runs}) == 4

    async def all_of_them(lab: Lab) -> None:
        listed = await lab.command("aside")
        assert [entry["layers"] for entry in listed] == [[784, n, 10] for n in (7, 6, 5)]
        for entry, run in zip(listed, runs[2::-1], strict=True):
            last = run.curves.evaluations[-1].test_accuracy if run.curves.evaluations else None
            told = (run.name, run.number, run.samples, last)
            assert tuple(entry[key] for key in ("name", "run", "samples", "test_accuracy")) == told
            assert entry["saved_at"] > 0 and entry["bytes"] > 0
        for entry, run in [*zip(listed, runs[2::-1], strict=True)][::-1]:
            await lab.command("recall", {"number": entry["number"]})
            now = lab.runner.experiment.run
            assert np.array_equal(now.network.parameters.flat, run.network.parameters.flat)
            assert lasting(now.choices) == lasting(run.choices) and lab.state.strokes == SEVEN
        # The network that was present when another was recalled is set aside itself.
        assert [784, 8, 10] in [entry["layers"] for entry in await lab.command("aside")]

    experiment = come_back(digits, store, labs[-1].query(), all_of_them)
    assert experiment.problems() == []


def test_without_a_number_the_last_one_comes_back_and_other_numbers_are_refused(digits: Path) -> None:
    store = MemoryStore()
    labs = three_set_aside(digits, store)

    async def story(lab: Lab) -> None:
        with pytest.raises(ValueError, match="no network .* set aside as 99"):
            await lab.command("recall", {"number": 99})
        await lab.command("recall")
        assert lab.state.layers == (784, 7, 10)
        await lab.command("recall")
        assert lab.state.layers == (784, 8, 10), "the second press brings the first network back"

    come_back(digits, store, labs[-1].query(), story)


def test_a_network_set_aside_can_be_deleted_for_good(digits: Path) -> None:
    store = MemoryStore()
    labs = three_set_aside(digits, store)

    async def story(lab: Lab) -> None:
        number = (await lab.command("aside"))[1]["number"]
        await lab.command("forget_aside", {"number": number})
        assert [entry.layers[1] for entry in lab.state.aside] == [7, 5]
        assert not [name for name in store.entries if name.startswith(f"aside/{number}/")]
        with pytest.raises(ValueError, match="set aside as"):
            await lab.command("forget_aside", {"number": number})

    come_back(digits, store, labs[-1].query(), story)


def test_what_an_earlier_version_set_aside_is_found(digits: Path) -> None:
    """Find the single network that an earlier version set aside under other names, and recall it."""
    store = MemoryStore()
    first = leave(digits, store, {"layers": (784, 5, 10), "seed": 4})
    for name in (NETWORK, PROGRESS):
        store.entries[OLD + name] = store.entries.pop(name)
    assert "aside-network" in store.entries

    async def story(lab: Lab) -> None:
        assert [entry.layers[1] for entry in lab.state.aside] == [5]
        await lab.command("recall")
        assert not [name for name in store.entries if name.startswith(OLD)]

    assert_all_back(first, come_back(digits, store, "", story))


def test_only_so_many_are_kept_and_the_oldest_go_first(digits: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set aside more networks, or more bytes, than are kept: the oldest go first."""
    store = MemoryStore()
    leave(digits, store, {"layers": (784, 5, 10)})
    network, progress = store.entries[NETWORK], store.entries[PROGRESS]

    async def many(run: int, count: int) -> list[int]:
        networks = AsideNetworks(store)
        for number in range(run, run + count):
            # Each network gets another run number, as if it came from another visit.
            monkeypatch.setattr(set_aside, "decode", lambda *data, n=number: numbered(n, *data))
            await networks.add(network, progress)
        return [entry.run for entry in await networks.list()]

    def numbered(number: int, *data: Any) -> Any:
        return replace(decode(*data), number=number)

    assert asyncio.run(many(1, MOST + 3)) == list(range(MOST + 3, 3, -1))
    monkeypatch.setattr(set_aside, "MEMORY", 3 * (len(network) + len(progress)))
    assert asyncio.run(many(90, 1)) == [90, MOST + 3, MOST + 2]
    assert asyncio.run(many(90, 1)) == [90, MOST + 3, MOST + 2], "a run is there once"
    assert len([name for name in store.entries if name.startswith("aside/")]) == 9


def test_where_nothing_can_be_set_aside_the_network_stays(digits: Path) -> None:
    """Open a link with a full store: the link is not opened, and the network stays."""
    store = MemoryStore()
    first = leave(digits, store, {"layers": (784, 5, 10)})

    async def full(*_: Any) -> None:
        raise StoreError("there is no room left")

    store.put_all = full  # type: ignore[assignment]
    second = come_back(digits, store, "preset=rashid")
    assert second.lab.state.layers == (784, 5, 10)
    assert second.lab.runner.experiment.run.samples == first.runner.experiment.run.samples
    assert any("link was not opened" in text and "no room left" in text for text in second.problems())
