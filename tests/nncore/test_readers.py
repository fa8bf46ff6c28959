"""Test the readers of pickled arrays and of the small set, and that any source is found by its looks."""

import gzip
import os
import pickle
import struct

import numpy as np
import pytest
from PIL import Image

from nncore.datasets import DataError, Dataset
from nncore.datasets.arrays_pickle import ADMITTED, load_arrays, read_mnist_pickle
from nncore.datasets.idx import write_idx
from nncore.datasets.shards import write_shards
from nncore.datasets.small import load_small
from nncore.datasets.sources import load_data

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (6, 784), dtype=np.uint8)
LABELS = np.array([5, 0, 9, 1, 2, 3], np.uint8)


def lines(pixels=PIXELS, labels=LABELS, last=False):
    rows = [[*image, label] if last else [label, *image] for image, label in zip(pixels, labels, strict=True)]
    return [",".join(str(int(value)) for value in row) for row in rows]


@pytest.mark.slow
def test_the_small_set_is_mixed_and_split_evenly():
    labels = np.repeat(np.arange(10), 500)
    pixels = np.zeros((5000, 784), np.uint8)
    pixels[:, 0], pixels[:, 1] = labels, np.arange(5000) % 250
    text = "\n".join(lines(pixels, labels, last=True)).encode()
    train, test = load_small(gzip.compress(text))
    assert train.class_counts.tolist() == [400] * 10 and test.class_counts.tolist() == [100] * 10
    np.testing.assert_array_equal(train.pixels[:, 0], train.labels)
    assert all(len(set(train.labels[start : start + 100])) == 10 for start in range(0, 4000, 100))
    np.testing.assert_array_equal(load_small(text)[0].pixels, train.pixels)


# --- pickled arrays


def three_parts(images, labels):
    return tuple((images, labels) for _ in range(3))


@pytest.mark.parametrize("protocol", [0, 2, 5])
@pytest.mark.parametrize(
    "images",
    [PIXELS, PIXELS / np.float32(255), (PIXELS / 256).astype(np.float32), np.asfortranarray(PIXELS / 255)],
    ids=["bytes", "over 255", "over 256", "float64 by column"],
)
def test_a_pickle_of_arrays_gives_the_bytes_back(images, protocol):
    data = pickle.dumps(three_parts(images, LABELS.astype(np.int64)), protocol)
    for part in read_mnist_pickle(gzip.compress(data)):
        np.testing.assert_array_equal(part.pixels, PIXELS)
        np.testing.assert_array_equal(part.labels, LABELS)
        assert part.shape == (28, 28)


def test_a_pickle_as_python_2_wrote_it():
    """Read an array pickled as in Nielsen's file: protocol 2, with the data in a byte string.

    The numbers are big-endian here, so that a reader that ignores the byte order fails.
    """
    values = np.array([[1.5, -2.0], [0.25, 8.0]], ">f4")
    reconstruct = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
    kind = b"cnumpy\ndtype\nU\x02f4K\x00K\x01\x87R(K\x03U\x01>NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    data = b"T" + struct.pack("<i", 16) + values.tobytes()
    array = load_arrays(b"\x80\x02" + reconstruct + b"(K\x01K\x02K\x02\x86" + kind + b"\x89" + data + b"tb.")
    np.testing.assert_array_equal(array, values)


class Attack:
    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return os.mkdir, (str(self.target),)


def test_a_pickle_that_wants_to_run_something_is_refused_and_runs_nothing(tmp_path):
    target = tmp_path / "made by the attack"
    with pytest.raises(DataError, match=r"evil.pkl: refused: it asks for posix.mkdir; only NumPy arrays"):
        load_arrays(pickle.dumps([PIXELS, Attack(target)]), "evil.pkl")
    assert not target.exists()


