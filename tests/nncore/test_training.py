"""Test the trainer: order, slices, changed settings, and repeating a run bit for bit."""

import json
from dataclasses import replace

import numpy as np
import pytest

from nncore.datasets import Dataset
from nncore.datasets.digits8x8 import load_digits8x8
from nncore.distort import Distortion
from nncore.metrics import evaluate
from nncore.network import Network, NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.sampling import epoch_indices
from nncore.schedules import SCHEDULES
from nncore.training import EpochEvent, StepEvent, Trainer, TrainingSpec

SPEC = NetworkSpec((64, 12, 10))
TRAIN, TEST = load_digits8x8()
SMALL = TRAIN.take(slice(0, 53))


def make(data=SMALL, seed=1, **settings):
    settings = {"batch_size": 10, "learning_rate": 0.01} | settings
    network = Network.create(SPEC, seed)
    return Trainer(network, data, Preprocessing(max_value=16), TrainingSpec(**settings))


def numbers(trainer):
    return trainer.network.parameters.flat.copy()


@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "nesterov", "rmsprop", "adam"])
@pytest.mark.parametrize("distortion", [None, Distortion(rotation=10, shape=(8, 8))])
def test_a_slice_of_many_batches_is_the_same_as_single_ones_to_the_bit(optimiser, distortion):
    settings = {"optimiser": optimiser, "schedule": "cosine", "epochs": 3, "l2": 0.001}
    one, many = (make(distortion=distortion, **settings) for _ in range(2))
    for _ in range(12):
        one.step()
    while many.steps < 12:
        many.step(5)
    np.testing.assert_array_equal(numbers(one), numbers(many))
    assert one.history == many.history


def test_same_seed_same_bits_and_another_seed_another_order():
    runs = [make(seed=4), make(seed=4)]
    runs.append(Trainer(Network.create(SPEC, 4), SMALL, None, replace(runs[0].spec, seed=9)))
    for run in runs:
        run.step(6)
    np.testing.assert_array_equal(numbers(runs[0]), numbers(runs[1]))
    assert runs[0].history == runs[1].history
    assert (numbers(runs[0]) != numbers(runs[2])).any()


def test_the_last_batch_is_short_and_trained_on():
    trainer = make()
    first, last = trainer.step(5), trainer.step(5)
    assert (first.batch_count, first.samples, first.epoch_ended) == (5, 50, False)
    assert (last.batch_count, last.samples, last.epoch_ended) == (1, 53, True)
    assert (trainer.epoch, trainer.epoch_progress, trainer.step().epoch) == (1, 0.0, 2)


def test_no_slice_goes_past_the_end_of_an_epoch():
    event = make().step(100)
    assert (event.batch_count, event.samples, event.epoch, event.epoch_ended) == (6, 53, 1, True)


def test_loss_and_accuracy_are_means_over_images():
    # With a learning rate of 0 the network does not change, so an epoch's mean equals that of an evaluation.
    trainer = make(learning_rate=0.0)
    event = trainer.step(100)
    evaluation = evaluate(trainer.network, SMALL, trainer.preprocessing)
    assert event.loss == pytest.approx(evaluation.loss, rel=1e-6)
    assert event.accuracy == pytest.approx(evaluation.accuracy)


def test_full_batch_is_one_update_an_epoch():
    event = make(batch_size=0).step(3)
    assert (event.batch_count, event.samples, event.epoch_ended) == (1, 53, True)


def test_run_yields_steps_and_epochs_and_ends():
    events = list(make(epochs=2).run(batches_per_step=4))
    assert [type(event) for event in events] == [StepEvent, StepEvent, EpochEvent] * 2
    steps, epochs = events[:2], [event for event in events if isinstance(event, EpochEvent)]
    assert [event.epoch for event in epochs] == [1, 2]
    # An epoch's loss is the mean over its images: 40 in the first slice, 13 in the second.
    assert epochs[0].loss == pytest.approx((steps[0].loss * 40 + steps[1].loss * 13) / 53)
    assert epochs[0].accuracy == pytest.approx((steps[0].accuracy * 40 + steps[1].accuracy * 13) / 53)


def test_it_learns():
    trainer = make(TRAIN, epochs=15, batch_size=20)
    for _ in trainer.run():
        pass
    assert evaluate(trainer.network, TEST, trainer.preprocessing).accuracy > 0.9
    assert trainer.finished


def test_predicting_in_the_middle_of_training_changes_nothing():
    watched, alone = make(), make()
    for _ in range(8):
        watched.step()
        alone.step()
        evaluate(watched.network, TEST, watched.preprocessing)
        trace = watched.network.forward(watched.preprocessing.encode(TEST.pixels))
        watched.network.backward(trace, watched.preprocessing.targets_for(TEST.labels, 10))
    np.testing.assert_array_equal(numbers(watched), numbers(alone))


