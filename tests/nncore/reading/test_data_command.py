"""Read digits by the command line: the report, questions and their answers, exit codes, and ``--data``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.cli import main
from nncore.datasets.mnist import load_mnist
from nncore.datasets.reading import read_path
from nncore.datasets.sources import load_data
from nncore.network import Network
from nncore.presets import PRESETS
from nncore.storage import SavedNetwork, save
from tests.nncore.reading.files import (
    HEADER,
    ROWS,
    X,
    Y,
    assert_same,
    foldered,
    npz,
    paper,
    text,
    zipped,
)

CSV = text(ROWS)
FIVE = [int(np.flatnonzero(digit == Y)[0]) for digit in (0, 2, 5, 7, 8)]


def run(capsys: Any, *arguments: object) -> tuple[int, str, str]:
    """Return the exit code, output and errors of a command."""
    code = main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def put(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files below a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def test_the_report_in_words_and_as_json(capsys: Any, tmp_path: Path) -> None:
    put(tmp_path, {"mine.csv": CSV, "README.md": b"mine"})
    code, out, err = run(capsys, "data", tmp_path, "--json")
    report = json.loads(out)
    assert (code, err) == (0, "")
    assert list(report) == ["format", "train", "test", "per_class", "size", "mean", "assumed", "skipped"]
    assert (report["format"], report["train"], report["test"], report["size"]) == ("CSV", 50, 10, [28, 28])
    assert report["per_class"] == [6] * 10 and report["mean"] == pytest.approx(X.mean() / 255, abs=1e-4)
    assert report["assumed"] == ["there are no test digits; a sixth of the digits (10) was taken to test"]
    assert report["skipped"] == [{"file": "README.md", "reason": "a text about the data"}]
    code, out, _err = run(capsys, "data", tmp_path / "mine.csv", tmp_path / "README.md")
    assert code == 0
    for words in ("format      CSV", "train       50", "size        28 x 28", "skipped     README.md: "):
        assert words in out


def test_a_refusal_is_a_sentence_and_exit_code_2(capsys: Any, tmp_path: Path) -> None:
    put(tmp_path, {"bad.csv": b"1,2,3,4", "img_12.png": paper(0), "img_13.png": paper(1)})
    code, out, err = run(capsys, "data", tmp_path / "bad.csv")
    assert (code, out) == (2, "") and err.startswith("error: bad.csv: ") and err.count("\n") == 1
    code, out, err = run(capsys, "data", tmp_path / "img_12.png", tmp_path / "img_13.png")
    assert (
        (code, out) == (2, "") and "img_12.png: neither" in err and "--answer labels_from=unlabelled" in err
    )
    assert run(capsys, "data", tmp_path / "nowhere")[0] == 2
    assert run(capsys, "data", tmp_path / "bad.csv", "--answer", "labels")[0] == 2
    code, out, _err = run(capsys, "data", tmp_path / "img_12.png", "--answer", "labels_from=unlabelled")
    assert code == 0 and "1 picture has no label" in out


def test_answers_are_taken(capsys: Any, tmp_path: Path) -> None:
    ten = ROWS.copy()
    ten[Y == 0, 0] = 10
    path = put(tmp_path, {"ten.csv": text(ten)}) / "ten.csv"
    code, _out, err = run(capsys, "data", path)
    assert code == 2 and "--answer labels=ten_is_zero (10 means 0)" in err
    code, out, _err = run(capsys, "data", path, "--json", "--answer", "labels=ten_is_zero")
    assert code == 0 and json.loads(out)["per_class"] == [6] * 10
    target = tmp_path / "idx"
    assert run(capsys, "convert", path, target)[0] == 1
    assert run(capsys, "convert", path, target, "--answer", "labels=ten_is_zero")[0] == 0
    assert sum(len(part) for part in load_mnist(target)) == 60


def test_a_few_pictures_are_a_success(capsys: Any, tmp_path: Path) -> None:
    put(tmp_path, {f"five/2828_my_own_{Y[place]}.png": paper(place) for place in FIVE})
    code, out, err = run(capsys, "data", tmp_path / "five", "--json")
    report = json.loads(out)
    assert (code, err, report["train"], report["test"]) == (0, "", 5, 0)
    assert any("too few to learn from" in sentence for sentence in report["assumed"])


def test_paths_of_folders_say_parts_and_digits(tmp_path: Path) -> None:
    files = foldered()
    put(tmp_path / "train", files)
    put(tmp_path / "test", {f"{Y[number]}/{number}.png": paper(number) for number in range(40, 60)})
    both = read_path(tmp_path / "train", tmp_path / "test")
    assert_same(both)
    assert (both.report.train, both.report.test) == (40, 20)
    alone = read_path(tmp_path / "test", keep_test=True)
    assert (alone.report.train, alone.report.test) == (0, 20)
    seven = read_path(tmp_path / "train" / "7")
    assert seven.report.per_class[7] == sum(seven.report.per_class) > 0


def test_every_source_trains_and_says_what_was_assumed(capsys: Any, tmp_path: Path) -> None:
    header = HEADER.encode() + b"\n"
    put(
        tmp_path,
        {
            "latest.csv": CSV,
            "kaggle/train.csv": header + CSV,
            "kaggle/test.csv": text(ROWS[:, 1:]),
            "mnist.npz": npz(x_train=X[:40], y_train=Y[:40], x_test=X[40:], y_test=Y[40:]),
            "digits.zip": zipped(foldered(60)),
        },
    )
    for name, note in (
        ("latest.csv", "a sixth"),
        ("kaggle", "kaggle/test.csv was left out: it has no labels"),
        ("mnist.npz", ""),
        ("digits.zip", "colours were inverted"),
    ):
        common = ("train", "--data", tmp_path / name, "--epochs", 1, "--kernel", "numpy")
        code, out, err = run(capsys, *common)
        assert code in (0, 4) and "test accuracy" in out, err
        assert note.removeprefix("kaggle/") in err


def test_a_lone_test_file_is_evaluated_whole(capsys: Any, tmp_path: Path) -> None:
    put(tmp_path, {"mnist_test.csv": CSV, "mine.csv": CSV})
    model = tmp_path / "net.npz"
    save(model, SavedNetwork(Network.create(PRESETS["fast"].network, 1), PRESETS["fast"].preprocessing))
    for name, count in (("mnist_test.csv", 60), ("mine.csv", 10)):
        code, out, _err = run(capsys, "evaluate", model, "--data", tmp_path / name, "--kernel", "numpy")
        assert code == 0 and f"of {count} right" in out
    assert load_data(tmp_path / "mnist_test.csv").train is None
    assert_same(read_path(tmp_path / "mnist_test.csv"))
