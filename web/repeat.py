"""The present run as a program: a plain script and a notebook that repeat it outside the page.

A trainer's history says all that people did on the way, with the step at which they did it: new learning
rates, surgery, digits that arrived late, a return to an earlier moment. With the first weights' seed that is
a recipe; the script follows it, and arrives at the same network - bit for bit where the same arithmetic runs,
to float32 rounding with another.
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
from web.history import Moment
from web.source_address import source_address

FOLLOWED = ("start", "set", "extend", "network", "leave", "resume", "resumed")
"""Events of a history that make a difference."""


class NotRepeatable(ValueError):
    """The run can't be repeated from its seed; the message says why."""


@dataclass(frozen=True)
class Recipe:
    """All that decides a run: the first weights by ``network`` and ``seed``, ``events`` in order, and how
    many ``steps`` it took. ``dataset`` is the choice of that name; ``name`` and ``kernel`` are for people."""

    name: str
    kernel: str
    dataset: str
    network: dict[str, Any]
    seed: int
    preprocessing: dict[str, Any]
    events: tuple[dict[str, Any], ...]
    steps: int


def history_until(history: Sequence[dict[str, Any]], moment: Moment) -> tuple[dict[str, Any], ...]:
    """What happened up to ``moment``, for a run that branches off there.

    What was done at that very moment belongs to it only as far as it made the network what it was.
    """
    before = [event for event in history if event["samples"] < moment.samples or event["event"] == "start"]
    present = [event for event in history if event["samples"] == moment.samples]
    spec = moment.network.spec
    made = [
        number
        for number, event in enumerate(present)
        if event["event"] == "network"
        and (tuple(event["layers"]), tuple(event["activations"])) == (spec.layers, spec.activations)
    ]
    kept = [event for event in present[: made[-1] + 1 if made else 0] if event["event"] == "network"]
    return (*before, *kept, {"event": "leave", "samples": moment.samples, "step": moment.steps})


def recipe(
    history: Sequence[dict[str, Any]],
    preprocessing: Preprocessing,
    steps: int,
    *,
    name: str,
    kernel: str,
    dataset: str,
) -> Recipe:
    """The recipe of a run from its whole ``history``, after ``steps`` steps.

    Raises:
        NotRepeatable: if its first weights came from somewhere else, or something of its past is missing.
    """
    if any(event["event"] == "mix" and event["on"] for event in history):
        raise NotRepeatable("Generated or own digits were mixed in, which a script doesn't have.")
    events = tuple(event for event in history if event["event"] in FOLLOWED)
    kinds = [event["event"] for event in events]
    if kinds[:1] != ["start"] or kinds.count("start") != 1 + kinds.count("leave"):
        raise NotRepeatable("This run went on from another one whose past is not known any more.")
    if kinds.count("resume") > kinds.count("leave"):
        raise NotRepeatable("This run went on from another one whose past is not known any more.")
    start = events[0]
    seed = start["spec"]["seed"]
    fresh = Network.create(NetworkSpec(**start["network"]), seed)
    if crc32(fresh.parameters.flat.tobytes()) != start["first_weights"]:
        raise NotRepeatable("This run began with a network from a file, not with one from a seed.")
    facts = tuple(_facts(event) for event in events)
    return Recipe(name, kernel, dataset, start["network"], seed, asdict(preprocessing), facts, steps)


def _facts(event: dict[str, Any]) -> dict[str, Any]:
    """An event without what the recipe says elsewhere or nobody needs."""
    told = {"network", "first_weights", "joins_epoch", "note", "epoch", "samples"}
    if event["event"] == "resume":
        told -= {"epoch", "samples"}
    return {key: value for key, value in event.items() if key not in told}


WHERE = {
    "mnist": "MNIST's four files, or the folder `data` of the page",
    "digits8x8": "`digits8x8` is the name of those that come with the library",
}


PROGRAM = Path(__file__).with_name("repeat.txt")
"""The program, with ``$`` before what the recipe fills in. Every part begins with ``# %%`` and, in comments
up to the first empty line, what it does."""


def _parts(made: Recipe) -> list[tuple[str, str]]:
    """The program as ``(what it does, code)``, in order."""
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
    """The run as a Python file."""
    (title, imports), *others = _parts(made)
    pieces = [f'"""{title}"""\n\n{imports}']
    pieces += [f"# {text}\n\n{code}" for text, code in others]
    return "\n\n".join(pieces) + "\n"


def notebook(made: Recipe) -> str:
    """The run as a Jupyter notebook (``.ipynb``, format 4)."""
    cells: list[dict[str, Any]] = []
    for number, (text, code) in enumerate(_parts(made)):
        # No command line in a notebook: the folder is written into the cell.
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
    """A run's name for a program's first text, which no name may end: it is a person's, or from a file."""
    return " ".join(name.split()).replace("\\", "/").replace('"', "'")


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _literal(value: Any) -> str:
    return pformat(value, width=100, sort_dicts=False)
