"""Reads tables of text: one digit a line, with any separator, with or without a line of column names.

The separator, the first line and the columns are told by their content (``columns``), because programs write
them in many ways. Values are parsed in slices, so that a page stays responsive.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, field

import numpy as np

from nncore.datasets.dataset import DataError
from nncore.datasets.reading.notes import Notes
from nncore.datasets.reading.stepping import finished

LINES = 300  # parsed at once
SEPARATORS = (b"\t", b";", b"|", b",")
SPACE = b" "
FEWEST_COLUMNS = 2
TRUTH = {"true": "1", "false": "0"}
LONGEST_PROSE = 4  # lines of which a text is judged


@dataclass(frozen=True, eq=False)
class Table:
    """The values of a table.

    Attributes:
        values: ``(n, columns)`` uint8 or float32; NaN in a column of texts.
        header: the names of the columns, or empty.
        texts: column -> its texts, for columns that are not numbers.
        lines: of the file, for each record, counted from 1.
    """

    values: np.ndarray
    header: tuple[str, ...] = ()
    texts: dict[int, list[str]] = field(default_factory=dict)
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class Lines:
    """The lines with values, their numbers, the separator and the names of the columns."""

    lines: list[bytes]
    numbers: list[int]
    separator: bytes
    header: tuple[str, ...]


def table_steps(name: str, data: bytes, notes: Notes) -> Generator[float, None, Table]:
    """Read a table; yields the share that is done.

    Raises:
        DataError: names the line (counted from 1) that has another number of values, or one that is missing;
            also if the file is no table.
    """
    there = split_lines(name, data)
    if _numbered(there):
        there.lines[0] = re.sub(rb"(\d)\.\d+", rb"\1", there.lines[0])
        notes.say(
            f"{name}: the first line is a digit to whose values pandas had added numbers; they were removed"
        )
    width = _width(name, there)
    parts: list[np.ndarray] = []
    texts: dict[int, list[str]] = {}
    for start in range(0, len(there.lines), LINES):
        piece = there.lines[start : start + LINES]
        values = _fast(piece, there.separator, width)
        if values is None:
            values = _slow(name, there, start, width, texts)
        parts.append(values)
        yield min(1.0, (start + LINES) / len(there.lines))
    header = there.header
    if header and len(header) == width - 1:
        header = ("", *header)  # R leaves out the name of the column of row numbers
    return Table(
        np.concatenate(parts), header[:width] if len(header) >= width else (), texts, tuple(there.numbers)
    )


def read_table(name: str, data: bytes) -> Table:
    """Read a table at once; see ``table_steps``."""
    return finished(table_steps(name, data, Notes()))


def split_lines(name: str, data: bytes) -> Lines:
    """Return the lines of a table without its first line of names, empty lines and comments.

    Raises:
        DataError: if there is no line with values.
    """
    text = _as_utf8(data)
    lines, numbers, separator = [], [], b""
    for number, line in enumerate(text.splitlines(), start=1):
        if re.fullmatch(rb"(?i)\s*sep=.\s*", line):
            separator = line.strip()[-1:]  # for Excel
        elif line.strip(b" \t,;|\"'"):
            lines.append(line)
            numbers.append(number)
    if not lines:
        raise DataError(f"{name}: {'no digit in it' if data else 'the file is empty'}")
    if lines[0].lstrip()[:1] in (b"@", b"%"):
        return _arff(name, lines, numbers)
    separator = separator or _separator(lines)
    header = _header(lines, separator)
    skip = 1 if header else 0
    if header and not lines[1:]:
        raise DataError(f"{name}: no digit in it: a text without lines of numbers")
    # Files that were put together with their first lines have these again in the middle.
    again = lines[0] if header else b"#"
    kept = [place for place in range(skip, len(lines)) if not lines[place].lstrip().startswith((b"#", again))]
    if not kept:
        raise DataError(f"{name}: no digit in it")
    return Lines([lines[place] for place in kept], [numbers[place] for place in kept], separator, header)


def _as_utf8(data: bytes) -> bytes:
    """Return a text without its byte order mark; UTF-16, which Excel writes, becomes UTF-8."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace").encode()
    return data.removeprefix(b"\xef\xbb\xbf")