def test_a_pickle_cannot_change_the_reader_for_the_next_one():
    """Load a pickle that tries to set the defaults of ``_reconstruct`` with the opcode BUILD.

    The next pickle must still be read rightly.
    """
    before = pickle.dumps(PIXELS)
    load_arrays(b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nN}X\x0c\0\0\0__defaults__K\x01\x85s\x86b.")
    np.testing.assert_array_equal(load_arrays(before), PIXELS)
    assert all(getattr(stand_in, "__defaults__", None) is None for stand_in in ADMITTED.values())


def test_arrays_of_objects_are_refused():
    with pytest.raises(DataError, match="array of type 'O8'"):
        load_arrays(pickle.dumps(np.array([{}], object)))


@pytest.mark.parametrize(
    "content, message",
    [
        ((PIXELS, LABELS), "expected training, validation and test part, found tuple of 2"),
        (three_parts(PIXELS, None), "found an array of shape .6, 784. and NoneType"),
        (three_parts(PIXELS, LABELS[:5]), "6 images but labels of shape"),
        (three_parts(PIXELS, np.where(LABELS == 9, 10, LABELS.astype(int))), "train: record 2 has label 10"),
        (
            three_parts(np.where(np.arange(784) == 3, 0.3, PIXELS / 255), LABELS),
            "record 0 has a pixel that isn't",
        ),
        (three_parts(np.where(np.arange(784) == 3, np.nan, PIXELS / 255), LABELS), "record 0 has a pixel"),
    ],
)
def test_a_pickle_of_something_else_is_named(content, message):
    with pytest.raises(DataError, match=f"^mnist.pkl.*{message}"):
        read_mnist_pickle(pickle.dumps(content), "mnist.pkl")


def test_a_truncated_pickle_is_named(tmp_path):
    path = tmp_path / "mnist.pkl"
    path.write_bytes(pickle.dumps(three_parts(PIXELS, LABELS))[:3000])
    with pytest.raises(DataError, match="^mnist.pkl: damaged or not a pickle"):
        read_mnist_pickle(path)


def save(path, image):
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(image).save(path)


# --- load_data


def write_sources(folder):
    """Write one source of each kind to ``folder``."""
    text, data = "\n".join(lines()), pickle.dumps(three_parts(PIXELS, LABELS))
    digits = Dataset("six", PIXELS, LABELS)
    for name in ("idx", "shards", "csv", "pickle"):
        (folder / name).mkdir()
    for part in ("train", "t10k"):
        (folder / "idx" / f"{part}-images-idx3-ubyte").write_bytes(write_idx(digits.images))
        (folder / "idx" / f"{part}-labels-idx1-ubyte").write_bytes(write_idx(digits.labels))
    write_shards(digits, digits, folder / "shards", shard_size=4)
    for path in ("csv/mnist_train.csv", "csv/mnist_test.csv", "my_test.csv", "mine.csv"):
        (folder / path).write_text(text)
    (folder / "pickle" / "mnist.pkl.gz").write_bytes(gzip.compress(data))
    (folder / "mnist.pkl").write_bytes(data)
    save(folder / "png" / "5.png", PIXELS[0].reshape(28, 28))


@pytest.mark.parametrize(
    "path, train, test",
    [("idx", 6, 6), ("shards", 6, 6), ("csv", 6, 6), ("pickle", 6, 6), ("mnist.pkl", 6, 6),
     ("mine.csv", 6, None), ("my_test.csv", None, 6), ("png", 1, None)],
)  # fmt: skip
def test_any_source_is_recognised_by_its_looks(tmp_path, path, train, test):
    """Load each kind of source by its path alone: the reader recognises the kind."""
    write_sources(tmp_path)
    data = load_data(tmp_path / path)
    assert (data.train and len(data.train)) == train and (data.test and len(data.test)) == test
    assert (data.test or data.train).labels[0] == 5


def test_built_in_digits_by_name_and_nothing_by_a_wrong_one(tmp_path):
    assert len(load_data("digits8x8").train) == 1257
    with pytest.raises(DataError, match="no such file or folder"):
        load_data(tmp_path / "nowhere")
    with pytest.raises(DataError, match="an empty folder"):
        load_data(tmp_path)
