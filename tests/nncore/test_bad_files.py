"""Read damaged files: 400 network files and 240 data files, each made from a good one by a random change.

Reading such a file must end in one of two ways: with the reader's own error, which names the file and the
fault, or with valid data. If the format has checksums, the data must be equal to the original to the bit.
"""

from __future__ import annotations

import gzip
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.checkpoint import Checkpoint, CheckpointError
from nncore.datasets import DataError, Dataset
from nncore.datasets.arrays_pickle import read_mnist_pickle
from nncore.datasets.idx import read_idx, write_idx
from nncore.datasets.shards import read_manifest, read_shard, write_shards
from nncore.datasets.sources import load_data
from nncore.network import Network
from nncore.presets import PRESETS
from nncore.storage import SavedNetwork, StorageError, is_network, load, open_network, to_json, to_npz
from nncore.training import Trainer
from tests.nncore import foreign_files as files_of

Mutation = Callable[[bytes, np.random.Generator], bytes]


def _flip(data: bytes, rng: np.random.Generator) -> bytes:
    place = int(rng.integers(len(data)))
    return data[:place] + bytes([data[place] ^ (1 << int(rng.integers(8)))]) + data[place + 1 :]


def _noise(data: bytes, rng: np.random.Generator) -> bytes:
    place, count = int(rng.integers(len(data))), int(rng.integers(1, 200))
    return data[:place] + rng.bytes(count) + data[place + count :]


def _swapped(data: bytes, rng: np.random.Generator) -> bytes:
    place = int(rng.integers(1, len(data)))
    return data[place:] + data[:place]


MUTATIONS: dict[str, Mutation] = {
    "a bit flipped": _flip,
    "cut off": lambda data, rng: data[: int(rng.integers(len(data)))],
    "beginning lost": lambda data, rng: data[int(rng.integers(1, len(data))) :],
    "noise in the middle": _noise,
    "halves swapped": _swapped,
    "zeros in the middle": lambda data, rng: _zeros(data, int(rng.integers(len(data)))),
    "longer": lambda data, rng: data + rng.bytes(int(rng.integers(1, 50))),
    "twice": lambda data, rng: data + data,
}


def _zeros(data: bytes, place: int) -> bytes:
    return data[:place] + bytes(64) + data[place + 64 :]


def cases(count: int) -> list[tuple[str, int]]:
    """Return ``count`` pairs of a mutation's name and a seed, with every mutation equally often."""
    names = list(MUTATIONS)
    return [(names[number % len(names)], number) for number in range(count)]


