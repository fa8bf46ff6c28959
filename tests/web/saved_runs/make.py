"""Write an archive of the entries and files that one version of the page stores and saves.

Run it with the checkout of that version as the current folder and on ``PYTHONPATH``; see ``README.md`` beside
this file. The script uses only commands that every version knows. The archive holds every entry of the
browser's storage under its own name in ``store/``, ``saved.npz`` and ``saved.json`` (if that version can save
files), and ``expected.json`` with the run's counters and choices.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import importlib
import json
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from nncore.datasets.shards import write_shards

conftest: Any = importlib.import_module("tests.web.conftest")
LAYERS = [784, 2, 10]
STROKES = [[[120, 130], [380, 110], [240, 430]]]
CHOICES = {"layers": LAYERS, "optimiser": "momentum", "batch_size": 40, "seed": 7}


def module(*names: str) -> Any:
    """Import the first of these modules that this version has."""
    for name in names:
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            pass
    raise SystemExit(f"none of {', '.join(names)} is here: is this a checkout of Inkling?")


def autosave_of(lab: Any) -> Any:
    """Return the part of the lab that stores its work, whichever name it has in this version."""
    return getattr(lab, "autosave", None) or lab.keeper


async def keep(lab: Any) -> None:
    """Make this version store all that it can store."""
    autosave = autosave_of(lab)
    for _ in range(3):
        await autosave.save()
        if hasattr(autosave, "save_past"):
            await autosave.save_past()


async def until_all_is_there(lab: Any) -> None:
    """Wait until the digits and the work of an earlier visit have been loaded."""
    while lab.arriving:
        await asyncio.sleep(0.01)


async def train(lab: Any) -> dict[str, Any]:
    """Draw a digit and train for an epoch and two steps; return the run's counters and choices."""
    await lab.command("set", CHOICES)
    await lab.command("draw", STROKES)
    await lab.command("epoch")
    for _ in range(2):
        await lab.command("step")
    await until_all_is_there(lab)
    seen = lab.state.snapshot
    for _ in range(500):
        if seen.evaluations:
            break
        await asyncio.sleep(0.02)
        seen = lab.state.snapshot
    return {
        "layers": LAYERS,
        "samples": seen.samples,
        "steps": run_of(lab).trainer.steps,
        "epoch": seen.epoch,
        "epoch_progress": seen.epoch_progress,
        "points": len(seen.learning),
        "evaluations": len(seen.evaluations),
        "name": run_of(lab).name,
        "strokes": STROKES,
        "sum": float(run_of(lab).network.parameters.flat.sum(dtype="float64")),
        "choices": {name: value for name, value in CHOICES.items() if name != "layers"},
    }


def run_of(lab: Any) -> Any:
    """Return the present run, whichever attribute holds it in this version."""
    return (getattr(lab.runner, "experiment", None) or lab.runner.bench).run


async def visit(bench: Any, store: Any, link: str, story: Any) -> Any:
    """Open the page by ``link``, run ``story``, store everything, and return the story's result."""
    lab = bench.lab
    lab.open_link(link)
    await lab.keep_in(store)
    await lab.begin(bench.source)
    if hasattr(lab, "follow"):
        lab.follow()
    await until_all_is_there(lab)
    told = await story(lab)
    await keep(lab)
    await autosave_of(lab).stop()
    return told


async def saved_files(bench: Any) -> dict[str, bytes]:
    """Save the network in each kind of file that this version writes and return the bytes by file name.

    The first version had no such command, so its result is empty.
    """
    files = {}
    with contextlib.suppress(ValueError):
        for kind in ("npz", "json"):
            await bench.lab.command("save", {"format": kind})
            message = [message for message in bench.messages if message["type"] == "download"][-1]
            files[f"saved.{kind}"] = base64.b64decode(message["data"])
    return files


async def branch(lab: Any) -> None:
    """Train another network, rewind it to an earlier moment, and go on from there as a branch."""
    await lab.command("set", {"layers": [784, 3, 10]})
    await lab.command("step")
    await lab.command("step")
    await lab.command("rewind", 1)
    await asyncio.sleep(0.3)  # some versions answer before the past is shown
    await lab.command("branch")
    await lab.command("step")


def main(archive: Path) -> None:
    """Make two visits with this version of the page and write the archive of their results."""
    store = module("web.keeping.store", "web.store").MemoryStore()
    with tempfile.TemporaryDirectory() as there:
        write_shards(conftest.made_up(120, 1), conftest.made_up(60, 2), Path(there), shard_size=120)
        bench, files = conftest.Bench(Path(there)), {}

        async def first(lab: Any) -> None:
            told = await train(lab)
            files.update(await saved_files(bench))
            files["expected.json"] = json.dumps(told, indent=1).encode()

        asyncio.run(visit(bench, store, "", first))
        # A link with other choices sets the first network aside, and another is trained.
        asyncio.run(visit(conftest.Bench(Path(there)), store, "?v=1&preset=rashid", branch))
    files |= {f"store/{name}": data for name, data in store.entries.items()}
    with zipfile.ZipFile(archive, "w") as written:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            written.writestr(info, data, zipfile.ZIP_DEFLATED, 9)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
