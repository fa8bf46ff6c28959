"""Read tables of every dialect: all sixty digits come back, with their labels, and refusals name the line."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.datasets import DataError
from nncore.datasets.reading import Question
from tests.nncore.reading.files import HEADER, ROWS, SET, X, Y, assert_same, read, text

LAST = np.roll(ROWS, -1, axis=1)
INDEXED = np.concatenate([np.arange(60)[:, None], ROWS], axis=1)
HEAD = HEADER.encode() + b"\n"
NAMES = HEADER.split(",")
UNIT = ROWS.astype(float)
UNIT[:, 1:] /= 255
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
BOM = b"\xef\xbb\xbf"


def worded(row: list[int]) -> str:
    return ",".join([WORDS[row[0]], *map(str, row[1:])])


TABLES: dict[str, bytes] = {
    "plain": text(ROWS),
    "header": HEAD + text(ROWS),
    "quoted header": ",".join(f'"{name}"' for name in NAMES).encode() + b"\n" + text(ROWS),
    "header of kaggle": ("label," + ",".join(f"{r}x{c}" for r in range(28) for c in range(28))).encode()
    + b"\n"
    + text(ROWS),
    "label last": text(LAST),
    "label last by name": ",".join([*NAMES[1:], "class"]).encode() + b"\n" + text(LAST),
    "label in the middle by name": ",".join([*NAMES[1:100], "Digit", *NAMES[100:]]).encode()
    + b"\n"
    + text(np.concatenate([ROWS[:, 1:100], ROWS[:, :1], ROWS[:, 100:]], axis=1)),
    "index": b"," + HEAD + text(INDEXED),
    "index by name": b"Id," + HEAD + text(INDEXED + np.array([7000] + [0] * 785)),
    "index without header": text(INDEXED),
    "index from 1, label last": text(np.concatenate([np.arange(1, 61)[:, None], LAST], axis=1)),
    "index of R": HEAD + text(INDEXED),
    "numbers for names": ",".join(map(str, range(785))).encode() + b"\n" + text(ROWS),
    "numbers for names and index": ("," + ",".join(map(str, range(785)))).encode() + b"\n" + text(INDEXED),
    "semicolons": text(ROWS, ";"),
    "tabs": text(ROWS, "\t"),
    "bars": text(ROWS, "|"),
    "spaces": text(ROWS, " "),
    "aligned": text(ROWS, " ", lambda value: f"{value:5d}"),
    "comma and space": text(ROWS, ", "),
    "quotes": text(ROWS, write=lambda value: f'"{value}"'),
    "whole floats": text(ROWS, write=lambda value: f"{value:.1f}"),
    "savetxt": text(ROWS, " ", lambda value: f"{value:.18e}"),
    "0 to 1": text(UNIT, write=lambda value: f"{value:g}"),
    "0 to 1 with decimal commas": text(UNIT, ";", lambda value: f"{value:.5f}".replace(".", ",")),
    "0 to 1, label last, header": ",".join([*NAMES[1:], "label"]).encode()
    + b"\n"
    + text(np.roll(UNIT, -1, axis=1), write=lambda value: f"{value:.4f}"),
    "crlf": text(ROWS, end="\r\n"),
    "cr": text(ROWS, end="\r"),
    "trailing commas": text(ROWS, end=",\n"),
    "trailing commas and header": HEAD[:-1] + b",\n" + text(ROWS, end=",\n"),
    "empty lines": b"\n\n" + text(ROWS, end="\n\n") + b"\n  \n",
    "lines of commas": text(ROWS) + b"," * 784 + b"\n",
    "no line end": text(ROWS).rstrip(),
    "mark": BOM + text(ROWS),
    "mark and header": BOM + HEAD + text(ROWS),
    "utf-16": text(ROWS, "\t").decode().encode("utf-16"),
    "sep=": b"sep=;\r\n" + text(ROWS, ";", end="\r\n"),
    "comment": b"# " + HEAD + text(ROWS),
    "words": "\n".join(map(worded, ROWS.tolist())).encode(),
    "words and header": HEAD + "\n".join(map(worded, ROWS.tolist())).encode(),
    "inverted": text(np.concatenate([ROWS[:, :1], 255 - ROWS[:, 1:]], axis=1)),
    "one-hot last": text(np.concatenate([SET.pixels, np.eye(10, dtype=int)[Y]], axis=1)),
    "arff": b"@RELATION mnist_784\n"
    + b"".join(b"@ATTRIBUTE pixel%d real\n" % number for number in range(784))
    + b"@ATTRIBUTE class {0,1,2,3,4,5,6,7,8,9}\n@DATA\n"
    + text(LAST),
}


@pytest.mark.parametrize("kind", TABLES)
def test_every_dialect_gives_the_same_digits(kind: str) -> None:
    reading = read({"mine.csv": TABLES[kind]})
    assert_same(reading)
    assert (reading.report.format, reading.report.train, reading.report.test) == ("CSV", 50, 10)


def test_the_name_of_a_table_does_not_matter() -> None:
    for name in ("mine.txt", "mine.data", "mine.tsv", "mine", "MINE.CSV", "folder/mine.dat"):
        assert_same(read({name: TABLES["plain"]}))


def test_the_first_digit_is_not_lost_to_the_names_that_pandas_makes_of_it() -> None:
    """Read a table whose first digit pandas took for names: ``5, 0, 0.1, 0.2``, all different."""
    first, counts = [], {}
    for value in ROWS[0].tolist():
        seen = counts.get(value, 0)
        counts[value] = seen + 1
        first.append(f"{value}.{seen}" if seen else str(value))
    reading = read({"mine.csv": ",".join(first).encode() + b"\n" + text(ROWS[1:])})
    assert_same(reading)
    assert any("pandas" in sentence for sentence in reading.report.assumed)


def test_labels_in_a_table_of_their_own() -> None:
    for labels in (text(Y[:, None]), b"label\n" + text(Y[:, None]), b"Id,Label\n" + text(INDEXED[:, :2])):
        assert_same(read({"train_images.csv": text(ROWS[:, 1:]), "train_labels.csv": labels}))


@pytest.mark.parametrize(("label", "answer"), [(0, "first"), (0, "last")])
def test_a_label_that_may_be_at_either_end_is_asked_about(label: int, answer: str) -> None:
    """Read zeros alone: the first and the last column look alike."""
    zeros = ROWS[label == Y]
    with pytest.raises(Question, match="first or in the last column") as asked:
        read({"mine.csv": text(zeros)})
    assert asked.value.key == "label_column"
    assert [choice.value for choice in asked.value.choices] == ["first", "last"]
    assert len(read({"mine.csv": text(zeros)}, answers={"label_column": answer}).train or ()) == len(zeros)
    with pytest.raises(DataError, match="no answer"):
        read({"mine.csv": text(zeros)}, answers={"label_column": "middle"})


def test_one_class_alone_is_told_from_pixels() -> None:
    reading = read({"mine.csv": text(np.repeat(ROWS[Y == 3], 5, axis=0))})
    assert reading.report.per_class[3] == 30 == sum(reading.report.per_class)
    assert any("Every picture is labelled 3" in sentence for sentence in reading.report.assumed)


def test_labels_from_1_to_10_are_asked_about() -> None:
    ten = ROWS.copy()
    ten[Y == 0, 0] = 10
    with pytest.raises(Question, match="10 mean 0") as asked:
        read({"mine.csv": text(ten)})
    assert asked.value.key == "labels" and asked.value.choices[0].label == "10 means 0"
    assert_same(read({"mine.csv": text(ten)}, answers={"labels": "ten_is_zero"}))
    raised = ROWS.copy()
    raised[:, 0] += 1
    assert_same(read({"mine.csv": text(raised)}, answers={"labels": "one_is_zero"}))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda lines: lines[:3] + [lines[3] + b",0"] + lines[4:], "line 4: 786 values, expected 785"),
        (lambda lines: lines[:3] + [b"12" + lines[3][1:]] + lines[4:], "line 4: label 12"),
        (lambda lines: lines[:3] + [b"3.5" + lines[3][1:]] + lines[4:], "line 4: label 3.5 isn't a whole"),
        (lambda lines: lines[:3] + [b"7," + b"0," * 783 + b"x"] + lines[4:], "line 4: value 785 is 'x'"),
        (lambda lines: lines[:3] + [b"7," + b"0," * 783] + lines[4:], "line 4: value 785 is missing"),
        (lambda lines: lines[:3] + [b"7," + b"0," * 783 + b"nan"] + lines[4:], "line 4: pixel 783 is nan"),
        (lambda lines: lines[:3] + [b"7," + b"0," * 783 + b"inf"] + lines[4:], "line 4: pixel 783 is inf"),
        (lambda lines: lines[:3] + [b"7," + b"0," * 783 + b"-3"] + lines[4:], "line 4: pixel 783 is -3"),
        (lambda lines: lines[:3] + [b"7," + b"0," * 783 + b"300"] + lines[4:], "line 4: pixel 783 is 300"),
        (lambda lines: [line.rsplit(b",", 3)[0] for line in lines], "a line has 782 values"),
        (lambda lines: [b"A" + line[1:] for line in lines], "label 'A' is a letter"),
        (lambda lines: [], "the file is empty"),
        (lambda lines: [b"<!DOCTYPE html><html></html>"], "a web page"),
        (lambda lines: [HEADER.encode()], "no digit in it"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(change, message: str) -> None:
    lines = change(text(ROWS).splitlines())
    with pytest.raises(DataError, match=f"^mine.csv: .*{message}"):
        read({"mine.csv": b"\n".join(lines)})


def test_a_table_of_8_by_8_digits_keeps_its_range() -> None:
    small = (X[:, 2:26, 2:26].reshape(60, 8, 3, 8, 3).mean(axis=(2, 4)) / 16).astype(int)
    reading = read({"optdigits.tra": text(np.concatenate([small.reshape(60, 64), Y[:, None]], axis=1))})
    assert reading.train is not None and reading.train.shape == (8, 8) and reading.train.max_value == 16
    assert reading.report.size == (8, 8) and reading.report.mean < 0.5


def test_kaggles_test_part_without_labels_is_left_out() -> None:
    reading = read({"kaggle/train.csv": HEAD + text(ROWS), "kaggle/test.csv": text(ROWS[:, 1:])})
    assert_same(reading)
    assert [skipped.file for skipped in reading.report.skipped] == ["kaggle/test.csv"]
    with pytest.raises(Question, match="no labels") as asked:
        read({"test.csv": text(ROWS[:, 1:])})
    answers = {asked.value.key: asked.value.choices[0].value}
    assert len(read({"test.csv": text(ROWS[:, 1:])}, answers=answers).unlabelled) == 60


def test_latest_is_no_test_file_and_test_is() -> None:
    parts = read({"mnist_train.csv": text(ROWS[:40]), "mnist_test.csv": text(ROWS[40:])})
    assert (parts.report.train, parts.report.test) == (40, 20)
    assert read({"latest.csv": text(ROWS)}).report.train == 50
    alone = read({"my_test.csv": text(ROWS)}, keep_test=True)
    assert (alone.report.train, alone.report.test) == (0, 60)


def test_emnists_digits_are_turned_upright() -> None:
    lying = X.transpose(0, 2, 1).reshape(60, 784)
    reading = read({"emnist-digits-train.csv": text(np.concatenate([Y[:, None], lying], axis=1))})
    assert_same(reading)
    assert any("EMNIST" in sentence for sentence in reading.report.assumed)
    letters = np.concatenate([(np.arange(60) % 26 + 1)[:, None], lying], axis=1)
    with pytest.raises(DataError, match="these are letters"):
        read({"emnist-letters-train.csv": text(letters)})
