"""Check what an epoch is while most of the data is still on its way."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.datasets import Dataset
from nncore.network import Network, NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.training import Trainer, TrainingSpec


def digits(count: int, first: int = 0) -> Dataset:
    """Return ``count`` images of one pixel, which numbers them from ``first`` on."""
    numbers = np.arange(first, first + count, dtype=np.uint8)
    return Dataset("digits", numbers[:, None], (numbers % 2).astype(np.uint8), (1, 1), classes=2)


def trainer(count: int, **settings: object) -> Trainer:
    network = Network.create(NetworkSpec(layers=(1, 2), activations=("softmax",)), seed=1)
    spec = TrainingSpec(batch_size=4, optimiser="sgd", learning_rate=0.1, **settings)
    return Trainer(network, digits(count), Preprocessing(max_value=255), spec)


def test_an_epoch_is_as_many_images_as_are_expected() -> None:
    learner = trainer(8)
    learner.expect(24)
    ends = []
    while learner.epoch < 2:
        event = learner.step()
        if event.epoch_ended:
            ends.append(learner.samples)
    assert ends == [24, 48]
    assert learner.steps == 12


def test_progress_is_the_share_of_the_whole_epoch() -> None:
    learner = trainer(8)
    learner.expect(32)
    learner.step(2)
    assert (learner.samples, learner.epoch_progress) == (8, 0.25)
    learner.step()
    assert (learner.samples, learner.epoch_progress) == (12, 0.375)


def test_what_arrives_joins_the_next_pass_of_the_same_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    learner = trainer(8)
    learner.expect(24)
    seen: list[int] = []
    from nncore import training

    real = training.train_batches

    def watch(run: object) -> object:
        seen.extend(run.pixels[run.indices, 0])  # type: ignore[attr-defined]
        return real(run)  # type: ignore[arg-type]

    monkeypatch.setattr(training, "train_batches", watch)
    learner.step()
    learner.extend(digits(16, first=8))
    while learner.epoch < 1:
        learner.step()
    assert sorted(seen[:8]) == list(range(8)), "the pass that had begun"
    rest = seen[8:]
    assert len(rest) == 16
    assert len(set(rest)) == 16
    assert max(rest) >= 8, "those that arrived"
    while learner.epoch < 2:
        learner.step()
    assert sorted(seen[24:]) == list(range(24)), "one pass over all, as they are all there"


def test_every_pass_has_another_order() -> None:
    learner = trainer(8)
    learner.expect(16)
    learner.step(2)
    first = learner._present._order.tolist()
    learner.step()
    again = learner._present._order.tolist()
    assert sorted(first) == sorted(again) == list(range(8))
    assert first != again


def test_the_epochs_loss_and_accuracy_are_of_all_its_passes() -> None:
    learner = trainer(8)
    learner.expect(16)
    losses = [learner.step().loss for _ in range(4)]
    [event] = [event for event in learner.history if event["event"] == "epoch"]
    assert event["loss"] == pytest.approx(np.mean(losses))


def test_the_schedule_is_of_whole_epochs() -> None:
    learner = trainer(8, schedule="cosine", epochs=2)
    learner.expect(16)
    whole = trainer(16, schedule="cosine", epochs=2)
    rates = [one.step().learning_rate for _ in range(8) for one in (learner, whole)]
    assert rates[::2] == rates[1::2]


def test_a_run_that_is_resumed_with_few_images_continues_at_the_same_share() -> None:
    learner = trainer(8)
    learner.expect(32)
    learner.step(2)
    learner.step(1)
    kept = learner.checkpoint()
    again = trainer(4)
    again.expect(32)
    again.resume(kept)
    assert (again.samples, again.epoch_progress) == (12, 0.375)
    while again.epoch < 1:
        again.step()
    assert again.samples == 32
