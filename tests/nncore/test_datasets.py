"""Test data sets: the type, MNIST's own format, shards and splits. Errors name the file and the record."""

import gzip
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.datasets import DataError, Dataset
from nncore.datasets.digits8x8 import load_digits8x8
from nncore.datasets.idx import read_idx, write_idx
from nncore.datasets.mnist import load_mnist
from nncore.datasets.shards import read_manifest, read_shard, write_shards
from nncore.datasets.splits import split


def digits(count=50, seed=0, name="digits"):
    """Return ``count`` random 4 x 5 images of three classes."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (count, 20), dtype=np.uint8)
    return Dataset(name, pixels, rng.integers(0, 3, count, dtype=np.uint8), (4, 5), classes=3)


# --- the type


def test_a_dataset_cannot_be_changed_by_accident():
    dataset = digits()
    with pytest.raises(ValueError, match="read-only"):
        dataset.pixels[0] = 0
    with pytest.raises(AttributeError):
        dataset.name = "other"


def test_taking_and_concatenating_keep_images_with_their_labels():
    dataset = digits()
    last, first = dataset.take(slice(30, None)), dataset.take(np.arange(30))
    whole = first.concatenate(last, name="whole")
    np.testing.assert_array_equal(whole.pixels, dataset.pixels)
    np.testing.assert_array_equal(whole.labels, dataset.labels)
    assert whole.name == "whole" and whole.shape == (4, 5) and whole.classes == 3
    assert dataset.images.shape == (50, 4, 5) and dataset.class_counts.sum() == len(dataset) == 50


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"pixels": np.zeros((3, 20))}, "must be uint8, not float64"),
        ({"pixels": np.zeros((3, 21), np.uint8)}, r"shape \(3, 21\), images of \(4, 5\) need \(n, 20\)"),
        ({"labels": np.zeros(2, np.uint8)}, "3 images but labels of shape"),
        ({"labels": np.array([0, 3, 1], np.uint8)}, "record 1 has label 3; the highest legal one is 2"),
        ({"max_value": 16}, "record 2 has a pixel of 17; the highest legal one is 16"),
    ],
)
def test_what_does_not_fit_together_is_refused(changes, message):
    """Refuse pixels and labels that don't fit together; the error names the fault and its place."""
    pixels = np.zeros((3, 20), np.uint8)
    pixels[2, 7] = 17
    fields = {"name": "odd", "pixels": pixels, "labels": np.zeros(3, np.uint8), "shape": (4, 5), "classes": 3}
    with pytest.raises(DataError, match=message):
        Dataset(**fields | changes)


def test_only_sets_of_one_kind_are_joined():
    """Refuse to join images of different sizes."""
    with pytest.raises(DataError, match="can't join"):
        digits().concatenate(Dataset("8x8", np.zeros((1, 64), np.uint8), np.zeros(1, np.uint8), (8, 8)))


# --- idx


@given(st.lists(st.integers(0, 4), min_size=1, max_size=3), st.booleans())
def test_idx_round_trip_plain_and_packed(shape, packed):
    array = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    data = write_idx(array)
    read = read_idx(gzip.compress(data) if packed else data)
    assert read.shape == array.shape and (read == array).all()


def test_idx_bytes_are_as_lecun_wrote_them():
    assert write_idx(np.array([[1, 2], [3, 4]], np.uint8)) == bytes.fromhex(
        "00000802 00000002 00000002 01020304"
    )


IMAGES = write_idx(np.zeros((3, 4, 5), np.uint8))


@pytest.mark.parametrize(
    "data, message",
    [
        (b"", "not an idx file"),
        (b"\x89PNG....", "not an idx file"),
        (b"\0\0\x0f\x01\0\0\0\0", "element type 0x0f"),
        (IMAGES[:9], "header is cut short"),
        (IMAGES[:-25], r"record 1 is missing or cut \(35 of 60 bytes\)"),
        (IMAGES + b"\0", "1 bytes too many after its 3 records"),
        (gzip.compress(IMAGES)[:-10], "damaged or cut short: not a whole gzip"),
        (gzip.compress(IMAGES)[:15] + b"\xff" * 20, "damaged or cut short: not a whole gzip"),
    ],
)
def test_damaged_idx_is_named(data, message):
    with pytest.raises(DataError, match=f"^digits.idx: .*{message}"):
        read_idx(data, "digits.idx")


def test_mnist_is_read_from_its_four_files(tmp_path):
    train, test = digits(9), digits(4, seed=1)
    (tmp_path / "train-images-idx3-ubyte").write_bytes(write_idx(train.images))
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(write_idx(train.labels)))
    (tmp_path / "t10k-images.idx3-ubyte").write_bytes(write_idx(test.images))  # some mirrors write a dot
    with pytest.raises(DataError, match="no t10k-labels-idx1-ubyte"):
        load_mnist(tmp_path)
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(write_idx(test.labels))
    for read, written in zip(load_mnist(tmp_path), (train, test), strict=True):
        np.testing.assert_array_equal(read.pixels, written.pixels)
        np.testing.assert_array_equal(read.labels, written.labels)
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(write_idx(test.labels[:3]))
    with pytest.raises(DataError, match="4 images but labels of shape"):
        load_mnist(tmp_path)


# --- shards


def read_all(folder, entries):
    parts = [
        read_shard(
            entry, (folder / entry.images.file).read_bytes(), (folder / entry.labels.file).read_bytes()
        )
        for entry in entries
    ]
    return parts[0].concatenate(*parts[1:])


