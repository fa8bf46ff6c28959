"""Compare ``docs/driving.md`` with the tables of commands and choices."""

from __future__ import annotations

import re

import pytest

from tests.web.contract import FILE, choices, commands, described, filled_in
from web.commands import COMMANDS
from web.state.choices_table import CHOICES
from web.state.sweep_choices import SWEEP_CHOICES
from web.state.sweep_settings import SETTINGS


def test_the_file_holds_the_commands_and_choices_of_the_tables() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert filled_in(text) == text, "python -m tests.web.contract writes them anew"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert described(COMMANDS[name]), "its docstring says what it does"
    [row] = [line for line in commands().splitlines() if line.startswith(f"| `{name}` |")]
    assert row.count("|") == 4


@pytest.mark.parametrize("name", CHOICES)
def test_every_choice_is_documented(name: str) -> None:
    [row] = [line for line in choices().splitlines() if line.startswith(f"| `{name}` |")]
    assert row.count("|") == 6


def test_the_arguments_and_settings_of_a_sweep_are_documented() -> None:
    section = FILE.read_text(encoding="utf-8").partition("\n## Sweeps\n")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", section, re.MULTILINE))
    assert set(rows) == {row.called for row in SWEEP_CHOICES.values()}
    assert set(re.findall(r"`(\w+)`", rows["setting"])) == set(SETTINGS)


def test_without_marks_nothing_is_written() -> None:
    """Fill in a text that has no marks: the error names the missing mark."""
    with pytest.raises(ValueError, match="commands:begin"):
        filled_in("# Driving the page")
