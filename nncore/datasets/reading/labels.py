"""Turns labels of any type into digits from 0 to 9: numbers, texts, one-hot rows, QMNIST's eight columns."""

from __future__ import annotations

import numpy as np

from nncore.datasets.dataset import DataError
from nncore.datasets.reading.block import Block
from nncore.datasets.reading.names import DIGIT_OF_WORD, plain
from nncore.datasets.reading.notes import Notes
from nncore.questions import Choice

TEN_IS_ZERO = (
    Choice("ten_is_zero", "10 means 0"),
    Choice("one_is_zero", "Every label is one too high: 1 means 0"),
)
LETTERS = 26


def to_digits(block: Block, notes: Notes) -> np.ndarray:
    """Return the labels of a block: ``(n,)`` uint8 from 0 to 9.

    Raises:
        DataError: names the record whose label is no digit.
        Question: for labels from 1 to 10.
    """
    assert block.labels is not None
    labels = _one_a_record(block, np.asarray(block.labels))
    numbers = _numbers(block, labels)
    _check(block, ~np.isfinite(numbers), numbers, "isn't a number")
    _check(block, numbers != np.rint(numbers), numbers, "isn't a whole number")
    whole = numbers.astype(np.int64)
    if not len(whole):
        raise DataError(f"{block.name}: no digit in it")
    if whole.max() == 10 and whole.min() >= 1:
        return _from_one_to_ten(block, whole, notes)
    if whole.min() >= 0 and 10 < whole.max() < 62 and (whole > 9).mean() > 0.2:
        raise DataError(
            f"{block.name}: its labels run to {whole.max()}, so these are letters; only digits are read here"
        )
    _check(block, (whole < 0) | (whole > 9), numbers, "is none of the digits")
    return whole.astype(np.uint8)


def is_one_hot(array: np.ndarray) -> bool:
    """Return whether each row of ``(n, 10)`` has one 1 and nine zeros."""
    if array.ndim != 2 or array.shape[1] != 10 or array.dtype.kind not in "buif" or not len(array):
        return False
    return bool((((array == 0) | (array == 1)).all()) and (array.sum(axis=1) == 1).all())


def _one_a_record(block: Block, labels: np.ndarray) -> np.ndarray:
    """Return labels of the legal shapes as ``(n,)``."""
    if labels.ndim == 2 and 1 in labels.shape:
        labels = labels.reshape(-1)
    if labels.ndim == 2 and labels.shape[1] == 8 and labels.dtype.kind in "iuf":
        labels = labels[:, 0]  # QMNIST: the digit, then the writer and NIST's own numbers
    if labels.ndim == 2 and labels.shape[1] == 10 and labels.dtype.kind in "buif":
        ones = (labels == 1).sum(axis=1) == 1
        rest = ((labels == 0) | (labels == 1)).all(axis=1)
        if not (ones & rest).all():
            record = int(np.argmin(ones & rest))
            raise DataError(f"{block.place(record)}: its ten labels are not one 1 and nine zeros")
        labels = labels.argmax(axis=1)
    if labels.ndim != 1:
        raise DataError(f"{block.name}: its labels have shape {labels.shape}; expected one label a picture")
    return labels


def _numbers(block: Block, labels: np.ndarray) -> np.ndarray:
    """Return labels as float64; texts are digits or number words."""
    if labels.dtype.kind in "buif":
        return labels.astype(np.float64)
    if labels.dtype.kind not in "US":
        raise DataError(
            f"{block.name}: its labels are neither numbers nor texts; expected digits from 0 to 9"
        )
    known: dict[str, float] = {}
    found = np.empty(len(labels))
    for record, label in enumerate(labels.tolist()):
        text = label.decode("latin1") if isinstance(label, bytes) else label
        if text not in known:
            known[text] = _number(block, record, text)
        found[record] = known[text]
    return found


def _number(block: Block, record: int, text: str) -> float:
    """Return the number in a text."""
    word = plain(text).strip().strip("'\"").strip()
    if word.startswith("b'") or word.startswith('b"'):
        word = word[2:]
    if word in DIGIT_OF_WORD:
        return float(DIGIT_OF_WORD[word])
    try:
        return float(word)
    except ValueError:
        kind = "a letter" if len(word) == 1 and word.isalpha() else "none of the digits"
        raise DataError(f"{block.place(record)}: label {text[:20]!r} is {kind}; legal are 0 to 9") from None


def _from_one_to_ten(block: Block, labels: np.ndarray, notes: Notes) -> np.ndarray:
    """Return labels from 1 to 10 as digits, by the answer."""
    answer = notes.ask(
        f"{block.name}: its labels run from 1 to 10 and none is 0; does 10 mean 0?", "labels", TEN_IS_ZERO
    )
    if answer == "ten_is_zero":
        notes.say(f"{block.name}: label 10 was read as 0")
        return (labels % 10).astype(np.uint8)
    notes.say(f"{block.name}: every label was lowered by one")
    return (labels - 1).astype(np.uint8)


def _check(block: Block, bad: np.ndarray, labels: np.ndarray, what: str) -> None:
    """Raise ``DataError`` for the first bad label."""
    if bad.any():
        record = int(np.argmax(bad))
        raise DataError(f"{block.place(record)}: label {labels[record]:g} {what}; legal are 0 to 9")
