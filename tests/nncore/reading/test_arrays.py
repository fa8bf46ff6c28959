"""Read arrays of every name, shape, type and range: ``.npz``, ``.npy``, idx files and pickles."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from nncore.datasets import DataError
from nncore.datasets.reading import Question
from tests.nncore.reading.files import (
    ROWS,
    SET,
    X,
    Y,
    assert_same,
    idx,
    npy,
    npz,
    packed,
    read,
    zipped,
)

FLAT = SET.pixels
HOT = np.eye(10)[Y]


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("x", "y"),
        ("X", "Y"),
        ("images", "labels"),
        ("image", "label"),
        ("data", "target"),
        ("pixels", "labels"),
        ("x_train", "y_train"),
        ("X_train", "Y_train"),
        ("train_images", "train_labels"),
        ("train_x", "train_y"),
        ("trainImages", "trainLabels"),
        ("training_data", "training_labels"),
        ("arr_0", "arr_1"),
        ("features", "targets"),
        ("a", "b"),
        ("train_X", "train_label"),
        ("imgs", "lbls"),
        ("samples", "classes"),
    ],
)
def test_arrays_of_any_name(images: str, labels: str) -> None:
    assert_same(read({"mine.npz": npz(**{images: X, labels: Y})}))
    assert_same(read({"mine.npz": npz(**{labels: Y, images: X})}))


SHAPES = {
    "n 28 28": X,
    "n 784": FLAT,
    "n 28 28 1": X[..., None],
    "n 1 28 28": X[:, None],
    "28 28 n": np.moveaxis(X, 0, 2),
    "784 n": FLAT.T,
    "by column": np.asfortranarray(X),
    "n 28 28 3": np.repeat(X[..., None], 3, axis=3),
    "n 3 28 28": np.repeat(X[:, None], 3, axis=1),
    "n 784 1": FLAT[..., None],
}
LABELS = {
    "n": Y,
    "n 1": Y[:, None],
    "1 n": Y[None],
    "one-hot": HOT,
    "one-hot bool": HOT.astype(bool),
    "text": Y.astype(str),
    "bytes": Y.astype("S"),
    "floats": Y.astype(float),
    "int64": Y.astype(np.int64),
    "big-endian": Y.astype(">i4"),
    "words": np.array(["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"])[Y],
    "text of floats": np.array([f"{label}.0" for label in Y]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_images_of_any_shape(shape: str) -> None:
    assert_same(read({"mine.npz": npz(x=SHAPES[shape], y=Y)}), within=1)


@pytest.mark.parametrize("kind", LABELS)
def test_labels_of_any_kind(kind: str) -> None:
    assert_same(read({"mine.npz": npz(x=X, y=LABELS[kind])}))


RANGES = {
    "0 to 1": X / 255,
    "float32": (X / 255).astype(np.float32),
    "float16": (X / 255).astype(np.float16),
    "-1 to 1": X / 127.5 - 1,
    "-0.5 to 0.5": X / 255 - 0.5,
    "0 to 255 as floats": X.astype(float),
    "0 to 255 as int32": X.astype(np.int32),
    "over 256": X / 256,
    "0.01 to 1": X / 255 * 0.99 + 0.01,
    "16 bit": X.astype(np.uint16) * 257,
    "16 bit big-endian": (X.astype(np.uint16) * 257).astype(">u2"),
    "12 bit": X.astype(np.uint16) * 16,
    "standardised": (X / 255 - 0.1307) / 0.3081,
    "int8": X.view(np.int8),
    "int8 around 0": (X.astype(int) - 128).astype(np.int8),
    "inverted": 255 - X,
    "inverted 0 to 1": 1 - X / 255,
    "inverted -1 to 1": 1 - X / 127.5,
}


@pytest.mark.parametrize("kind", RANGES)
def test_pixels_of_any_range(kind: str) -> None:
    reading = read({"mine.npz": npz(x=RANGES[kind], y=Y)})
    assert_same(reading, within=1)
    if kind.startswith("inverted"):
        assert any("colours were inverted" in sentence for sentence in reading.report.assumed)


@pytest.mark.parametrize("kind", [bool, np.uint8, np.int64, float])
def test_binary_pixels_are_ink_at_full_strength(kind: type) -> None:
    binary = X > 127
    reading = read({"mine.npz": npz(x=binary.astype(kind), y=Y)})
    assert_same(reading, images=binary * np.uint8(255))
    assert any("0 or 1" in sentence for sentence in reading.report.assumed)


def test_pixels_of_four_bits_are_scaled() -> None:
    reading = read({"mine.npz": npz(x=X // 16, y=Y)})
    assert_same(reading, within=16)
    assert any("from 0 to 15" in sentence for sentence in reading.report.assumed)


def test_parts_of_any_name() -> None:
    for train, test in (("train", "test"), ("training", "testing"), ("trn", "tst"), ("train", "val")):
        arrays = {f"x_{train}": X[:40], f"y_{train}": Y[:40], f"x_{test}": X[40:], f"y_{test}": Y[40:]}
        reading = read({"mnist.npz": npz(**arrays)})
        assert_same(reading)
        assert (reading.report.train, reading.report.test) == (40, 20)


def test_arrays_beside_images_and_labels_are_named() -> None:
    reading = read({"mine.npz": npz(x=X, y=Y, mean=np.zeros((3, 3)))})
    assert_same(reading)
    assert "mean" in reading.report.skipped[0].file


def test_npy_files_in_pairs_and_as_one_table() -> None:
    for images, labels in (
        ("X.npy", "y.npy"),
        ("train_images.npy", "train_labels.npy"),
        ("d/x.npy", "d/y.npy"),
    ):
        assert_same(read({labels: npy(Y), images: npy(X)}))
    assert_same(read({"mine.npy": npy(ROWS)}))
    assert_same(read({"mine.npy": npy(np.roll(ROWS, -1, axis=1).astype(float))}))
    parts = read(
        {
            "x_train.npy": npy(X[:40]),
            "y_train.npy": npy(Y[:40]),
            "x_test.npy": npy(X[40:]),
            "y_test.npy": npy(Y[40:]),
        }
    )
    assert (parts.report.train, parts.report.test) == (40, 20)
    assert_same(parts)


def put(array: np.ndarray, value: float, record: int = 7) -> np.ndarray:
    changed = array.astype(float)
    changed.reshape(len(array), -1)[record, -1] = value
    return changed


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"x": put(X, np.nan), "y": Y}, "record 7: pixel 783 is nan"),
        ({"x": put(X / 255, np.inf), "y": Y}, "record 7: pixel 783 is inf"),
        ({"x": put(X, 300), "y": Y}, "record 7: pixel 783 is 300"),
        ({"x": put(X, -40), "y": Y}, "record 7: pixel 783 is -40"),
        ({"x": X, "y": put(Y, 3.5)}, "record 7: label 3.5 isn't a whole number"),
        ({"x": X, "y": put(Y, np.nan)}, "record 7: label nan isn't a number"),
        ({"x": X, "y": put(Y, 12)}, "record 7: label 12"),
        ({"x": X, "y": put(Y, -1)}, "record 7: label -1"),
        ({"x": X, "y": Y[:50]}, "60 images, but 50 labels"),
        ({"x": X, "y": np.where(np.arange(60) == 7, "heart", Y.astype(str))}, "record 7: label 'heart'"),
        ({"x": X, "y": np.array(["A"] * 60)}, "label 'A' is a letter"),
        ({"x": X, "y": Y + 10}, "letters"),
        ({"x": np.array([{}] * 60), "y": Y}, "objects"),
        ({"x": X.astype(complex), "y": Y}, "objects, not plain arrays"),
        ({"y": Y}, "labels without images"),
        (
            {
                "wih": np.random.default_rng(0).normal(0, 0.1, (200, 784)),
                "who": np.random.default_rng(0).normal(0, 0.1, (10, 200)),
            },
            "the file of a network",
        ),
    ],
)
def test_a_fault_is_named_with_its_record(arrays: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(DataError, match=f"^mine.npz.*{message}"):
        read({"mine.npz": npz(**arrays)})


def test_images_without_labels_are_asked_about() -> None:
    with pytest.raises(Question, match="no labels") as asked:
        read({"mine.npy": npy(X)})
    reading = read({"mine.npy": npy(X)}, answers={"labels_from": "unlabelled"})
    assert asked.value.key == "labels_from" and reading.train is None and len(reading.unlabelled) == 60
    assert np.array_equal(reading.unlabelled[3].image, X[3])
    assert len(read({"one.npy": npy(X[0])}, answers={"labels_from": "unlabelled"}).unlabelled) == 1


# --- idx


@pytest.mark.parametrize("code", [0x08, 0x0B, 0x0C, 0x0D, 0x0E])
def test_idx_of_every_element_type(code: int) -> None:
    assert_same(read({"a-images-idx3": idx(X, code), "a-labels-idx1": idx(Y, code)}))


NAMES = [
    ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    ("train-images.idx3-ubyte", "train-labels.idx1-ubyte"),
    ("TRAIN-IMAGES-IDX3-UBYTE.GZ", "TRAIN-LABELS-IDX1-UBYTE.GZ"),
    ("Train-Images.idx", "Train-Labels.idx"),
    ("images", "labels"),
    ("train-images-idx3-ubyte (1).gz", "train-labels-idx1-ubyte (2).gz"),
]


@pytest.mark.parametrize(("images", "labels"), NAMES)
@pytest.mark.parametrize("pack", [bytes, packed])
def test_idx_of_any_name(images: str, labels: str, pack) -> None:
    assert_same(read([(images, pack(idx(X))), (labels, pack(idx(Y)))]))


def test_all_of_mnists_files_as_a_folder_a_zip_and_in_folders_of_their_own() -> None:
    parts = {"train": slice(0, 40), "t10k": slice(40, 60)}
    files = {}
    for part, chosen in parts.items():
        files[f"{part}-images-idx3-ubyte"] = idx(X[chosen])
        files[f"{part}-labels-idx1-ubyte"] = idx(Y[chosen])
    doubled = {f"{name}/{name}": data for name, data in files.items()}
    for given in (files, {"mnist.zip": zipped(files)}, doubled, {"m.zip": zipped(doubled)}):
        reading = read(given)
        assert_same(reading)
        assert (reading.report.train, reading.report.test) == (40, 20)
    both = read(files | doubled)
    assert_same(both)
    assert len(both.report.skipped) == 4


def test_qmnists_labels_of_eight_columns() -> None:
    labels = np.concatenate([Y[:, None], np.arange(420).reshape(60, 7)], axis=1)
    files = {
        "qmnist-train-images-idx3-ubyte.gz": packed(idx(X)),
        "qmnist-train-labels-idx2-int.gz": packed(idx(labels, 0x0C)),
    }
    assert_same(read(files))


def test_emnists_idx_files_are_turned_upright() -> None:
    images = idx(X.transpose(0, 2, 1))
    stem = "emnist-digits-train-"
    reading = read({f"{stem}images-idx3-ubyte": images, f"{stem}labels-idx1-ubyte": idx(Y)})
    assert_same(reading)
    assert any("EMNIST" in sentence for sentence in reading.report.assumed)
    stem = "emnist-letters-train-"
    with pytest.raises(DataError, match="these are letters"):
        labels = idx(np.arange(60) % 26 + 1)
        read({f"{stem}images-idx3-ubyte": images, f"{stem}labels-idx1-ubyte": labels})


# --- pickles


def test_nielsens_pickle_and_other_pickles() -> None:
    nielsen = tuple(
        (FLAT[part].astype("f4") / 256, Y[part].astype(int))
        for part in (slice(0, 40), slice(40, 50), slice(50, 60))
    )
    for data in (pickle.dumps(nielsen, protocol=2), packed(pickle.dumps(nielsen))):
        reading = read({"mnist.pkl": data})
        assert_same(reading)
        assert (reading.report.train, reading.report.test) == (40, 10)
        assert reading.validation is not None and len(reading.validation) == 10
    contents = [
        ((X[:40], Y[:40]), (X[40:], Y[40:])),
        {
            "training_images": FLAT[:40],
            "training_labels": Y[:40],
            "test_images": FLAT[40:],
            "test_labels": Y[40:],
        },
        {"train": {"x": X[:40], "y": Y[:40]}, "test": {"x": X[40:], "y": Y[40:]}},
    ]
    for content in contents:
        reading = read({"mnist.pkl": pickle.dumps(content)})
        assert_same(reading)
        assert (reading.report.train, reading.report.test) == (40, 20)
    for content in ((X, Y), {"data": X, "target": Y.tolist()}, [X, Y]):
        assert_same(read({"mnist.pickle": pickle.dumps(content)}))


def test_a_pickle_that_asks_for_more_is_refused() -> None:
    with pytest.raises(DataError, match="^mine.pkl: refused"):
        read({"mine.pkl": pickle.dumps([X, np.random.default_rng(1)])})
