"""Finds the digits for ``--data`` and programs: built in, a folder of shards, or any files that are read.

The project's own formats are told by their names; all other files go through ``nncore.datasets.reading``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nncore.datasets.dataset import DataError, Dataset
from nncore.datasets.digits8x8 import load_digits8x8
from nncore.datasets.doubts import doubt
from nncore.datasets.reading import Report, judge_by_likeness, read_path
from nncore.datasets.shards import MANIFEST, ShardEntry, read_manifest, read_shard
from nncore.datasets.small import load_small

DIGITS8X8 = "digits8x8"
SMALL = ("mnist_5k.csv", "mnist_5k.csv.gz")
SOURCES = (
    "a file or a folder with CSV, MNIST's idx files, .npz, .npy, .pkl or pictures, also as .zip; "
    f"a folder with {MANIFEST}; mnist_5k.csv.gz"
)
"""The sources that are read, in words."""


@dataclass(frozen=True)
class Data:
    """The digits of a source.

    Attributes:
        train: the training digits, or None.
        test: the test digits, or None.
        validation: the digits for validation, if the source has such a part of its own.
        notes: a sentence for everything that was assumed or left out while reading.
    """

    train: Dataset | None
    test: Dataset | None
    validation: Dataset | None = None
    notes: tuple[str, ...] = ()


def load_data(path: str | Path, answers: Mapping[str, str] | None = None) -> Data:
    """Read the digits at ``path``, or the built-in 8 x 8 digits by the name ``"digits8x8"``.

    Args:
        answers: question's key -> value of the choice, where the meaning of the files isn't clear.

    Raises:
        DataError: if the path does not exist, there are no digits with labels, or a file has a fault.
        Question: if the meaning of the files isn't clear.
    """
    if str(path) == DIGITS8X8:
        return Data(*load_digits8x8())
    path = Path(path)
    if (path / MANIFEST).is_file():
        return _read_shards(path)
    if path.name.lower() in SMALL and path.is_file():
        return Data(*load_small(path))
    reading = read_path(path, answers=answers, judge=judge_by_likeness, keep_test=True)
    if reading.train is None and reading.test is None:
        raise DataError(f"{path}: its pictures have no labels")
    return Data(reading.train, reading.test, reading.validation, _notes(reading.train, reading.report))


def _notes(train: Dataset | None, report: Report) -> tuple[str, ...]:
    """Return the sentences of a report, without the sentence of ``doubt``, which callers show by itself."""
    found = doubt(train) if train else None
    assumed = [sentence for sentence in report.assumed if not found or sentence != found.sentence]
    return (*assumed, *(f"{skipped.file} was left out: {skipped.reason}" for skipped in report.skipped))


def _read_shards(folder: Path) -> Data:
    """Read a folder of shards."""
    manifest = read_manifest((folder / MANIFEST).read_bytes())

    def part(entries: tuple[ShardEntry, ...], name: str) -> Dataset | None:
        shards = []
        for entry in entries:
            images, labels = ((folder / file.file).read_bytes() for file in (entry.images, entry.labels))
            shards.append(read_shard(entry, images, labels, f"{manifest.title} {name}"))
        return shards[0].concatenate(*shards[1:]) if shards else None

    return Data(part(manifest.train, "train"), part(manifest.test, "test"))
