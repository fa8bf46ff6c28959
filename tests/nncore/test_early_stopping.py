"""Test early stopping by hand, and on the command line, which keeps the network with the lowest loss."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from nncore.cli import main
from nncore.datasets.mnist import load_mnist
from nncore.early_stopping import EarlyStopping
from nncore.metrics import evaluate
from nncore.storage import load
from tests.nncore.made_up import write_like_mnist


def test_it_ends_when_no_loss_was_lower_for_as_many_epochs() -> None:
    """Note losses with a patience of 2: training ends two epochs after the lowest loss."""
    stopping = EarlyStopping(patience=2)
    told = []
    for epoch, loss in enumerate((0.5, 0.3, 0.3, 0.29, math.nan, 0.4), start=1):
        told.append((stopping.note(epoch, loss), stopping.exhausted(epoch)))
    better, ended = zip(*told, strict=True)
    assert better == (True, True, False, True, False, False), "neither the same loss nor NaN is lower"
    assert ended == (False, False, False, False, False, True)
    assert (stopping.best, stopping.best_at) == (0.29, 4)


def test_training_that_is_begun_again_has_as_much_patience() -> None:
    """Begin training again: patience counts from that epoch, not from the lowest loss."""
    stopping = EarlyStopping(patience=2, best=0.1, best_at=3, since=5)
    assert not stopping.exhausted(6) and stopping.exhausted(7)


def test_patience_is_at_least_one_epoch() -> None:
    with pytest.raises(ValueError, match="patience"):
        EarlyStopping(0)


def test_the_command_line_goes_back_to_the_epoch_with_the_lowest_loss(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_like_mnist(tmp_path, 600, 200)
    out = tmp_path / "net.npz"
    rate = ["--learning-rate", "0.3"]  # so high that the loss rises again
    size = ["--data", str(tmp_path), "--epochs", "60", "--out", str(out)]
    assert main(["train", *size, *rate, "--patience", "2", "--kernel", "numpy"]) == 0
    saved = load(str(out))
    losses = [event["loss"] for event in saved.history if event["event"] == "test"]
    best = int(np.argmin(losses))
    assert len(losses) == best + 1 + 2 < 60, "two epochs after the best"
    assert f"back to epoch {best + 1}" in capsys.readouterr().out
    _, test = load_mnist(str(tmp_path))
    result = evaluate(saved.network, test, saved.preprocessing)
    assert result.loss == pytest.approx(losses[best]) and result.loss < losses[-1]
    assert saved.notes["test_accuracy"] == result.accuracy
