"""Compare every file that the page exports with the run itself, field by field.

The PNG picture of a digit is tested in ``tests/site/test_looking_inside.py``.
"""

from __future__ import annotations

import ast
import base64
import csv
import json
from dataclasses import asdict, fields
from io import StringIO
from typing import Any

import numpy as np
import pytest

from nncore.storage import load
from tests.web.conftest import Bench
from web.lab import Lab
from web.program.export_script import FOLLOWED
from web.runs.network_files import run_of, write_network
from web.runs.run_log import as_csv, lasting

CHOSEN = {
    "preset": "rashid",
    "layers": [784, 12, 9, 10],
    "activations": ["tanh", "sigmoid"],
    "learning_rate": 0.03,
    "batch_size": 50,
    "l2": 0.0005,
    "elastic": 3.5,
    "affine": 0.4,
    "styles_off": ["7 crossed", "9 small loop, long curl"],
    "seed": 11,
}
NAME = 'My "best" run, \\ with """quotes""" and $seed'


async def two_runs_and_a_sweep(lab: Lab) -> None:
    """Sweep one network, train a run, then train another one with a setting changed midway, and rename it."""
    await lab.command(
        "sweep", {"preset": "fast", "setting": "l2", "values": [0.001], "seeds": 1, "epochs": 1}
    )
    await lab.command("epoch")
    await lab.command("set", CHOSEN)
    await lab.command("epoch")
    await lab.command("set", {"learning_rate": 0.02})
    await lab.command("step")
    await lab.command("rename", {"run": lab.runner.experiment.run.number, "name": NAME})


# --- the table of runs


def rows_of(text: str) -> list[dict[str, str]]:
    lines = list(csv.reader(StringIO(text)))
    assert len(set(lines[0])) == len(lines[0]) and {len(line) for line in lines} == {len(lines[0])}
    return list(csv.DictReader(StringIO(text)))


def written(value: Any) -> str:
    if isinstance(value, tuple | list):
        return "-".join(map(str, value))
    return "" if value is None else str(value)


