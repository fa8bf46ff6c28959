"""Exports the present run as a plain script or a notebook that repeats it outside the page.

A trainer's history contains every action of the learner with the step at which it happened: new learning
rates, surgery, digits that arrived late, a return to an earlier moment. Together with the seed of the first
weights that is a recipe. The script follows it and arrives at the same network: bit for bit with the same
kernel, to float32 rounding with another.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from pprint import pformat
from string import Template
from typing import Any
from zlib import crc32

from nncore.network import Network, NetworkSpec
from nncore.preprocessing import Preprocessing
from web.program.source_address import source_address

FOLLOWED = ("start", "set", "expect", "extend", "network", "leave", "resume", "resumed")
"""The events of a history that affect the network."""


class NotRepeatable(ValueError):
    """An error for a run that can't be repeated from its seed; the message gives the reason."""


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the result of a run.

    Attributes:
        name, kernel: the run's name and the kernel that trained it, for the reader only.
        dataset: value of the choice ``dataset``.
        network, seed: the architecture and the seed, which give the first weights.
        preprocessing: settings, as plain values.
        events: events of the training, in order.
        steps: number of steps in all.
    """

    name: str
    kernel: str
    dataset: str
    network: dict[str, Any]
    seed: int
    preprocessing: dict[str, Any]
    events: tuple[dict[str, Any], ...]
    steps: int


def recipe(
    history: Sequence[dict[str, Any]],
    preprocessing: Preprocessing,
    steps: int,
    *,
    name: str,
    kernel: str,
    dataset: str,
) -> Recipe:
    """Return the recipe of a run from its whole ``history``, after ``steps`` steps.

    Raises:
        NotRepeatable: if its first weights came from elsewhere, other digits were mixed in, or a part of its
            past is missing.
    """
    if any(event["event"] == "mix" and event["on"] for event in history):
        raise NotRepeatable("Generated or own digits were mixed in, which a script doesn't have.")
    events = tuple(event for event in history if event["event"] in FOLLOWED)
    kinds = [event["event"] for event in events]
    if kinds[:1] != ["start"] or kinds.count("start") != 1 + kinds.count("leave"):
        raise NotRepeatable("This run continued an earlier run whose past is no longer known.")
    if kinds.count("resume") > kinds.count("leave"):
        raise NotRepeatable("This run continued an earlier run whose past is no longer known.")
    start = events[0]
    seed = start["spec"]["seed"]
    fresh = Network.create(NetworkSpec(**start["network"]), seed)
    if crc32(fresh.parameters.flat.tobytes()) != start["first_weights"]:
        raise NotRepeatable("This run began with a network from a file, not with one from a seed.")
    facts = tuple(_facts(event) for event in events)
    return Recipe(name, kernel, dataset, start["network"], seed, asdict(preprocessing), facts, steps)


def _facts(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event without the values that the recipe has elsewhere or doesn't need."""
    told = {"network", "first_weights", "joins_epoch", "note", "epoch", "samples"}
    if event["event"] == "resume":
        told -= {"epoch", "samples"}
    return {key: value for key, value in event.items() if key not in told}


WHERE = {
    "mnist": "MNIST's four files, or the folder `data` of the page",
    "digits8x8": "`digits8x8` is the name of those that come with the library",
}


PROGRAM = Path(__file__).with_name("export_script.txt")
"""The template of the program, with ``$`` before the names of values from the recipe. Every part begins with
``# %%`` and, in comments up to the first empty line, its description."""


def _parts(made: Recipe) -> list[tuple[str, str]]:
    """Return the parts of the program as ``(description, code)``, in order."""
    facts = {
        "name": _in_words(made.name),
        "where": WHERE.get(made.dataset, "the file that they came from"),
        "source": source_address(),
        "kernel": repr(made.kernel),
        "folder": repr(made.dataset if made.dataset == "digits8x8" else f"path/to/{made.dataset}"),
        "network": _literal(made.network),
        "seed": str(made.seed),
        "preprocessing": _literal(made.preprocessing),
        "events": _literal(list(made.events)),
        "steps": str(made.steps),
    }
    parts = []
    for part in PROGRAM.read_text(encoding="utf-8").split("# %%\n")[1:]:
        comment, _, code = part.partition("\n\n")
        text = "\n".join(line.removeprefix("#").removeprefix(" ") for line in comment.splitlines())
        parts.append((Template(text).substitute(facts), Template(code.strip()).substitute(facts)))
    return parts


def script(made: Recipe) -> str:
    """Return the run as a Python file."""
    (title, imports), *others = _parts(made)
    pieces = [f'"""{title}"""\n\n{imports}']
    pieces += [f"# {text}\n\n{code}" for text, code in others]
    return "\n\n".join(pieces) + "\n"


def notebook(made: Recipe) -> str:
    """Return the run as a Jupyter notebook (``.ipynb``, format 4)."""
    cells: list[dict[str, Any]] = []
    for number, (text, code) in enumerate(_parts(made)):
        # A notebook has no command line, so the folder is written into the cell.
        code = code.replace("sys.argv[1] if len(sys.argv) > 1 else ", "")
        cells.append(
            {"cell_type": "markdown", "id": f"text-{number}", "metadata": {}, "source": _lines(text)}
        )
        cells.append(
            {
                "cell_type": "code",
                "id": f"code-{number}",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": _lines(code),
            }
        )
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=1) + "\n"


def _in_words(name: str) -> str:
    """Return a run's name, which may come from a file, so that it can't end the program's docstring."""
    return " ".join(name.split()).replace("\\", "/").replace('"', "'")


def _lines(text: str) -> list[str]:
    """Return text as the lines of a notebook's cell."""
    return text.splitlines(keepends=True)


def _literal(value: Any) -> str:
    """Return a value as Python source."""
    return pformat(value, width=100, sort_dicts=False)
