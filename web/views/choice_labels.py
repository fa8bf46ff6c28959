"""The choices of a run in words: their labels in tables, and their values as people write them."""

from __future__ import annotations

from typing import Any

from web.state.choices_table import CHOICES
from web.state.kinds import Number, Sequence

COLUMNS = (
    "preset", "dataset", "layers", "activations", "output", "loss", "optimiser", "learning_rate",
    "batch_size", "l2", "rule", "initialiser", "inputs", "targets", "seed",
)  # fmt: skip
"""Choices that the table of runs and the handout show, in their order."""


def heading(name: str) -> str:
    """A choice's label in a table."""
    row = CHOICES[name]
    return row.heading or row.label


def shown(name: str, value: Any) -> str:
    """A choice's value for people: the names that commands take, but titles of presets."""
    kind = CHOICES[name].kind
    if value is not None and (name == "preset" or isinstance(kind, Number | Sequence)):
        return kind.label(value)
    return str(value)
