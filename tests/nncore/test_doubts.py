"""Test the warnings about a data set that a network can't learn from, given before training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nncore.cli import main
from nncore.datasets import Dataset
from nncore.datasets.digits8x8 import load_digits8x8
from nncore.datasets.doubts import doubt
from nncore.datasets.idx import write_idx
from tests.nncore.made_up import blocks


def of_class(label: int) -> Dataset:
    whole = blocks(200, 3)
    return replace(whole, labels=np.full(200, label, np.uint8))


def without(*labels: int) -> Dataset:
    whole = blocks(400, 3)
    return whole.take(~np.isin(whole.labels, labels))


def with_empty(count: int, value: int = 0) -> Dataset:
    whole = blocks(200, 3)
    pixels = whole.pixels.copy()
    pixels[:count] = value
    return replace(whole, pixels=pixels)


@pytest.mark.parametrize(
    ("dataset", "serious", "words"),
    [
        (of_class(3), True, "labelled 3"),
        (with_empty(200), True, "All 200 pictures are empty"),
        (with_empty(200, 255), True, "All 200 pictures are empty"),
        (blocks(50, 1).take(np.zeros(50, int)), True, "All 50 pictures are the same"),
        (with_empty(7), False, "7 of the 200 pictures are empty"),
        (without(4), False, "labelled 4: a network that learns from these never reads it."),
        (without(1, 4, 8), False, "labelled 1, 4 or 8: a network that learns from these never reads them."),
    ],
)
def test_a_doubtful_set_is_told_in_a_sentence(dataset: Dataset, serious: bool, words: str) -> None:
    found = doubt(dataset)
    assert found is not None and found.serious is serious
    assert words in found.sentence and found.sentence.endswith(".")


@pytest.mark.parametrize("dataset", [blocks(400, 3), with_empty(1), load_digits8x8()[0]])
def test_nothing_is_said_of_digits_as_they_are(dataset: Dataset) -> None:
    """Check ordinary digits, even with one empty picture: there is no warning."""
    assert doubt(dataset) is None


def test_the_command_line_says_it_before_training(capsys, tmp_path) -> None:
    """Train on one class alone: the command line prints the warning."""
    for part in ("train", "t10k"):
        (tmp_path / f"{part}-images-idx3-ubyte").write_bytes(write_idx(of_class(3).images))
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(write_idx(of_class(3).labels))
    main(["train", "--data", str(tmp_path), "--epochs", "1", "--kernel", "numpy"])
    assert "warning: Every picture is labelled 3" in capsys.readouterr().err
