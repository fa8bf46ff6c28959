"""Test the gate: scores worked out by hand, the threshold, and a small gate that is trained here."""

import numpy as np
import pytest

from nncore import gate as gate_module
from nncore.datasets import Dataset
from nncore.gate import NONE, Gate, threshold_for, with_none
from nncore.network import Network, NetworkSpec
from nncore.nondigits import make_non_digits
from nncore.preprocessing import Preprocessing
from nncore.storage import SavedNetwork
from nncore.styles import make_dataset
from nncore.training import Trainer
from nncore.training_spec import TrainingSpec


def gate_of_two_pixels(threshold=0.5):
    """Make a gate for images of two pixels: a bright second pixel gives the class "none" a logit of 3."""
    spec = NetworkSpec((2, 11), ("softmax",), initialiser="zeros")
    network = Network.create(spec)
    network.weights[0][1, NONE] = 3
    return Gate(network, Preprocessing(), threshold)


def test_a_judgement_runs_the_network_once(monkeypatch):
    calls, gate = [], gate_of_two_pixels()
    predict = gate_module.predict_pixels
    monkeypatch.setattr(gate_module, "predict_pixels", lambda *args: calls.append(1) or predict(*args))
    pixels = np.array([[255, 0], [0, 255], [0, 0]], np.uint8)
    scores, passes = gate.judge(pixels)
    assert len(calls) == 1
    assert np.array_equal(scores, gate.scores(pixels)) and np.array_equal(passes, gate.admits(pixels))


def test_scores_by_hand():
    pixels = np.array([[255, 0], [0, 255], [0, 0]], np.uint8)
    # Ten logits are 0, that of "none" is 0 or 3: the digits' share is 10 / (10 + e^logit). Without ink the
    # score is 0.
    scores = gate_of_two_pixels().scores(pixels)
    np.testing.assert_allclose(scores, [10 / 11, 10 / (10 + np.exp(3)), 0], rtol=1e-5)
    assert gate_of_two_pixels().admits(pixels).tolist() == [True, False, False]
    assert gate_of_two_pixels(0.3).admits(pixels).tolist() == [True, True, False]


def test_even_a_gate_that_is_wide_open_lets_no_blank_image_pass():
    assert not gate_of_two_pixels(0.0).admits(np.zeros((1, 2), np.uint8)).any()


@pytest.mark.parametrize("share, threshold", [(0.0, 0.0), (0.02, 0.02), (0.5, 0.5)])
def test_the_threshold_turns_away_no_more_than_it_may(share, threshold):
    """Choose a threshold by the share of digits that it may turn away: it turns away no more."""
    scores = np.random.default_rng(0).permutation(np.arange(100) / 100)
    assert threshold_for(scores, share) == pytest.approx(threshold, abs=0.011)
    assert (scores < threshold_for(scores, share)).mean() <= share


def test_what_is_no_digit_gets_a_class_of_its_own():
    """Join digits and non-digits: all non-digits get the class "none"."""
    digits = Dataset("digits", np.zeros((2, 784), np.uint8), np.array([3, 9], np.uint8))
    both = with_none(digits, make_non_digits(3, 1))
    assert both.classes == 11 and both.labels.tolist() == [3, 9, NONE, NONE, NONE]


@pytest.mark.slow
def test_a_small_gate_learns_to_tell_digits_from_the_rest():
    train = with_none(make_dataset(600, 1), make_non_digits(400, 1))
    network = Network.create(NetworkSpec((784, 48, 11)), seed=1)
    spec = TrainingSpec(epochs=12, learning_rate=0.003, batch_size=50)
    for _event in Trainer(network, train, Preprocessing(), spec).run():
        pass
    gate = Gate(network, Preprocessing(), 0.0)
    digits, others = gate.scores(make_dataset(120, 2).pixels), gate.scores(make_non_digits(120, 2).pixels)
    # How often a digit scores higher than a non-digit; guessing would give 0.5.
    assert (digits[:, None] > others).mean() > 0.85


def test_a_gate_comes_from_a_file_with_a_threshold():
    gate = gate_of_two_pixels()
    again = Gate.of(SavedNetwork(gate.network, notes={"threshold": 0.25}))
    assert again.threshold == 0.25 and again.network is gate.network
    with pytest.raises(ValueError, match="threshold in the file's notes is None"):
        Gate.of(SavedNetwork(gate.network))


def test_what_is_no_gate_is_refused():
    """Refuse a network with ten outputs, and a threshold above 1."""
    reader = Network.create(NetworkSpec((784, 10), ("softmax",)))
    with pytest.raises(ValueError, match="number of outputs is 10; it must be 11"):
        Gate(reader, Preprocessing(), 0.5)
    with pytest.raises(ValueError, match="threshold is 1.5; it must be from 0 to 1"):
        gate_of_two_pixels(1.5)