def mutated(data: bytes, how: str, seed: int) -> bytes:
    return MUTATIONS[how](data, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def saved() -> SavedNetwork:
    preset = PRESETS["fast"]
    spec = preset.network.__class__(**{**vars(preset.network), "layers": (784, 5, 10)})
    return SavedNetwork(Network.create(spec, 3), preset.preprocessing, preset.training, notes={"a": "b"})


@pytest.mark.parametrize("form", ["npz", "json"])
def test_a_damaged_network_is_refused_by_name(saved: SavedNetwork, form: str) -> None:
    """Read 100 damaged files of each form: each is refused by its name or gives finite weights.

    An ``.npz`` has checksums, so its weights must be unchanged. JSON has none: a changed digit in it is just
    another number.
    """
    whole = to_npz(saved) if form == "npz" else to_json(saved).encode()
    refused = 0
    for how, seed in cases(100):
        data = mutated(whole, how, seed)
        try:
            found = load(data, f"mine.{form}")
        except StorageError as error:
            refused += 1
            named, reason = str(error).split(": ", 1)
            assert named == f"mine.{form}" and reason, (how, seed)
            continue
        flat = found.network.parameters.flat
        assert np.isfinite(flat).all()
        if form == "npz":
            assert np.array_equal(flat, saved.network.parameters.flat), (how, seed)
    assert refused >= 70


LAYERS = files_of.some_layers(784, 5, 10)
STATE = files_of.sequential(LAYERS)
PICKLE_OF_STATE = files_of.torch_pickle(STATE)
WEIGHTS = [array for layer in LAYERS for array in layer]
ANSWERS = {"activation": "relu", "inputs": "unit", "cost": "QuadraticCost"}
FOREIGN: dict[str, tuple[bytes, Callable[[bytes], dict[str, bytes]]]] = {
    "Nielsen's JSON": (files_of.nielsen(LAYERS), lambda data: {"mine.json": data}),
    "safetensors": (files_of.safetensors(STATE), lambda data: {"mine.safetensors": data}),
    "PyTorch": (files_of.torch_zip(STATE), lambda data: {"mine.pt": data}),
    "PyTorch's pickle": (PICKLE_OF_STATE, lambda data: {"mine.pt": files_of.torch_zip(STATE, pickled=data)}),
    "Keras' weights": (files_of.npz_in_order(*WEIGHTS), lambda data: {"mine.npz": data}),
    "wih.npy": (
        files_of.npy(LAYERS[0][0].T),
        lambda data: {"mine-wih.npy": data, "mine-who.npy": files_of.npy(LAYERS[1][0].T)},
    ),
    "wih.csv": (
        files_of.text(LAYERS[0][0].T),
        lambda data: {"mine-wih.csv": data, "mine-who.csv": files_of.text(LAYERS[1][0].T)},
    ),
    "wih in a zip": (
        files_of.text(LAYERS[0][0].T),
        lambda data: {
            "mine.zip": files_of.zipped({"wih.csv": data, "who.csv": files_of.text(LAYERS[1][0].T)})
        },
    ),
}
"""Kind -> the good bytes that are changed, and the files to open with them."""


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_damaged_network_of_another_program_is_refused_by_name(kind: str) -> None:
    """Open 25 damaged files of each kind: each is refused by its name, or gives finite weights."""
    whole, files = FOREIGN[kind]
    assert open_network(files(whole), ANSWERS)  # the undamaged file can be opened
    refused = 0
    for how, seed in cases(25):
        damaged = files(mutated(whole, how, seed))
        for name, data in damaged.items():
            is_network(name, data)
        try:
            found = open_network(damaged, ANSWERS)
        except StorageError as error:
            refused += 1
            named, reason = str(error).split(": ", 1)
            assert named.startswith("mine") and reason, (how, seed)
            continue
        assert np.isfinite(found.network.parameters.flat).all(), (how, seed)
    assert refused >= 8


@pytest.fixture(scope="module")
def digits() -> Dataset:
    rng = np.random.default_rng(1)
    return Dataset(
        "some", rng.integers(0, 256, (30, 784)).astype(np.uint8), np.arange(30, dtype=np.uint8) % 10
    )


def _packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _csv(digits: Dataset) -> bytes:
    rows = np.column_stack([digits.labels, digits.pixels])
    return "\n".join(",".join(map(str, row)) for row in rows).encode()


def _pickle(digits: Dataset) -> bytes:
    part = (digits.pixels.astype(np.float32) / 255, digits.labels.astype(np.int64))
    return gzip.compress(pickle.dumps((part, part, part), protocol=2), mtime=0)


FORMS: dict[str, tuple[Callable[[Dataset], bytes], Callable[[Path], Any]]] = {
    "images-idx3-ubyte": (lambda digits: write_idx(digits.images), read_idx),
    "images-idx3-ubyte.gz": (lambda digits: _packed(write_idx(digits.images)), read_idx),
    "mnist.csv": (_csv, load_data),
    "mnist.csv.gz": (lambda digits: _packed(_csv(digits)), load_data),
    "mnist.pkl.gz": (_pickle, read_mnist_pickle),
}


@pytest.mark.parametrize("name", FORMS)
def test_damaged_data_is_refused_by_name(digits: Dataset, tmp_path: Path, name: str) -> None:
    """Read 40 damaged files of each of five forms: every error names the file."""
    write, read = FORMS[name]
    whole, path, refused = write(digits), tmp_path / name, 0
    path.write_bytes(whole)
    read(path)  # the undamaged file can be read
    for how, seed in cases(40):
        path.write_bytes(mutated(whole, how, seed))
        try:
            read(path)
        except DataError as error:
            refused += 1
            assert name in str(error), (how, seed, str(error))
    assert refused >= 15


def test_a_damaged_shard_never_passes(digits: Dataset, tmp_path: Path) -> None:
    """Read shards with damaged images: all are refused, because the manifest has their checksums."""
    write_shards(digits, digits.take(slice(10)), tmp_path)
    manifest = read_manifest((tmp_path / "manifest.json").read_bytes())
    [entry] = manifest.train
    images, labels = ((tmp_path / file.file).read_bytes() for file in (entry.images, entry.labels))
    for how, seed in cases(40):
        data = mutated(images, how, seed)
        if data == images:
            continue
        with pytest.raises(DataError, match=entry.images.file):
            read_shard(entry, data, labels)


def test_a_damaged_manifest_is_refused_or_a_manifest(digits: Dataset, tmp_path: Path) -> None:
    """Read damaged manifests: each is refused by name or still a manifest, as JSON has no checksum."""
    write_shards(digits, digits, tmp_path)
    whole = (tmp_path / "manifest.json").read_bytes()
    for how, seed in cases(40):
        try:
            read_manifest(mutated(whole, how, seed))
        except DataError as error:
            assert str(error).startswith("manifest.json: "), (how, seed)
    with pytest.raises(DataError, match="manifest.json"):
        read_manifest(json.dumps([1, 2]))


def test_damaged_progress_is_refused_and_the_trainer_stays_as_it_is(digits: Dataset) -> None:
    """Load damaged checkpoints: each is refused or unchanged, and the trainer keeps its weights."""
    preset = PRESETS["fast"]
    spec = preset.network.__class__(**{**vars(preset.network), "layers": (784, 5, 10)})
    trainer = Trainer(Network.create(spec, 1), digits, preset.preprocessing, preset.training)
    trainer.step()
    kept = trainer.checkpoint()
    whole, before = kept.to_bytes(), trainer.network.parameters.flat.copy()
    for how, seed in cases(80):
        try:
            found = Checkpoint.from_bytes(mutated(whole, how, seed))
        except CheckpointError as error:
            assert str(error)
            continue
        assert all(np.array_equal(a, b) for a, b in zip(found.slots, kept.slots, strict=True)), (how, seed)
    assert np.array_equal(trainer.network.parameters.flat, before)
