"""Takes the labels of pictures from a table beside them: the name of each picture, and its label."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nncore.datasets.reading.block import Block
from nncore.datasets.reading.labels import to_digits
from nncore.datasets.reading.names import components, plain
from nncore.datasets.reading.notes import Notes
from nncore.datasets.reading.tables import Table
from nncore.datasets.reading.unpack import File

MOST = 0.9  # the share of the pictures that a table must name
NUMBER = re.compile(r"0*(\d+)")


def keys_of(table: Table, label: int) -> tuple[str, ...]:
    """Return the names or numbers of pictures in a table of two columns, one of which is the label."""
    if table.values.shape[1] != 2:
        return ()
    other = 1 - label
    if other in table.texts:
        return tuple(table.texts[other])
    return tuple(f"{number:.0f}" for number in table.values[:, other])


def take_labels(blocks: list[Block], pictures: Sequence[File], notes: Notes) -> dict[str, int]:
    """Return the digit of each picture that a table names; such tables are removed from ``blocks``.

    Raises:
        DataError: names the line of a label that is no digit.
    """
    found: dict[str, int] = {}
    for block in [block for block in blocks if block.keys]:
        known = {_stem(key): place for place, key in enumerate(block.keys)}
        named = {file.name: known[_stem(file.name)] for file in pictures if _stem(file.name) in known}
        if len(named) < MOST * len(pictures):
            continue
        digits = to_digits(block, notes)
        found |= {name: int(digits[place]) for name, place in named.items()}
        notes.say(f"the labels of the pictures were taken from {block.name}")
        blocks.remove(block)
    return found


def _stem(name: str) -> str:
    """Return a picture's name without folders and ending; of a number without its zeros in front."""
    parts = components(name)
    stem = plain(re.sub(r"\.[A-Za-z]{2,4}$", "", parts[-1])) if parts else ""
    number = NUMBER.fullmatch(stem)
    return number[1] if number else stem