def test_the_csv_has_every_field_of_every_run(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await two_runs_and_a_sweep(lab)
        rows = rows_of(as_csv(lab.state.runs))
        assert len(rows) == len(lab.state.runs) == 3
        for row, record in zip(rows, lab.state.runs, strict=True):
            low, high = record.interval or (None, None)
            results = {
                "run": record.number,
                "name": record.name,
                "epochs": record.epoch,
                "samples": record.samples,
                "seconds": record.seconds,
                "train_loss": record.loss,
                "train_accuracy": record.train_accuracy,
                "test_accuracy": record.test_accuracy,
                "test_loss": record.test_loss,
                "interval_low": low,
                "interval_high": high,
                "kept": record.kept,
                "note": record.note,
            }
            chosen = lasting(record.choices)
            chosen["epochs_chosen"] = chosen.pop("epochs", None)  # ``epochs`` are those already trained
            assert set(results).isdisjoint(chosen), "a result would hide a choice"
            told = results | chosen
            assert {name: row[name] for name in told} == {name: written(v) for name, v in told.items()}
            assert all(row[name] == "" for name in set(row) - set(told))
        changed = rows[-1]
        assert changed["loss"] == "half_squared_error" and 0 < float(changed["train_loss"]) < 10
        assert (changed["learning_rate"], changed["styles_off"]) == (
            "0.02",
            "7 crossed-9 small loop, long curl",
        )

    experiment.run(story)


def test_a_record_is_the_run_that_it_is_about(experiment: Bench) -> None:
    """Compare the table's record of the present run with the run and its snapshot."""

    async def story(lab: Lab) -> None:
        await two_runs_and_a_sweep(lab)
        record, run = lab.state.runs[-1], lab.runner.experiment.run
        seen = lab.state.snapshot.public()
        assert (record.number, record.choices) == (run.number, lasting(lab.state.choices()))
        assert (record.samples, record.loss) == (seen["samples"], seen["loss"])
        assert (record.test_accuracy, record.train_accuracy) == (
            seen["test_accuracy"],
            seen["train_accuracy"],
        )
        assert record.epoch == run.epoch and record.seconds == run.seconds

    experiment.run(story)


def test_the_command_runs_keeps_its_number_under_loss_and_names_the_function(experiment: Bench) -> None:
    """List the runs: ``loss`` is the training loss, and ``loss_function`` names the function."""

    async def story(lab: Lab) -> None:
        await two_runs_and_a_sweep(lab)
        told, record = (await lab.command("runs"))[-1], lab.state.runs[-1]
        assert told["loss"] == told["train_loss"] == record.loss
        assert told["loss_function"] == record.choices["loss"] == "half_squared_error"

    experiment.run(story)


# --- the network


def plain(value: Any) -> Any:
    """Return a value as it comes back from JSON, with lists for tuples."""
    return json.loads(json.dumps(value))


@pytest.mark.parametrize("kind", ["npz", "json"])
def test_a_saved_network_has_every_field_of_its_run(experiment: Bench, kind: str) -> None:
    async def story(lab: Lab) -> None:
        await two_runs_and_a_sweep(lab)
        run, kept = lab.runner.experiment.run, lab.runner.experiment.kept()
        assert run.trainer is not None
        name = (await lab.command("save", kind))["name"]
        data = base64.b64decode(experiment.messages[-1]["data"])
        assert name == f"inkling-rashid-784-12-9-10.{kind}"
        saved = load(data, name)
        assert np.array_equal(saved.network.parameters.flat, run.network.parameters.flat)
        assert saved.network.parameters.flat.dtype == run.network.parameters.flat.dtype
        assert saved.network.spec == run.network.spec
        assert (saved.preprocessing, saved.training) == (run.preprocessing, run.trainer.spec)
        assert saved.training is not None and saved.training.learning_rate == 0.02
        *before, last = saved.history
        assert before == [plain(e) for e in run.trainer.history if e["samples"] < run.samples] != []
        assert last == {"event": "leave", "samples": run.samples, "step": run.trainer.steps}
        back = run_of(load(data), name, lab.state)
        for field in fields(kept):
            one, other = getattr(kept, field.name), getattr(back, field.name)
            if field.name == "moment":
                for part in ("samples", "steps", "epoch", "epoch_progress", "at"):
                    assert getattr(one, part) == getattr(other, part), part
                assert np.array_equal(one.network.parameters.flat, other.network.parameters.flat)
            elif field.name == "curves":
                assert (one.learning, one.evaluations) == (other.learning, other.evaluations)
            elif field.name == "past":
                assert plain(one) == plain(other)
            elif field.name != "name":
                assert one == other, field.name
        # A network that is opened gets the name of its file.
        assert (saved.notes["name"], back.name) == (NAME, name) and back.choices == lab.state.choices()
        assert write_network(back, kind)[0] == name

    experiment.run(story)


# --- the program


def constants(code: str) -> dict[str, Any]:
    """Return the literal values that a program assigns to its names, and its docstring as ``__doc__``."""
    tree = ast.parse(code)
    found: dict[str, Any] = {"__doc__": ast.get_docstring(tree)}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
    return found


def assert_says_the_run(said: dict[str, Any], lab: Lab) -> None:
    run = lab.runner.experiment.run
    assert run.trainer is not None
    start, *others = (event for event in run.trainer.history if event["event"] in FOLLOWED)
    assert said["NETWORK"] == start["network"]
    assert tuple(said["NETWORK"]["layers"]) == run.network.spec.layers
    assert said["SEED"] == lab.state.seed == 11
    assert said["PREPROCESSING"] == asdict(run.preprocessing)
    assert said["STEPS"] == run.trainer.steps
    events = said["EVENTS"]
    assert events[0]["spec"] == start["spec"] and events[0]["images"] == start["images"]
    assert [event["event"] for event in events] == ["start", *(event["event"] for event in others)]
    for told, event in zip(events, [start, *others], strict=True):
        assert told["step"] == event["step"]
        assert {name: event[name] for name in told} == told
    assert [event["learning_rate"] for event in events if event["event"] == "set"] == [0.02]


def test_the_script_and_the_notebook_say_what_the_run_was(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await two_runs_and_a_sweep(lab)
        script = await lab.command("script")
        said = constants(script)
        assert_says_the_run(said, lab)
        shown = "My 'best' run, / with '''quotes''' and $seed"
        assert shown in said["__doc__"] and "kernel 'numpy'" in said["__doc__"]
        book = json.loads(await lab.command("notebook"))
        cells = {kind: [] for kind in ("markdown", "code")}  # type: dict[str, list[str]]
        for cell in book["cells"]:
            cells[cell["cell_type"]].append("".join(cell["source"]))
        assert_says_the_run(constants("\n\n".join(cells["code"])), lab)
        assert shown in cells["markdown"][0]

    experiment.run(story)


def test_no_name_of_a_run_becomes_code(experiment: Bench) -> None:
    """Export a run whose name contains Python code, as a stranger's file may: it must not become code."""

    async def story(lab: Lab) -> None:
        await lab.command("step")
        lab.runner.experiment.run.name = 'x"""\nimport os\n"""\\'
        tree = ast.parse(await lab.command("script"))
        assert "os" not in [
            name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
        ]

    experiment.run(story)
