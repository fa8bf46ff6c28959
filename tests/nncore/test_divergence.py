"""Test divergence: the event names the step and the cause, and the last finite network is kept."""

import json
from dataclasses import replace

import numpy as np
import pytest

from nncore import ops
from nncore.datasets.digits8x8 import load_digits8x8
from nncore.network import Network, NetworkSpec
from nncore.training import DivergenceEvent, StepEvent, Trainer, TrainingSpec

DATA = load_digits8x8()[0].take(slice(0, 60))
WILD = NetworkSpec((64, 8, 10), ("relu", "identity"), "half_squared_error")
SETTINGS = TrainingSpec(optimiser="sgd", learning_rate=50.0, batch_size=5)


def train_singly(trainer):
    """Train step by step until the divergence; return its event and the parameters after every good step."""
    kept = [trainer.network.parameters.flat.copy()]
    while True:
        event = trainer.step()
        if isinstance(event, DivergenceEvent):
            return event, kept
        kept.append(trainer.network.parameters.flat.copy())


def test_the_event_names_step_layer_and_cause_and_the_last_finite_network_stays():
    trainer = Trainer(Network.create(WILD, 1), DATA, None, SETTINGS)
    event, kept = train_singly(trainer)
    assert event.step == len(kept) == trainer.steps + 1
    assert event.samples == trainer.samples == 5 * trainer.steps
    assert 1 <= event.layer <= 2
    assert "50" in event.cause
    np.testing.assert_array_equal(trainer.network.parameters.flat, kept[-1])
    assert np.isfinite(kept[-1]).all()
    assert trainer.diverged == event
    assert json.loads(json.dumps(trainer.history))[-1]["event"] == "divergence"


def test_a_long_slice_finds_the_same_step_as_single_ones():
    single, sliced = (Trainer(Network.create(WILD, 1), DATA, None, SETTINGS) for _ in range(2))
    event, kept = train_singly(single)
    assert len(kept) > 2  # so that the divergence lies in the middle of the slice
    assert sliced.step(12) == event
    np.testing.assert_array_equal(sliced.network.parameters.flat, kept[-1])
    assert (sliced.steps, sliced.samples, sliced.epoch_progress) == (
        single.steps,
        single.samples,
        single.epoch_progress,
    )


def test_an_update_to_infinity_is_caught_although_its_loss_is_finite():
    # The loss is measured before the update, so only the weights show the divergence.
    trainer = Trainer(Network.create(WILD, 1), DATA, None, replace(SETTINGS, learning_rate=1e39))
    before = trainer.network.parameters.flat.copy()
    event = trainer.step()
    assert isinstance(event, DivergenceEvent)
    assert (event.step, event.samples) == (1, 0)
    assert "threw the weights" in event.cause
    np.testing.assert_array_equal(trainer.network.parameters.flat, before)


def test_the_optimiser_forgets_the_failed_step_too():
    trainer = Trainer(Network.create(WILD, 1), DATA, None, replace(SETTINGS, optimiser="momentum"))
    train_singly(trainer)
    assert trainer._state.step == trainer.steps
    assert np.isfinite(trainer._state.slots[0]).all()


def test_training_goes_on_at_a_lower_rate():
    trainer = Trainer(Network.create(WILD, 1), DATA, None, replace(SETTINGS, learning_rate=1e39))
    trainer.step()
    trainer.set(learning_rate=0.001)
    losses = [trainer.step(100).loss for _ in range(5)]
    assert losses[-1] < losses[0]
    assert trainer.diverged is None


def test_a_network_that_came_with_nan_is_said_to_have():
    """Train a network that holds NaN already: the event says that it was there before the step."""
    network = Network.create(WILD, 1)
    network.weights[1][0, 0] = np.nan
    event = Trainer(network, DATA, None, SETTINGS).step()
    assert isinstance(event, DivergenceEvent)
    assert event.layer == 2
    assert "before this step" in event.cause


def test_run_ends_with_the_event():
    events = list(Trainer(Network.create(WILD, 1), DATA, None, SETTINGS).run(epochs=100))
    assert isinstance(events[-1], DivergenceEvent)


@pytest.mark.filterwarnings("error")
def test_no_warning_is_heard():
    """Diverge without a warning of NumPy about overflow."""
    list(Trainer(Network.create(WILD, 1), DATA, None, SETTINGS).run(epochs=100))


def test_a_failure_that_does_not_come_again_is_none():
    """Train with a kernel that fails for several batches at once: single ones work, so nothing diverged.

    Different rounding can make a kernel behave so.
    """

    def long_runs_fail(run):
        losses, correct = ops.reference("train_batches")(run)
        return (losses, correct) if len(losses) == 1 else (losses * np.nan, correct)

    before = ops.current()
    ops.register("brittle", lambda: {"train_batches": long_runs_fail})
    try:
        ops.use("brittle")
        spared = Trainer(Network.create(WILD, 1), DATA, None, replace(SETTINGS, learning_rate=0.01))
        event = spared.step(4)
    finally:
        ops.use(before)
        ops._loaders.pop("brittle")
        ops._loaded.pop("brittle")
    plain = Trainer(Network.create(WILD, 1), DATA, None, replace(SETTINGS, learning_rate=0.01))
    plain.step(4)
    assert isinstance(event, StepEvent)
    assert spared.steps == plain.steps == 4
    np.testing.assert_array_equal(spared.network.parameters.flat, plain.network.parameters.flat)
