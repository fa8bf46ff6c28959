"""Reads an array from text: numbers in rows, as ``np.savetxt`` and spreadsheets write them."""

from __future__ import annotations

import json
import re

import numpy as np

from nncore.storage.saved import StorageError

FRACTION_BELOW_ZERO = re.compile(r"(?:^|[^\w.])-\d*[.]\d*[1-9]")


def table_in(text: str, name: str) -> np.ndarray:
    """Return the numbers in a text as an array ``(rows, columns)`` of float64.

    Cells may be separated by commas, semicolons, tabs or blanks, with decimal commas where the separator is
    another one. A header, numbered rows and comments after ``#`` are left out.

    Raises:
        StorageError: if the text is no such table.
    """
    try:
        if text.lstrip()[:1] == "[":
            return np.atleast_2d(np.array(json.loads(text), np.float64))
        return _numbered_rows_removed(_parsed(text))
    except (ValueError, TypeError, OverflowError, RecursionError, IndexError) as error:
        raise StorageError(
            f"{name}: not a table of numbers, as the weights of a network would be: rows of equal length, "
            "with one number for each input or each neuron"
        ) from error


def looks_like_weights(text: str) -> bool:
    """Return whether a text seems to be a table of weights: most of its numbers are fractions, many below 0.

    Pixels are seldom below 0, and a table of digits has whole numbers as labels.
    """
    rows = [row for row in text[:20_000].splitlines()[:4] if row.strip()][1:3]
    cells = [len(re.findall(r"[\w.+-]+", row)) for row in rows]
    negative = [len(FRACTION_BELOW_ZERO.findall(row)) for row in rows]
    return bool(rows) and all(n >= 8 and m > n / 5 for n, m in zip(cells, negative, strict=True))


def _parsed(text: str) -> np.ndarray:
    """Return the numbers in the rows of a text.

    Raises:
        ValueError: if a cell is no number, or the rows differ in length.
    """
    rows = [row.partition("#")[0].strip(" \r\n") for row in text.splitlines()]
    rows = [row for row in rows if row.strip()]
    if not rows:
        raise ValueError("no numbers")
    separator, decimal_comma = _dialect(rows[-1])
    if decimal_comma:
        rows = [row.replace(",", ".") for row in rows]
    if separator:
        rows = [row.rstrip(separator) for row in rows]
    first = [cell.strip().strip("\"'") for cell in rows[0].split(separator)]
    if not all(map(_is_number, first)):
        rows = rows[1:]
    if not rows:
        raise ValueError("nothing but a header")
    return np.loadtxt([row.replace('"', "") for row in rows], np.float64, delimiter=separator, ndmin=2)


def _dialect(row: str) -> tuple[str | None, bool]:
    """Return the separator of a row's cells (None for blanks), and whether commas are decimal ones."""
    for separator in (";", "\t"):
        if separator in row:
            return separator, "," in row
    if "," in row:
        blanks = re.search(r"\d\s+[-+\d]", row) is not None
        return (None, True) if blanks else (",", False)
    return None, False


def _is_number(cell: str) -> bool:
    """Return whether a cell is a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _numbered_rows_removed(table: np.ndarray) -> np.ndarray:
    """Return a table without a first row or a first column that only counts 0, 1, 2, ..."""
    rows, columns = table.shape
    if columns > 2 and rows > 1 and np.array_equal(table[0], np.arange(columns)):
        table = table[1:]
    if columns > 2 and len(table) > 2 and np.array_equal(table[:, 0], np.arange(len(table))):
        table = table[:, 1:]
    return table
