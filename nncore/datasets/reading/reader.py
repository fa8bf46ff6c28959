"""Reads digits from files of all kinds: the one function behind Open, ``--data``, ``convert`` and programs.

Files are unpacked, told apart by their content, decoded, paired with their labels, brought to light ink and
28 x 28, and joined. What is not plain on the way becomes a sentence in the report, or a question.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

import numpy as np

from nncore.datasets.dataset import DataError
from nncore.datasets.reading.arrays import array_blocks
from nncore.datasets.reading.block import Block
from nncore.datasets.reading.columns import find_columns, label_named
from nncore.datasets.reading.digits import SMALL, Digits, digits_steps, enlarged
from nncore.datasets.reading.faults import sum_up
from nncore.datasets.reading.gather import gathered
from nncore.datasets.reading.kinds import NETWORK, READ
from nncore.datasets.reading.label_tables import keys_of, take_labels
from nncore.datasets.reading.names import components, part_of_folder, part_of_path
from nncore.datasets.reading.notes import Notes
from nncore.datasets.reading.orientation import Judge, check_orientation
from nncore.datasets.reading.pairs import paired
from nncore.datasets.reading.picture_labels import digit_of_folder
from nncore.datasets.reading.picture_sets import LABELS_FROM, UNLABELLED, read_picture_steps
from nncore.datasets.reading.report import Question, Reading
from nncore.datasets.reading.stepping import finished, within
from nncore.datasets.reading.tables import Table, table_steps
from nncore.datasets.reading.unpack import MOST_BYTES, Faults, File, unpack_steps
from nncore.storage import is_network

ONE_HOT = 10  # columns

Files = Sequence[tuple[str, bytes]] | Mapping[str, bytes]
Steps = Generator[float, None, Reading]


def read_files(
    files: Files, answers: Mapping[str, str] | None = None, *, judge: Judge = None, keep_test: bool = False
) -> Reading:
    """Read digits from files, at once; see ``reading_steps``."""
    return finished(reading_steps(files, answers, judge=judge, keep_test=keep_test))


def read_path(
    *paths: str | Path,
    answers: Mapping[str, str] | None = None,
    judge: Judge = None,
    keep_test: bool = False,
) -> Reading:
    """Read digits from files and folders on the disk; see ``reading_steps``.

    Raises:
        DataError: if a path does not exist.
    """
    files: list[tuple[str, bytes]] = []
    room = MOST_BYTES
    for path in map(Path, paths):
        if not path.exists():
            raise DataError(f"{path}: no such file or folder")
        top = path.resolve()
        # The name of the folder itself counts only if it is a single word, such as "train" or "seven".
        says = digit_of_folder(top.name) is not None or (top.name.isalpha() and part_of_folder(top.name))
        telling = says or len(paths) > 1
        base = top.parent if telling or path.is_file() else top
        inside = sorted(file for file in top.rglob("*") if file.is_file()) if path.is_dir() else [top]
        if not inside:
            raise DataError(f"{path}: an empty folder")
        for file in inside:
            room -= file.stat().st_size
            if room < 0:
                raise DataError(f"{path}: more than {MOST_BYTES >> 20:,} MB, the most that is opened here")
            files.append((file.relative_to(base).as_posix(), file.read_bytes()))
    return read_files(files, answers, judge=judge, keep_test=keep_test)


def reading_steps(
    files: Files,
    answers: Mapping[str, str] | None = None,
    *,
    judge: Judge = None,
    keep_test: bool = False,
    reads_few: bool = False,
) -> Steps:
    """Read digits from files; yields the share that is done, from 0 to 1, and returns the ``Reading``.

    Args:
        files: pairs of name and bytes, or a mapping. Names may be paths; two files may have the same name.
        answers: question's key -> value of the choice.
        judge: a network (``SavedNetwork``), or a function from pixels ``(n, 784)`` uint8 to outputs
            ``(n, 10)``, which tells whether digits are stored turned; None for no check.
        keep_test: whether test digits alone stay test digits, instead of being divided to learn from.
        reads_few: whether fewer than ``FEWEST_TO_LEARN`` pictures whose names say no digit are returned
            without labels, and without a question: a caller that lets a network read them needs none.

    Raises:
        DataError: if no digits can be read; the message names the file and the fault.
        Question: if the meaning of the files isn't clear.
    """
    notes = Notes(answers, reads_few)
    pairs = list(files.items()) if isinstance(files, Mapping) else list(files)
    try:
        return (yield from _steps(pairs, notes, judge, keep_test))
    except DataError:
        raise
    except MemoryError as error:
        raise DataError("these files are too large for the memory here; open fewer at a time") from error
    except Exception as error:  # whatever a damaged file makes NumPy or Python raise
        names = ", ".join(name for name, _ in pairs[:3])
        raise DataError(f"{names}: damaged, or of a kind that is not read here") from error


def _steps(pairs: list[tuple[str, bytes]], notes: Notes, judge: Judge, keep_test: bool) -> Steps:
    """Read files; yields the share that is done."""
    if not pairs:
        raise DataError("no file was given")
    faults: Faults = []
    opened = yield from within(unpack_steps(pairs, notes, faults), 0.0, 0.2)
    pictures, total = [file for file in opened if file.kind == "picture"], max(len(opened), 1)
    blocks: list[Block] = []
    done = 0
    for file in opened:
        if file.kind == "picture":
            continue
        start = 0.2 + 0.6 * done / total
        try:
            blocks += yield from within(_blocks(file, notes), start, start + 0.6 / total)
        except Question:
            raise
        except DataError as error:
            faults.append((file.name, str(error).removeprefix(f"{file.name}: ")))
        done += 1
    digits: list[Digits] = []
    if pictures:
        known = take_labels(blocks, pictures, notes)
        digits += yield from within(
            read_picture_steps(pictures, notes, faults, known), 0.2 + 0.6 * done / total, 0.8
        )
    _settle_faults(faults, notes, bool(blocks or digits), [name for name, _ in pairs])
    for block in paired(blocks, notes):
        digits.append((yield from within(digits_steps(block, notes), 0.8, 0.9)))
    digits = _with_labels(digits, notes)
    if len({(one.images.shape[1:], one.top) for one in digits}) > 1:
        for place, one in enumerate(digits):
            if one.images.shape[1:] == SMALL:
                digits[place] = yield from within(enlarged(one), 0.9, 0.95)
    digits = check_orientation(digits, notes, judge)
    yield 0.95
    return gathered(digits, notes, keep_test)


def _blocks(file: File, notes: Notes) -> Generator[float, None, list[Block]]:
    """Return the content of a file that is no picture.

    Raises:
        DataError: if there are no digits in it, or the weights of a network.
        Question: if the meaning of a table isn't clear.
    """
    try:
        found = yield from _content(file, notes)
    except DataError as error:
        if is_network(components(file.name)[-1], file.data):
            raise DataError(f"{file.name}: {NETWORK}") from error
        raise
    images, labels = (
        any(getattr(block, what) is not None for block in found) for what in ("images", "labels")
    )
    if not (images and labels) and is_network(components(file.name)[-1], file.data):
        raise DataError(f"{file.name}: {NETWORK}")
    return found


def _content(file: File, notes: Notes) -> Generator[float, None, list[Block]]:
    """Return the content of a file as images, labels, or both."""
    if file.kind != "table":
        yield 0.0
        return array_blocks(file, notes)
    table = yield from table_steps(file.name, file.data, notes)
    columns = find_columns(file.name, table, notes)
    part = part_of_path(file.name)
    if columns is None:
        return [_labels_alone(file.name, table, part)]
    pixels = table.values[:, columns.pixels]
    side = round(len(columns.pixels) ** 0.5)
    labels: np.ndarray | None = None
    if len(columns.label) == 1 and columns.label[0] in table.texts:
        labels = np.array(table.texts[columns.label[0]])
    elif columns.label:
        labels = table.values[:, columns.label]
    return [Block(file.name, "CSV", pixels.reshape(-1, side, side), labels, table.lines, part)]


def _labels_alone(name: str, table: Table, part: str) -> Block:
    """Return a table without pixels as labels: its column of that name, the last of two, or one-hot ones.

    Raises:
        DataError: if the table has other columns than labels.
    """
    width = table.values.shape[1]
    label = label_named(table)
    if label is None and width == ONE_HOT and not table.texts:
        return Block(name, "CSV", None, table.values, table.lines, part)
    if label is None and width > 2:
        raise DataError(
            f"{name}: a line has {width} values, not a label and 784 pixels. Are the labels missing?"
        )
    label = width - 1 if label is None else label
    labels = np.array(table.texts[label]) if label in table.texts else table.values[:, label]
    return Block(name, "CSV", None, labels, table.lines, part, keys_of(table, label))


def _settle_faults(faults: Faults, notes: Notes, found: bool, names: Sequence[str]) -> None:
    """Skip files that are no digits if others are; refuse files of digits that are faulty.

    Raises:
        DataError: with all faults in one sentence.
    """
    if faults and not found:
        raise DataError(sum_up(faults))
    if not found:
        skipped = [(skipped.file, skipped.reason) for skipped in notes.skipped]
        raise DataError(sum_up(skipped) if skipped else f"no digits in {', '.join(names)}")
    data = [fault for fault in faults if fault[0].lower().endswith(DATA_ENDINGS)]
    if data:
        raise DataError(sum_up(data))
    for name, reason in faults:
        notes.skip(name, "no digits are read from such files" if reason.endswith(READ) else reason)


DATA_ENDINGS = (".csv", ".tsv", ".npz", ".npy", ".pkl", ".gz", "ubyte", ".zip")
"""Endings of files that are expected to hold digits, so that a fault of one is not passed over."""


def _with_labels(digits: list[Digits], notes: Notes) -> list[Digits]:
    """Return the digits; those without labels (Kaggle's test part) are skipped beside others with labels.

    Raises:
        Question: if none of them has labels.
    """
    known = [one for one in digits if one.labels is not None]
    unknown = [one for one in digits if one.labels is None]
    tables = [one for one in unknown if not one.names]
    for one in unknown:
        if known and (one.part == "test" or not one.names):
            for name in one.names or (one.name,):
                notes.skip(name, "it has no labels")
            unknown = [other for other in unknown if other is not one]
    if tables and not known:
        notes.ask(
            f"{tables[0].name}: it has pictures but no labels; open images and labels together, or read them "
            "without labels",
            LABELS_FROM,
            (UNLABELLED,),
        )
    return known + unknown
