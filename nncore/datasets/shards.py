"""Cuts a data set into shards, so that training can begin when the first has arrived.

Each shard is a standard gzipped idx pair (any MNIST reader opens it); ``manifest.json`` lists them in order
with count, size and SHA-256. Reading takes bytes, not paths: in a page they come from ``fetch``. Writing is
deterministic to the byte (gzip's header has no time and no name), so a second build of the same data writes
the same files.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import asdict, dataclass, field
from dataclasses import fields as fields_of
from pathlib import Path
from typing import Any

from nncore.datasets.dataset import DataError, Dataset
from nncore.datasets.idx import read_idx, write_idx
from nncore.datasets.mnist import dataset_from_idx

MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class ShardFile:
    """One file of a shard: its name beside the manifest, SHA-256 (hex) and size in bytes, as stored."""

    file: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class ShardEntry:
    """One shard: ``count`` digits in an images file and a labels file."""

    count: int
    images: ShardFile
    labels: ShardFile


@dataclass(frozen=True)
class Manifest:
    """The contents of a folder of shards. ``small`` is True for the small set that replaces the full one."""

    name: str
    title: str
    source: str
    licence: str
    small: bool
    train: tuple[ShardEntry, ...]
    test: tuple[ShardEntry, ...]
    format: int = field(default=FORMAT)

    @property
    def train_count(self) -> int:
        """The number of training digits."""
        return sum(entry.count for entry in self.train)

    @property
    def test_count(self) -> int:
        """The number of test digits."""
        return sum(entry.count for entry in self.test)


def write_shards(
    train: Dataset,
    test: Dataset,
    folder: str | Path,
    shard_size: int = 5000,
    meta: dict[str, Any] | None = None,
) -> Path:
    """Write both sets into ``folder`` as shards of at most ``shard_size`` digits, in order.

    The folder is made if necessary.

    Args:
        meta: values for the manifest's ``name``, ``title``, ``source``, ``licence`` and ``small``.

    Returns:
        The path of the manifest, which is written last.

    Raises:
        ValueError: for a ``shard_size`` below 1, or an unknown key in ``meta``.
    """
    if shard_size < 1:
        raise ValueError(f"shard_size must be at least 1, not {shard_size}")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    described: dict[str, Any] = {
        "name": "mnist",
        "title": "MNIST",
        "source": "",
        "licence": "",
        "small": False,
    }
    if unknown := set(meta or {}) - set(described):
        raise ValueError(f"unknown manifest keys {sorted(unknown)}; legal are {sorted(described)}")
    manifest = Manifest(
        **(described | (meta or {})),
        train=_write_part(train, "train", folder, shard_size),
        test=_write_part(test, "test", folder, shard_size),
    )
    path = folder / MANIFEST
    path.write_text(json.dumps({"format": FORMAT} | asdict(manifest), indent=1) + "\n", encoding="utf-8")
    return path


def _write_part(dataset: Dataset, part: str, folder: Path, shard_size: int) -> tuple[ShardEntry, ...]:
    """Write the shards of one set and return their entries."""
    entries = []
    for number, start in enumerate(range(0, len(dataset), shard_size)):
        piece = dataset.take(slice(start, start + shard_size))
        images = _write_file(folder, f"{part}-{number:02d}-images-idx3-ubyte.gz", write_idx(piece.images))
        labels = _write_file(folder, f"{part}-{number:02d}-labels-idx1-ubyte.gz", write_idx(piece.labels))
        entries.append(ShardEntry(len(piece), images, labels))
    return tuple(entries)


def _write_file(folder: Path, name: str, data: bytes) -> ShardFile:
    """Write one compressed file and return its entry."""
    # Level 9 takes three times as long as 8 and saves half a per cent more.
    packed = gzip.compress(data, compresslevel=8, mtime=0)
    # Byte 9 of a gzip header names the operating system; Python's versions write different values there.
    packed = packed[:9] + b"\xff" + packed[10:]
    (folder / name).write_bytes(packed)
    return ShardFile(name, hashlib.sha256(packed).hexdigest(), len(packed))


def read_manifest(data: bytes | str) -> Manifest:
    """Parse ``manifest.json``.

    Raises:
        DataError: if it isn't JSON, is of another format version, or lacks an entry.
    """
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{MANIFEST}: damaged or cut short: not valid JSON; build the site again") from error
    try:
        if fields["format"] != FORMAT:
            raise DataError(f"{MANIFEST}: format {fields['format']!r}; this version reads format {FORMAT}")
        described = {key: fields[key] for key in ("name", "title", "source", "licence", "small")}
        train, test = (tuple(_entry(item) for item in fields[part]) for part in ("train", "test"))
    except (KeyError, TypeError, AttributeError) as error:
        lacking = f" ({error.args[0]} is missing)" if isinstance(error, KeyError) else ""
        raise DataError(
            f"{MANIFEST}: not a list of shards{lacking}: it must give format, name, title, source, licence, "
            "small, and train and test with count, images and labels of each shard"
        ) from error
    return Manifest(**described, train=train, test=test)


def _entry(item: dict[str, Any]) -> ShardEntry:
    """Return an entry from its JSON."""
    images, labels = (
        ShardFile(**{field.name: item[part][field.name] for field in fields_of(ShardFile)})
        for part in ("images", "labels")
    )
    return ShardEntry(item["count"], images, labels)


def read_shard(entry: ShardEntry, images: bytes, labels: bytes, name: str = "MNIST") -> Dataset:
    """Check one shard's bytes against its manifest entry and unpack it.

    Raises:
        DataError: if size, hash or count differ, or the content isn't idx; the message names the file.
    """
    arrays = []
    for expected, data in ((entry.images, images), (entry.labels, labels)):
        if len(data) != expected.bytes:
            raise DataError(f"{expected.file}: {len(data)} bytes, the manifest says {expected.bytes}")
        if hashlib.sha256(data).hexdigest() != expected.sha256:
            raise DataError(
                f"{expected.file}: SHA-256 differs from the manifest's (damaged or not the same build)"
            )
        array = read_idx(data, expected.file)
        if len(array) != entry.count:
            raise DataError(f"{expected.file}: {len(array)} records, the manifest says {entry.count}")
        arrays.append(array)
    return dataset_from_idx(name, *arrays)