# --- orders


def test_shuffle_is_a_new_permutation_every_epoch():
    spec = TrainingSpec()
    first, second = (epoch_indices("shuffle", 3, epoch, 100, spec) for epoch in (0, 1))
    assert sorted(first) == sorted(second) == list(range(100))
    assert (first != second).any()


def test_file_order_is_the_files():
    np.testing.assert_array_equal(epoch_indices("file", 3, 5, 7, TrainingSpec()), range(7))


def test_sample_is_independent_draws_each_without_replacement():
    spec = TrainingSpec(order="sample", draws=26, draw_size=50)
    drawn = epoch_indices("sample", 0, 0, 1257, spec)
    assert len(drawn) == 1300
    assert all(len(set(draw)) == 50 for draw in drawn.reshape(26, 50))
    # The draws are independent, so some of the 1,257 images come twice in 26 * 50.
    assert len(set(drawn)) < 1257


def test_an_order_needs_no_memory_of_earlier_epochs():
    """Compute an epoch's order from the seed and its number alone: it is the trainer's order."""
    trainer = make()
    trainer.step(100)
    trainer.step()
    np.testing.assert_array_equal(trainer._present._order, epoch_indices("shuffle", 0, 1, 53, trainer.spec))


# --- changes during training


def test_hot_edits_hold_from_the_next_update_without_a_reset():
    """Change settings during training: they apply from the next update, and no weight is reset."""
    trainer = make(schedule="cosine", epochs=5)
    trainer.step(2)
    before = numbers(trainer)
    trainer.set(learning_rate=0.5, batch_size=3, l2=0.1)
    np.testing.assert_array_equal(numbers(trainer), before)
    event = trainer.step()
    # A rate set by hand ends the schedule, so its factor no longer applies.
    assert (event.learning_rate, event.samples, event.step) == (0.5, 23, 3)
    assert trainer._state.step == 3
    assert trainer.history[-1] == {
        "event": "set",
        "epoch": 0,
        "step": 2,
        "samples": 20,
        "schedule": "constant",
        "learning_rate": 0.5,
        "batch_size": 3,
        "l2": 0.1,
    }


def test_l2_pulls_weights_and_leaves_biases_alone():
    plain, pulled = make(optimiser="sgd"), make(optimiser="sgd", l2=0.5)
    weights = [w.copy() for w in plain.network.weights]
    plain.step()
    pulled.step()
    for a, b, w in zip(plain.network.weights, pulled.network.weights, weights, strict=True):
        np.testing.assert_allclose(a - b, 0.01 * 0.5 * w, atol=1e-7)
    for a, b in zip(plain.network.biases, pulled.network.biases, strict=True):
        np.testing.assert_array_equal(a, b)


def test_more_data_joins_at_the_next_epoch():
    trainer = make()
    trainer.step()
    trainer.extend(TRAIN.take(slice(100, 120)))
    assert trainer.step(100).samples == 53
    assert trainer.step(100).samples == 53 + 73
    extension = next(note for note in trainer.history if note["event"] == "extend")
    assert (extension["images"], extension["joins_epoch"]) == (20, 2)


def test_data_that_comes_between_epochs_joins_the_next():
    trainer = make()
    trainer.step(100)
    trainer.extend(TRAIN.take(slice(100, 120)))
    assert trainer.history[-1]["joins_epoch"] == 2
    assert trainer.step(100).samples == 53 + 73


def test_what_is_mixed_in_joins_every_epoch_from_the_next_on():
    trainer = make(batch_size=10)
    trainer.step()
    asked = []

    def more(images, epoch):
        asked.append((images, epoch))
        return TRAIN.take(slice(200, 225)) if epoch < 2 else None

    trainer.mix(more)
    counts = []
    while trainer.epoch < 3:
        before = trainer.samples
        trainer.step(1000)
        counts.append(trainer.samples - before)
    size = len(SMALL)
    assert counts == [size - 10, size + 25, size] and asked == [(size, 1), (size, 2)]
    assert trainer.mixes and [e["on"] for e in trainer.history if e["event"] == "mix"] == [True]
    trainer.mix(lambda images, epoch: Dataset("large", np.zeros((1, 784), np.uint8), np.zeros(1, np.uint8)))
    with pytest.raises(ValueError, match="pixels of an image"):
        trainer.step()


