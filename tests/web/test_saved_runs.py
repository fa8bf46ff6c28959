"""Test that the runs which every version of the page stored and saved (``saved_runs/``) can be read."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.datasets.shards import write_shards
from nncore.storage import SavedNetwork, StorageError, load, to_json, to_npz
from tests.web.conftest import Bench, made_up, until
from web.keeping.store import MemoryStore
from web.lab import Lab
from web.runs.network_files import run_of
from web.runs.run_codec import (
    NETWORK,
    PROGRESS,
    VERSION,
    decode,
    decode_moment,
    decode_summary,
    encode,
    entries,
)
from web.state.lab_state import LabState

ARCHIVES = sorted((Path(__file__).parent / "saved_runs").glob("*.zip"))
PRESENT = next(path for path in ARCHIVES if path.stem == str(VERSION))


def contents(archive: Path) -> dict[str, bytes]:
    """Return name -> bytes of all files in an archive."""
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def stored(archive: Path) -> dict[str, bytes]:
    """Return the entries of the browser's storage in an archive, by name."""
    return {name[6:]: data for name, data in contents(archive).items() if name.startswith("store/")}


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    """Write the digits that the networks in the archives learned from, and return their folder."""
    write_shards(made_up(120, 1), made_up(60, 2), tmp_path, shard_size=120)
    return tmp_path


def assert_as_expected(run: Any, expected: dict[str, Any]) -> None:
    """Check network, counters, curves and choices against the ``expected.json`` of the run's version."""
    for name in ("samples", "steps", "epoch", "epoch_progress"):
        assert getattr(run.moment, name) == expected[name], name
    assert list(run.network.spec.layers) == expected["layers"]
    assert run.network.parameters.flat.sum(dtype="float64") == pytest.approx(expected["sum"], rel=1e-9)
    assert len(run.curves.learning) == expected["points"]
    assert len(run.curves.evaluations) >= expected["evaluations"] > 0
    assert {name: run.choices[name] for name in expected["choices"]} == expected["choices"]
    assert run.training.optimiser == expected["choices"]["optimiser"]


def test_there_are_files_of_every_version() -> None:
    assert {int(path.stem.split("-")[0]) for path in ARCHIVES} == set(range(1, VERSION + 1))


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.stem)
def test_every_entry_that_a_version_stored_is_decoded(archive: Path) -> None:
    store = stored(archive)
    runs = [name for name in store if name.endswith(NETWORK)]
    assert len(runs) == 2
    for name in runs:
        run = decode(store[name], name, store[name.replace(NETWORK, PROGRESS)])
        assert run.progress is not None and run.samples == run.progress.samples > 0
        assert run.choices["layers"] == run.network.spec.layers and run.saved_at > 0
        before = [event["event"] for event in run.past]
        branched = name == NETWORK and archive.stem not in ("1-08e0b05", "1-ae2966b")
        assert ("leave" in before) == branched, "the history of the run that it branched off from"
    moments = {name: decode_moment(data) for name, data in store.items() if name.startswith("past/")}
    assert all(name.endswith(f"/{moment.samples}") for name, moment in moments.items())
    lines = [decode_summary(line) for line in store.get("runs", b"").splitlines()]
    assert bool(moments) == bool(lines) == (archive.stem not in ("1-08e0b05", "1-ae2966b"))
    assert all(len(record.learning) and record.choices["layers"] for record in lines)


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", ["npz", "json"])
def test_every_file_that_a_version_saved_opens(archive: Path, kind: str) -> None:
    files = contents(archive)
    if archive.stem == "1-08e0b05":
        assert f"saved.{kind}" not in files, "it had no Save"
        return
    run = run_of(load(files[f"saved.{kind}"]), f"mine.{kind}", LabState())
    assert_as_expected(run, json.loads(files["expected.json"]))
    assert run.name == f"mine.{kind}" and run.past[-1]["event"] == "leave"


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.stem)
def test_a_visit_with_what_a_version_stored_has_all_of_it(digits: Path, archive: Path) -> None:
    """Visit with a version's storage: all comes back, and the network set aside goes on where it stood."""
    expected, store, bench = json.loads(contents(archive)["expected.json"]), MemoryStore(), Bench(digits)
    store.entries |= stored(archive)
    moments = len([name for name in store.entries if name.startswith("past/3/")])

    async def story() -> None:
        lab = bench.lab
        await lab.keep_in(store)
        assert (lab.state.preset, lab.state.layers) == ("rashid", (784, 3, 10))
        await lab.begin(bench.source)
        lab.follow()
        await until(lambda: not lab.arriving)
        assert len(lab.runner.experiment.run.history.moments) >= moments
        [aside] = lab.state.aside
        assert (aside.samples, list(aside.layers)) == (expected["samples"], expected["layers"])
        await lab.command("recall")
        assert lab.state.strokes == expected["strokes"]
        run = lab.runner.experiment.run
        assert (run.name, run.trainer.steps) == (expected["name"], expected["steps"])
        assert_as_expected(run.standing(run.choices, run.trainer.spec), expected)
        await lab.command("step")
        assert run.trainer.steps == expected["steps"] + 1
        await lab.autosave.stop()

    asyncio.run(story())
    assert bench.problems() == []