def _separator(lines: list[bytes]) -> bytes:
    """Return the separator that divides the lines into the same, large number of values."""
    sample = lines[1 : 1 + LONGEST_PROSE] or lines[:1]
    counts = {separator: min(line.count(separator) for line in sample) for separator in SEPARATORS}
    for separator in SEPARATORS[:-1]:
        # A comma may also stand in the numbers ("0,5"), so the others come first.
        if counts[separator] >= max(FEWEST_COLUMNS - 1, counts[b","] // 2):
            return separator
    return b"," if counts[b","] else SPACE


def _fields(line: bytes, separator: bytes) -> list[str]:
    """Return the values of a line as texts, without quotes."""
    text = line.decode("utf-8", errors="replace")
    if separator == SPACE:
        return [value.strip("\"'") for value in text.split()]
    if '"' in text:
        row = next(csv.reader([text], delimiter=separator.decode(), skipinitialspace=True), [])
        return [value.strip() for value in row]
    return [value.strip().strip("'") for value in text.split(separator.decode())]


def _header(lines: list[bytes], separator: bytes) -> tuple[str, ...]:
    """Return the names of the columns, if the first line has names in place of numbers."""
    first = lines[0].lstrip()
    commented = first.startswith(b"#")
    fields = _fields(first.lstrip(b"# ") if commented else lines[0], separator)
    if commented:
        return tuple(fields)
    named = [value for value in fields if value]
    numeric = [_is_number(value, separator) for value in named]
    if not all(numeric):
        # A text beside numbers may be a label, such as "seven"; names stand over columns of numbers.
        below = _fields(lines[1], separator) if len(lines) > 1 else []
        same = len(below) == len(fields) and [_is_number(v, separator) for v in below] == [
            _is_number(v, separator) for v in fields
        ]
        return () if same and sum(numeric) > len(named) / 2 else tuple(fields)
    # pandas writes the numbers of the columns where it has no names for them.
    counted = [str(number) for number in range(len(named) + 1)]
    if len(named) > 9 and named in (counted[:-1], counted[1:]):
        return tuple("" for _ in fields)
    return ()


def _is_number(text: str, separator: bytes) -> bool:
    """Return whether a text is a number; with another separator, a comma may stand for its point."""
    if text.lower() in TRUTH:
        return True
    try:
        float(text if separator == b"," else text.replace(",", "."))
    except ValueError:
        return False
    return "_" not in text


def _numbered(there: Lines) -> bool:
    """Return whether pandas took the first digit for names of columns and made them differ (0, 0.1, 0.2)."""
    first = re.findall(rb"(?:^|[,;\t ])0\.(\d+)", there.lines[0])
    return (
        len(first) > 30
        and first == sorted(first, key=int)
        and len(set(first)) == len(first)
        and not any(b"." in line for line in there.lines[1:4])
    )


def _arff(name: str, lines: list[bytes], numbers: list[int]) -> Lines:
    """Return the lines of an ARFF file, in which OpenML and Weka name the columns above the data."""
    header: list[str] = []
    for place, line in enumerate(lines):
        words = line.decode("utf-8", errors="replace").split(None, 2)
        if words[0].lower() == "@attribute" and len(words) > 1:
            header.append(words[1].strip("\"'"))
        if words[0].lower() == "@data":
            kept = [at for at in range(place + 1, len(lines)) if not lines[at].lstrip().startswith(b"%")]
            if kept and header:
                return Lines([lines[at] for at in kept], [numbers[at] for at in kept], b",", tuple(header))
    raise DataError(f"{name}: no digit in it")


def _width(name: str, there: Lines) -> int:
    """Return the number of columns: that of most lines; trailing separators are taken off the lines.

    Raises:
        DataError: names the first line of another length.
    """
    lines, separator = there.lines, there.separator
    if separator != SPACE and all(line.rstrip(b" \r")[-1:] == separator for line in lines):
        lines[:] = [line.rstrip(b" \r")[:-1] for line in lines]
    if separator == SPACE:
        counts = [len(line.split()) for line in lines]
    else:
        counts = [line.count(separator) + 1 for line in lines]
    width, usual = Counter(counts).most_common(1)[0]
    for place, count in enumerate(counts):
        if count != width:
            raise DataError(
                f"{name}: line {there.numbers[place]}: {count} values, expected {width} as in {usual} others"
            )
    return width


def _fast(lines: list[bytes], separator: bytes, width: int) -> np.ndarray | None:
    """Return lines of whole numbers from 0 to 255 as ``(n, width)`` uint8; None for anything else."""
    splitter = None if separator == SPACE else separator
    try:
        rows = b"".join([bytes(map(int, line.replace(b'"', b"").split(splitter))) for line in lines])
    except ValueError:
        return None
    if len(rows) != len(lines) * width or any(b"_" in line or b"+" in line for line in lines):
        return None
    return np.frombuffer(rows, np.uint8).reshape(len(lines), width)


def _slow(name: str, there: Lines, start: int, width: int, texts: dict[int, list[str]]) -> np.ndarray:
    """Return lines of any numbers as ``(n, width)``; columns of texts are added to ``texts``."""
    lines = there.lines[start : start + LINES]
    rows = [_fields(line, there.separator) for line in lines]
    for place, row in enumerate(rows):
        if len(row) != width:
            raise DataError(
                f"{name}: line {there.numbers[start + place]}: {len(row)} values, expected {width}"
            )
    if there.separator != b",":
        rows = [[value.replace(",", ".") for value in row] for row in rows]
    if any(value.lower() in TRUTH for value in rows[0]):
        rows = [[TRUTH.get(value.lower(), value) for value in row] for row in rows]
    table = np.array(rows)
    values = np.full(table.shape, np.nan, np.float32)
    for column in range(width):
        if column in texts:
            texts[column] += table[:, column].tolist()
            continue
        try:
            values[:, column] = table[:, column].astype(np.float32)
        except (ValueError, OverflowError):
            _take_texts(name, there, start, column, table[:, column].tolist(), texts)
    whole = (values >= 0) & (values <= 255) & (values == np.rint(values))
    return values.astype(np.uint8) if whole.all() else values


def _take_texts(
    name: str, there: Lines, start: int, column: int, found: list[str], texts: dict[int, list[str]]
) -> None:
    """Add a column of texts.

    Raises:
        DataError: names the line, if most of the column is numbers.
    """
    bad = [place for place, value in enumerate(found) if not _is_number(value, there.separator)]
    if (start or len(bad) <= len(found) / 2) and bad:
        value, line = found[bad[0]], there.numbers[start + bad[0]]
        what = f"is {value[:20]!r}, not a number" if value else "is missing"
        raise DataError(f"{name}: line {line}: value {column + 1} {what}")
    texts[column] = found