def test_distortion_is_set_on_the_way_and_told_as_json_has_it():
    trainer = make(batch_size=10)
    trainer.step()
    trainer.set(distortion=Distortion(rotation=5, shape=(8, 8)))
    assert trainer.history[-1]["distortion"]["rotation"] == 5
    again = make(batch_size=10)
    again.step()
    again.set(distortion=trainer.history[-1]["distortion"])
    for run in (trainer, again):
        run.step(3)
    assert np.array_equal(numbers(trainer), numbers(again))
    trainer.set(distortion=None)
    assert trainer.spec.distortion is None and trainer.history[-1]["distortion"] is None


def test_a_run_can_be_repeated_from_its_history_to_the_bit():
    shards = [TRAIN.take(slice(start, start + 40)) for start in (0, 40, 80)]
    trainer = make(shards[0])
    trainer.step(2)
    trainer.extend(shards[1])
    trainer.step(100)
    trainer.step(3)
    trainer.set(learning_rate=0.002)
    trainer.extend(shards[2])
    trainer.step(1)
    trainer.set(batch_size=7, l2=0.01)
    trainer.step(100)
    trainer.step(4)

    history = json.loads(json.dumps(trainer.history))
    start, *notes = history
    again = Trainer(
        Network.create(SPEC, 1), shards[0], Preprocessing(max_value=16), TrainingSpec(**start["spec"])
    )
    waiting = list(shards[1:])
    for note in notes:
        while again.steps < note["step"]:
            again.step()
        if note["event"] == "extend":
            again.extend(waiting.pop(0))
        elif note["event"] == "set":
            again.set(**{key: note[key] for key in ("learning_rate", "batch_size", "l2") if key in note})
    while again.steps < trainer.steps:
        again.step()
    np.testing.assert_array_equal(numbers(again), numbers(trainer))
    assert again.history == trainer.history


# --- schedules


@pytest.mark.parametrize(
    ("schedule", "settings", "expected"),
    [
        ("constant", {}, [1, 1, 1, 1, 1]),
        ("linear", {"final": 0.2}, [1, 0.8, 0.6, 0.4, 0.2]),
        ("cosine", {}, [1, (1 + 0.5**0.5) / 2, 0.5, (1 - 0.5**0.5) / 2, 0]),
        ("step", {"drops": 1, "drop_factor": 0.5}, [1, 1, 0.5, 0.5, 0.5]),
        ("linear", {"warmup": 0.5}, [0, 0.5, 1, 0.5, 0]),
        ("constant", {"warmup": 0.5}, [0, 0.5, 1, 1, 1]),
    ],
)
def test_schedules_at_the_quarters(schedule, settings, expected):
    spec = TrainingSpec(schedule=schedule, **settings)
    factors = [SCHEDULES[schedule].factor(t, spec) for t in (0, 0.25, 0.5, 0.75, 1)]
    assert factors == pytest.approx(expected)
    assert SCHEDULES[schedule].factor(7.5, spec) == pytest.approx(expected[-1])


def test_a_schedule_ends_with_the_last_update_of_its_horizon():
    trainer = make(schedule="linear", final=0.1, epochs=2)
    rates = [event.learning_rate for event in trainer.run(batches_per_step=1) if isinstance(event, StepEvent)]
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] == pytest.approx(0.001)
    assert trainer.step().learning_rate == pytest.approx(0.001)


def test_a_horizon_counts_images_whatever_the_epochs():
    trainer = make(schedule="linear", horizon=200)
    assert trainer.learning_rate == pytest.approx(0.01 * (1 - 10 / 200))
    trainer.step(100)
    assert trainer.step().learning_rate == pytest.approx(0.01 * (1 - 63 / 200))


# --- data and settings that do not fit


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (Dataset("wide", np.zeros((3, 81), np.uint8), np.zeros(3, np.uint8), (9, 9), max_value=16), "81.*64"),
        (Dataset("two", np.zeros((3, 64), np.uint8), np.zeros(3, np.uint8), (8, 8), 2, 16), "2.*10"),
        (Dataset("bright", np.zeros((3, 64), np.uint8), np.zeros(3, np.uint8), (8, 8)), "255.*16"),
        (TRAIN.take(slice(0, 0)), "0.*at least 1"),
    ],
    ids=["pixels", "classes", "max_value", "empty"],
)
def test_data_that_does_not_fit_is_refused(data, message):
    with pytest.raises(ValueError, match=message):
        make(data)
    trainer = make()
    with pytest.raises(ValueError, match=message):
        trainer.extend(data)


def test_only_hot_settings_can_be_set():
    """Refuse to change a setting that can't change during training."""
    with pytest.raises(ValueError, match="'seed'.*learning_rate"):
        make().set(seed=3)