def assert_same_arrays(one: bytes, other: bytes) -> None:
    """Compare two ``.npz`` files by what they hold; how that is packed depends on Python's version."""
    with np.load(io.BytesIO(one)) as first, np.load(io.BytesIO(other)) as second:
        assert first.files == second.files
        for name in first.files:
            np.testing.assert_array_equal(first[name], second[name])


def test_what_is_decoded_is_encoded_alike() -> None:
    store = stored(PRESENT)
    session = decode(store[NETWORK], "mine", store[PROGRESS])
    again = {name: pack() for name, pack in entries(session).items()}
    assert set(again) == {NETWORK, PROGRESS}
    assert_same_arrays(again[PROGRESS], store[PROGRESS])
    one, other = load(store[NETWORK]), load(again[NETWORK])
    assert (one.notes, one.history, one.training) == (other.notes, other.history, other.training)
    assert np.array_equal(one.network.parameters.flat, other.network.parameters.flat)


@pytest.mark.parametrize("kind", ["npz", "json"])
def test_what_is_stored_and_what_is_saved_are_one_format(kind: str) -> None:
    """Open a stored entry as a file, and save it as one: the notes agree, but for those about the visit."""
    store = stored(PRESENT)
    opened = run_of(load(store[NETWORK]), "mine.npz", LabState())
    session = decode(store[NETWORK], "mine.npz", store[PROGRESS])
    assert opened.moment.samples == session.moment.samples > 0
    notes = load(store[NETWORK]).notes
    saved = load(encode(session, kind)).notes
    assert saved == {name: value for name, value in notes.items() if name in saved}
    assert set(notes) - set(saved) == {"strokes", "picture", "saved_at", "number", "begun", "stride"}


def with_notes(data: bytes, **changed: Any) -> bytes:
    """Return a network file with changed notes; a note that is None is left out."""
    saved = load(data)
    notes = {name: value for name, value in (saved.notes | changed).items() if value is not None}
    return to_npz(SavedNetwork(saved.network, saved.preprocessing, saved.training, saved.history, notes))


@pytest.mark.parametrize("version", [VERSION + 1, 0, "2", 1.5, True])
def test_another_version_is_refused_in_words(version: Any) -> None:
    store = stored(PRESENT)
    newer = "newer Inkling wrote it" if version == VERSION + 1 else "version"
    with pytest.raises(StorageError, match=f"^mine.npz: version .*{newer}"):
        decode(with_notes(store[NETWORK], version=version), "mine.npz")
    moment = next(data for name, data in store.items() if name.startswith("past/"))
    with pytest.raises(StorageError, match=newer):
        decode_moment(with_notes(moment, version=version))
    line = json.loads(store["runs"].splitlines()[0]) | {"version": version}
    with pytest.raises(StorageError):
        decode_summary(json.dumps(line).encode())


@pytest.mark.parametrize(
    "name", ["choices", "learning", "evaluations", "samples", "steps", "epoch", "seconds"]
)
def test_notes_that_lack_something_are_refused_in_words(name: str) -> None:
    data = with_notes(contents(PRESENT)["saved.npz"], **{name: None})
    with pytest.raises(StorageError, match=r"^mine.npz: (its notes are damaged|samples, steps and epoch)"):
        decode(data, "mine.npz")


def test_a_file_of_the_command_line_has_no_choices_but_its_counters() -> None:
    saved = load(contents(PRESENT)["saved.npz"])
    history = [{"event": "epoch", "samples": 240, "step": 6, "epoch": 2}]
    data = to_json(replace(saved, notes={"preset": "fast"}, history=history)).encode()
    run = decode(data, "cli.json")
    assert (run.samples, run.moment.steps, run.moment.epoch) == (240, 6, 2)
    assert run.choices == {"preset": "fast"} and run.progress is None
    assert run_of(load(data), "cli.json", LabState()).choices["layers"] == (784, 2, 10)


def test_progress_is_kept_when_a_visit_ends_before_its_digits_have_come(digits: Path) -> None:
    """Save right after a link that only changes the view: the optimiser's memory must stay in the store."""
    store = MemoryStore()
    store.entries |= stored(PRESENT)
    before = store.entries[PROGRESS]
    lab = Lab(lambda **message: None)

    async def story() -> None:
        lab.open_link("?v=1&method=transpose")
        await lab.keep_in(store)
        assert await lab.autosave.save()
        await lab.autosave.stop()

    asyncio.run(story())
    assert_same_arrays(store.entries[PROGRESS], before)
    notes = load(io.BytesIO(store.entries[NETWORK])).notes
    assert notes["samples"] == load(stored(PRESENT)[NETWORK]).notes["samples"] > 0
    assert notes["choices"] != load(stored(PRESENT)[NETWORK]).notes["choices"], "the link's view was saved"