def test_shards_hold_the_set_in_order_and_are_the_same_every_time(tmp_path):
    train, test = digits(25), digits(7, seed=1)
    manifests = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        path = write_shards(train, test, folder, shard_size=10, meta={"title": "Some digits", "small": True})
        manifests.append(read_manifest(path.read_bytes()))
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert len(names) == 1 + 2 * (3 + 1)
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in names)
    manifest = manifests[0]
    assert manifest == manifests[1] and manifest.title == "Some digits" and manifest.small
    assert [entry.count for entry in manifest.train] == [10, 10, 5]
    assert (manifest.train_count, manifest.test_count) == (25, 7)
    np.testing.assert_array_equal(read_all(tmp_path / "a", manifest.train).pixels, train.pixels)
    np.testing.assert_array_equal(read_all(tmp_path / "a", manifest.test).labels, test.labels)


def test_a_shard_that_is_not_what_the_manifest_says_is_refused_by_name(tmp_path):
    path = write_shards(digits(6), digits(3), tmp_path, shard_size=6)
    entry = read_manifest(path.read_bytes()).train[0]
    images, labels = ((tmp_path / file.file).read_bytes() for file in (entry.images, entry.labels))
    with pytest.raises(DataError, match="train-00-images.*bytes, the manifest says"):
        read_shard(entry, images[:-1], labels)
    with pytest.raises(DataError, match="train-00-labels.*SHA-256"):
        read_shard(entry, images, labels[:-1] + b"\0" * (labels[-1] != 0) + b"\1" * (labels[-1] == 0))


@pytest.mark.parametrize(
    "text, message",
    [
        ("<html>", "not valid JSON"),
        ("[]", "not a list of shards"),
        ('{"format": 2}', "format 2; this version reads"),
    ],
)
def test_a_manifest_that_is_none_is_refused(text, message):
    """Refuse a text that is not a manifest, and a manifest of a later format."""
    with pytest.raises(DataError, match=message):
        read_manifest(text)


def test_a_manifest_lacking_a_field_says_which(tmp_path):
    fields = json.loads(write_shards(digits(3), digits(3), tmp_path).read_text())
    del fields["train"][0]["images"]["sha256"]
    with pytest.raises(DataError, match="sha256"):
        read_manifest(json.dumps(fields))


def test_manifest_facts_are_checked_when_written(tmp_path):
    with pytest.raises(ValueError, match="unknown manifest keys .'licens'.*'licence'"):
        write_shards(digits(), digits(), tmp_path, meta={"licens": "MIT"})


# --- splits


@given(
    st.integers(1, 60),
    st.lists(st.floats(0, 0.33), min_size=1, max_size=3),
    st.one_of(st.none(), st.integers(0, 9)),
    st.booleans(),
)
def test_parts_are_disjoint_and_as_large_as_asked(count, shares, seed, stratified):
    # Each image's pixels hold its number, which shows the part that it went to.
    pixels = np.repeat(np.arange(count, dtype=np.uint8)[:, None], 20, axis=1)
    dataset = Dataset("numbered", pixels, (np.arange(count) % 3).astype(np.uint8), (4, 5), classes=3)
    parts = split(dataset, shares, seed, stratified)
    numbers = np.concatenate([part.pixels[:, 0] for part in parts])
    assert len(set(numbers)) == len(numbers)
    assert all(abs(len(part) - share * count) <= 1 for part, share in zip(parts, shares, strict=True))


def test_counts_without_seed_keep_file_order():
    dataset = digits()
    train, test = split(dataset, (30, 15))
    np.testing.assert_array_equal(train.pixels, dataset.pixels[:30])
    np.testing.assert_array_equal(test.pixels, dataset.pixels[30:45])
    assert test.name == "digits test"


def test_fractions_that_sum_to_one_use_everything():
    assert [len(part) for part in split(digits(5000), (0.7, 0.15, 0.15), seed=1)] == [3500, 750, 750]


@pytest.mark.parametrize("seed", [None, 3])
def test_stratified_parts_have_the_classes_of_the_whole(seed):
    labels = np.repeat([0, 1, 2], [10, 50, 40]).astype(np.uint8)
    dataset = Dataset("sorted", np.zeros((100, 20), np.uint8), labels, (4, 5), classes=3)
    for part in split(dataset, (0.5, 0.3, 0.2), seed, stratified=True):
        np.testing.assert_allclose(part.class_counts, np.array([0.1, 0.5, 0.4]) * len(part), atol=1)
        assert (np.diff(part.labels.astype(int)) >= 0).all() == (seed is None)  # file order, or mixed


def test_a_split_is_the_same_for_the_same_seed_only():
    first, again, other = (split(digits(), (20,), seed)[0].pixels for seed in (1, 1, 2))
    assert (first == again).all() and (first != other).any()


@pytest.mark.parametrize(
    "sizes, message",
    [
        ((40, 20), "ask for 60 of 50"),
        ((0.9, 0.2), "ask for 55 of 50"),
        ((10, 0.5), "not mixed"),
        ((-1,), "at least 0"),
    ],
)
def test_impossible_splits_are_refused(sizes, message):
    with pytest.raises(ValueError, match=message):
        split(digits(), sizes)


# --- shipped data


def test_the_digits_of_8_by_8_are_all_there():
    train, test = load_digits8x8()
    assert (len(train), len(test), train.shape, train.max_value) == (1257, 540, (8, 8), 16)
    whole = train.concatenate(test)
    # The class counts and the first image that scikit-learn's documentation shows.
    assert whole.class_counts.tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert whole.images[0, 0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0] and whole.labels[:4].tolist() == [
        0,
        1,
        2,
        3,
    ]
    assert whole.pixels.max() == 16
