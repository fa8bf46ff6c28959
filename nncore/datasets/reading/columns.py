"""Tells the columns of a table apart: pixels, label, and numbers of rows, by their names or their content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isqrt

import numpy as np

from nncore.datasets.dataset import DataError
from nncore.datasets.reading.labels import is_one_hot
from nncore.datasets.reading.names import plain
from nncore.datasets.reading.notes import Notes
from nncore.datasets.reading.tables import Table
from nncore.questions import Choice

_LABELS = (
    "label labels class classes digit digits target targets y number lbl klasse ziffer zahl chiffre "
    "classe etiquette etiqueta clase cifra numero digito etikett classlabel ylabel truelabel"
)
LABEL_NAMES = frozenset(_LABELS.split())
_INDICES = "id index idx imageid image row rowid nr no unnamed rownames sample sampleid key"
INDEX_NAMES = frozenset(_INDICES.split())
USUAL_SIDES = (28, 8)
OTHER_SIDES = (16, 20, 32, 14, 10, 12, *range(9, 129))
LETTERS = 61  # the highest label of EMNIST; such a set is refused later, by the name of its fault
FIRST_OR_LAST = (Choice("first", "The first column"), Choice("last", "The last column"))


@dataclass(frozen=True)
class Columns:
    """The places of the pixels, and of the label: one column, ten (one-hot) or none."""

    pixels: list[int]
    label: list[int]


def find_columns(name: str, table: Table, notes: Notes) -> Columns | None:
    """Return which columns are pixels and label; None if the table has too few columns for pixels.

    Raises:
        DataError: if no number of pixels fits the number of columns.
        Question: if the label may be in the first or in the last column.
    """
    width = table.values.shape[1]
    named = [_key(title) for title in table.header]
    label = label_named(table)
    pixels = _without_index([place for place in range(width) if place not in table.texts], table, named)
    if label is not None:
        others = [place for place in pixels if place != label]
        for end in (0, -1):
            if not _is_square(len(others)) and others and _counts(table.values[:, others[end]]):
                others = [place for place in others if place != others[end]]
        if _is_square(len(others)):
            return Columns(others, [label])
        if len(others) < 49:
            return None
        raise DataError(f"{name}: {len(others)} columns beside the label; expected 784 pixels (28 x 28)")
    if len(table.texts) == 1 and _is_square(len(pixels)):
        return Columns(pixels, list(table.texts))
    return _by_number(name, pixels, table, notes)


def label_named(table: Table) -> int | None:
    """Return the only column that is named as labels are, or None."""
    named = [place for place, title in enumerate(table.header) if _key(title) in LABEL_NAMES]
    return named[0] if len(named) == 1 else None


def _by_number(name: str, places: list[int], table: Table, notes: Notes) -> Columns | None:
    """Return the columns by their number alone: a label and the pixels of a square picture."""
    count = len(places)
    if count < 50:
        return None
    for extra in (1, 0, 10, 2, 3):
        sides = USUAL_SIDES if extra in (2, 3) else (*USUAL_SIDES, *OTHER_SIDES)
        if count - extra not in {side * side for side in sides}:
            continue
        if extra == 0:
            return Columns(places, [])
        if extra == 10:
            for hot, rest in ((places[-10:], places[:-10]), (places[:10], places[10:])):
                if is_one_hot(table.values[:, hot]):
                    return Columns(rest, hot)
            continue
        while extra > 1:
            index = next(
                (place for place in (places[0], places[-1]) if _counts(table.values[:, place])), None
            )
            if index is None:
                break
            places = [place for place in places if place != index]
            extra -= 1
        if extra == 1:
            return _first_or_last(name, places, table, notes)
    raise DataError(
        f"{name}: a line has {count} values, not a label and 784 pixels (28 x 28) or 64 (8 x 8). "
        "Are the labels missing?"
    )


def _first_or_last(name: str, places: list[int], table: Table, notes: Notes) -> Columns:
    """Return the columns of a table whose label is at one of its ends."""
    first, last = places[0], places[-1]
    likely = {place: _likeness(table.values[:, place]) for place in (first, last)}
    if max(likely.values()) < 2:
        likely = {place: _likeness(table.values[:, place], LETTERS) for place in (first, last)}
    if likely[first] == likely[last] or max(likely.values()) < 2:
        answer = notes.ask(
            f"{name}: is the label in the first or in the last column? The content does not tell",
            "label_column",
            FIRST_OR_LAST,
        )
        label = first if answer == "first" else last
    else:
        label = max(likely, key=lambda place: likely[place])
    if label == last:
        notes.say(f"{name}: the label was read from the last column")
    return Columns([place for place in places if place != label], [label])


def _likeness(column: np.ndarray, highest: int = 10) -> int:
    """Return how much a column looks like labels up to ``highest``: from 3 (just so) to 0 (not at all)."""
    legal = np.isfinite(column) & (column >= 0) & (column <= highest) & (column == np.rint(column))
    if legal.mean() < 0.9 and (~legal).sum() > 1:
        return 0
    values, counts = np.unique(column[legal], return_counts=True)
    if len(values) > 1 and counts.max() / counts.sum() < 0.7:
        # Border pixels of binary pictures are 0 and 1, labels are more than two.
        return 3 if len(values) > 2 or values.max() > 1 else 2
    if len(values) == 1 and values[0] == 0:
        return 1
    return 2 if len(values) else 0


def _without_index(places: list[int], table: Table, named: list[str]) -> list[int]:
    """Return the places without the columns at the ends whose names say that they number the rows."""
    for end in (0, -1):
        if not named or len(places) < 3:
            continue
        title, column = named[places[end]], table.values[:, places[end]]
        if title in INDEX_NAMES or (not title and any(named) and _counts(column)):
            places = [place for place in places if place != places[end]]
    return places


def _counts(column: np.ndarray) -> bool:
    """Return whether a column numbers the rows: 0, 1, 2, ... or, in a longer table, each number once."""
    numbers = column.astype(np.float64)
    if not np.isfinite(numbers).all() or (numbers != np.rint(numbers)).any():
        return False
    if len(numbers) < 12:
        return bool((np.diff(numbers) == 1).all())
    return len(np.unique(numbers)) == len(numbers)


def _key(title: str) -> str:
    """Return a column's name as it is looked up: ``Unnamed: 0`` as ``unnamed``."""
    word = re.sub(r"[^a-z0-9]", "", plain(title))
    return "unnamed" if word.startswith("unnamed") else word


def _is_square(count: int) -> bool:
    """Return whether a square picture of at least 8 x 8 has this number of pixels."""
    return count >= 64 and isqrt(count) ** 2 == count
