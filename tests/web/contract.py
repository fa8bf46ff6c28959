"""Write the lists of commands and choices in ``docs/driving.md`` from their tables, between its marks:

    python -m tests.web.contract

``test_contract.py`` fails if the file and the tables differ.
"""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

from web.commands import COMMANDS
from web.commands.registry import Command
from web.state.choices import Choices
from web.state.choices_table import CHOICES

FILE = Path(__file__).parents[2] / "docs" / "driving.md"


FIRST = ("training", "choosing", "runs")
"""Files of ``web/commands`` whose commands are listed before all others."""


def described(command: Command) -> str:
    """Return a command's docstring, which says what it does and answers, as one line of Markdown."""
    text = " ".join((inspect.getdoc(command.run) or "").split())
    return text.replace("``", "`").removesuffix(".")


def in_order() -> dict[str, Command]:
    """Return all commands by name, with those of the files in ``FIRST`` first."""
    files = {name: one.run.__module__.rpartition(".")[2] for name, one in COMMANDS.items()}
    places = {name: FIRST.index(file) if file in FIRST else len(FIRST) for name, file in files.items()}
    return {name: COMMANDS[name] for name in sorted(COMMANDS, key=places.__getitem__)}


def commands() -> str:
    """Return the table of commands as Markdown."""
    rows = [f"| `{name}` | {one.arguments} | {described(one)} |" for name, one in in_order().items()]
    heads = ["| command | arguments | what it does, and the answer if there is one |", "| --- | --- | --- |"]
    return "\n".join([*heads, *(row.replace("|  |", "| |") for row in rows)])


def choices() -> str:
    """Return the table of choices as Markdown."""
    usual = Choices.usual()
    rows = [
        f"| `{name}` | {row.sentence} | {row.kind.legal('`')} | {written(usual[name])} | {row.effect.value} |"
        for name, row in CHOICES.items()
    ]
    heads = ["| choice | what it is | values | default | a change |", "| --- | --- | --- | --- | --- |"]
    without = [f"`{row.name}`" for row in CHOICES.values() if not row.in_address]
    carried = f"A link carries all of them{' but ' + ', '.join(without) if without else ''}."
    return "\n".join([*heads, *rows, "", carried])


def written(value: Any) -> str:
    """Return a value as Markdown, written as commands take it."""
    if isinstance(value, tuple):
        return f"`{json.dumps(list(value))}`"
    return f"`{value}`" if isinstance(value, str) else f"{value:g}"


def filled_in(text: str) -> str:
    """Return ``text`` with both lists, as the tables have them now, between their marks.

    Raises:
        ValueError: if a mark is missing.
    """
    for name, listed in (("commands", commands()), ("choices", choices())):
        begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        pattern = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
        if not pattern.search(text):
            raise ValueError(f"{FILE.name} has no {begin} with {end} behind it")
        text = pattern.sub(lambda _, part=f"{begin}\n\n{listed}\n\n{end}": part, text)
    return text


if __name__ == "__main__":
    FILE.write_text(filled_in(FILE.read_text(encoding="utf-8")), encoding="utf-8")
