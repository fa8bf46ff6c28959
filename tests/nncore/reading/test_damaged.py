"""Read 200 data files with random faults: each gives digits, or a sentence that names the file."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from nncore.datasets import DataError
from nncore.datasets.reading import read_files, reading_steps
from tests.nncore.reading.files import ROWS, SET, X, Y, foldered, idx, npy, npz, packed, picture, text, zipped
from tests.nncore.test_bad_files import cases, mutated
from tests.web.test_wrong_files import LIBRARIES

FEW = slice(0, 25)
UNIT = np.concatenate([ROWS[FEW, :1], ROWS[FEW, 1:] / 255], axis=1)
GOOD: dict[str, bytes] = {
    "mine.csv": text(ROWS[FEW]),
    "mine.csv.gz": packed(text(ROWS[FEW])),
    "mine.tsv": ("label\t" + "\t".join(map(str, range(784))) + "\n").encode()
    + text(UNIT, "\t", lambda value: f"{value:.4f}"),
    "mine.npz": npz(x=X[FEW], y=Y[FEW]),
    "table.npy": npy(ROWS[FEW]),
    "mine.pkl": pickle.dumps(
        tuple((SET.pixels[FEW] / 256, Y[FEW].astype(int)) for _ in range(3)), protocol=2
    ),
    "mine.zip": zipped(foldered(25)),
    "7.png": picture(255 - X[0]),
    "7.jpg": picture(255 - X[0], "JPEG"),
    "7.gif": picture(255 - X[0], "GIF"),
}
PAIR = {"train-images-idx3-ubyte": idx(X[FEW]), "train-labels-idx1-ubyte": idx(Y[FEW])}


def read_or_refuse(files: dict[str, bytes], how: object) -> bool:
    """Return whether files are refused; check the digits, or the words of the refusal."""
    try:
        reading = read_files(files)
    except DataError as error:
        words = str(error)
        assert any(name in words for name in files), (how, words)
        assert len(words) > 20 and not LIBRARIES.search(words.split(": ", 1)[-1]), (how, words)
        return True
    counted = reading.report.train + reading.report.test
    assert counted == sum(reading.report.per_class) and 0 <= reading.report.mean <= 1, how
    return False


@pytest.mark.parametrize("name", GOOD)
def test_a_damaged_file_is_read_or_refused_by_name(name: str) -> None:
    assert not read_or_refuse({name: GOOD[name]}, "whole")
    refused = sum(
        read_or_refuse({name: mutated(GOOD[name], how, seed)}, (name, how, seed)) for how, seed in cases(18)
    )
    assert refused >= 4


def test_a_damaged_idx_file_is_read_or_refused_by_name() -> None:
    images, labels = PAIR
    refused = sum(
        read_or_refuse(PAIR | {which: mutated(PAIR[which], how, seed)}, (which, how, seed))
        for which in (images, labels)
        for how, seed in cases(10)
    )
    assert refused >= 10


@pytest.mark.parametrize("fault", [ValueError, KeyError, ZeroDivisionError, MemoryError, RecursionError])
def test_no_other_exception_leaves_the_reader(fault: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a step of the reader fail with a library's exception: a sentence of ours comes out."""

    def fails(*arguments: object) -> None:
        raise fault("a library's words")

    monkeypatch.setattr("nncore.datasets.reading.reader.gathered", fails)
    with pytest.raises(DataError) as error:
        read_files({"mine.csv": GOOD["mine.csv"]})
    assert "library" not in str(error.value)


@pytest.mark.parametrize(
    "files", [{"mine.csv": text(np.tile(ROWS, (20, 1)))}, foldered(60), {"mine.npz": npz(x=X, y=Y)}]
)
def test_the_steps_yield_a_share_that_grows(files: dict[str, bytes]) -> None:
    shares = list(reading_steps(files))
    assert len(shares) >= 4 if len(files) == 1 and "mine.npz" not in files else shares
    assert shares == sorted(shares) and shares[0] >= 0 and shares[-1] <= 1


def test_nothing_and_unknown_answers_are_refused() -> None:
    with pytest.raises(DataError, match="no file was given"):
        read_files({})
    with pytest.raises(DataError, match="^a.png: the file is empty"):
        read_files({"a.png": b""})
