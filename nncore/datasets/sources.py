"""Reads digits from any folder or file, with the reader that fits.

``READERS`` are asked in order; each entry tests whether the path looks like its format. All of them return a
training set and a test set; if the source has only one of these, the other is None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nncore.datasets.arrays_pickle import read_mnist_pickle
from nncore.datasets.csvfile import read_csv
from nncore.datasets.dataset import DataError, Dataset
from nncore.datasets.digits8x8 import load_digits8x8
from nncore.datasets.mnist import STEMS, find_mnist_file, load_mnist
from nncore.datasets.png import SUFFIXES, read_png_folder
from nncore.datasets.shards import MANIFEST, ShardEntry, read_manifest, read_shard
from nncore.datasets.small import load_small

DIGITS8X8 = "digits8x8"


@dataclass(frozen=True)
class Data:
    """The digits of a source; ``validation`` if the source has such a part of its own."""

    train: Dataset | None
    test: Dataset | None
    validation: Dataset | None = None


@dataclass(frozen=True)
class Reader:
    """A file format: its description, a test whether a path has it, and the function that reads it."""

    label: str
    fits: Callable[[Path], bool]
    read: Callable[[Path], Data]


def load_data(path: str | Path) -> Data:
    """Read the digits at ``path``, or the built-in 8 x 8 digits by the name ``"digits8x8"``.

    Raises:
        DataError: if the path does not exist, no reader fits, or the reader finds a fault.
    """
    if str(path) == DIGITS8X8:
        return Data(*load_digits8x8())
    path = Path(path)
    if not path.exists():
        raise DataError(f"{path}: no such file or folder")
    for reader in READERS.values():
        if reader.fits(path):
            return reader.read(path)
    legal = "; ".join(reader.label for reader in READERS.values())
    raise DataError(f"{path}: no data that can be read here; looked for: {legal}")


def _has(folder: Path, *names: str) -> Path | None:
    """Return the first of these files that exists in ``folder``, or None."""
    return next((folder / name for name in names if (folder / name).is_file()), None)


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


def _read_csv_folder(folder: Path) -> Data:
    """Read a folder with Rashid's files."""
    train, test = (_has(folder, f"mnist_{part}.csv", f"mnist_{part}.csv.gz") for part in ("train", "test"))
    return Data(read_csv(train) if train else None, read_csv(test) if test else None)


def _read_pickle(path: Path) -> Data:
    """Read ``mnist.pkl.gz``."""
    train, validation, test = read_mnist_pickle(path)
    return Data(train, test, validation)


def _ends(*endings: str) -> Callable[[Path], bool]:
    """Return a test for files with these endings."""
    return lambda path: path.is_file() and path.name.lower().endswith(endings)


def _holds(*names: str) -> Callable[[Path], bool]:
    """Return a test for folders with one of these files."""
    return lambda path: path.is_dir() and _has(path, *names) is not None


READERS: dict[str, Reader] = {
    "mnist": Reader(
        "a folder with MNIST's four idx files",
        lambda path: path.is_dir() and find_mnist_file(path, STEMS["train"][0]) is not None,
        lambda path: Data(*load_mnist(path)),
    ),
    "shards": Reader(f"a folder with {MANIFEST}", _holds(MANIFEST), _read_shards),
    "csv folder": Reader(
        "a folder with mnist_train.csv or mnist_test.csv",
        _holds("mnist_train.csv", "mnist_train.csv.gz", "mnist_test.csv", "mnist_test.csv.gz"),
        _read_csv_folder,
    ),
    "pickle folder": Reader(
        "a folder with mnist.pkl.gz",
        _holds("mnist.pkl.gz", "mnist.pkl"),
        lambda path: _read_pickle(_has(path, "mnist.pkl.gz", "mnist.pkl") or path),
    ),
    "small": Reader(
        "mnist_5k.csv.gz", _ends("mnist_5k.csv.gz", "mnist_5k.csv"), lambda path: Data(*load_small(path))
    ),
    "csv": Reader(
        "a .csv or .csv.gz file",
        _ends(".csv", ".csv.gz"),
        # Rashid's files have "train" or "test" in their names; any other file is used to train on.
        lambda path: Data(None, read_csv(path)) if "test" in path.name else Data(read_csv(path), None),
    ),
    "pickle": Reader("a .pkl or .pkl.gz file", _ends(".pkl", ".pkl.gz"), _read_pickle),
    "png": Reader(
        "a folder of PNG files",
        lambda path: path.is_dir() and any(file.suffix.lower() in SUFFIXES for file in path.rglob("*")),
        lambda path: Data(None, read_png_folder(path)),
    ),
}
"""Name -> reader, in the order in which they are asked."""
