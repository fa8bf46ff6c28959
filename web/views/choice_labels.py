"""Labels and values of a run's choices in words, for tables and for the printed handout."""

from __future__ import annotations

from typing import Any

from web.state.choices_table import CHOICES
from web.state.kinds import Number, Sequence

COLUMNS = (
    "preset", "dataset", "layers", "activations", "output", "loss", "optimiser", "learning_rate",
    "batch_size", "l2", "rule", "initialiser", "inputs", "targets", "seed",
)  # fmt: skip
"""The choices that the table of runs and the handout show, in their order."""


def heading(name: str) -> str:
    """Return a choice's label in a table."""
    row = CHOICES[name]
    return row.heading or row.label


def shown(name: str, value: Any) -> str:
    """Return a choice's value as text: the name that commands take, but the title of a preset."""
    kind = CHOICES[name].kind
    if value is not None and (name == "preset" or isinstance(kind, Number | Sequence)):
        return kind.label(value)
    return str(value)
