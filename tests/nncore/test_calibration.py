"""Test calibration and temperature against arithmetic by hand."""

import numpy as np
import pytest

from nncore.calibration import calibration, fit_temperature, logits_of, tempered
from nncore.datasets import Dataset
from nncore.metrics import predict_pixels
from nncore.network import Network, NetworkSpec
from nncore.preprocessing import Preprocessing


def test_by_hand():
    """Compute the calibration table and the calibration error of three answers by hand."""
    # Two bins. Below 0.5: one answer, given with 0.4, right. Above: one with 0.6, wrong; one with 0.8, right.
    outputs = np.array([[0.4, 0.3, 0.3], [0.6, 0.2, 0.2], [0.1, 0.8, 0.1]])
    table = calibration(outputs, np.array([0, 1, 1]), bins=2)
    assert table.counts.tolist() == [1, 2]
    np.testing.assert_allclose(table.confidence, [0.4, 0.7])
    np.testing.assert_allclose(table.accuracy, [1.0, 0.5])
    # 1/3 * |1 - 0.4| + 2/3 * |0.5 - 0.7|
    assert table.error == pytest.approx(0.6 / 3 + 0.2 * 2 / 3)


def test_honest_answers_have_no_error_and_boasting_has():
    """Measure the calibration error: near 0 for honest percentages, large when all labels are swapped."""
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.5, 1, 40_000)
    outputs = np.stack([sure, 1 - sure], axis=1)
    honest = (rng.random(40_000) > sure).astype(int)
    assert calibration(outputs, honest).error < 0.01
    assert calibration(outputs, 1 - honest).error > 0.4


def test_full_certainty_falls_into_the_last_bin_and_empty_bins_are_nan():
    """Put an answer given with 100 % into the last bin; refuse an empty set of answers."""
    table = calibration(np.array([[1.0, 0.0]]), np.array([0]))
    assert table.counts[-1] == 1 and table.error == 0 and np.isnan(table.accuracy[0])
    with pytest.raises(ValueError, match="number of answers is 0"):
        calibration(np.zeros((0, 10)), np.zeros(0))


# --- temperature


def honest_labels(rng, logits):
    """Draw labels with exactly the probabilities that the softmax of these logits gives."""
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return (rng.random((len(logits), 1)) > shares.cumsum(axis=1)).sum(axis=1)


@pytest.mark.parametrize("boast", [0.5, 1.0, 3.0])
def test_the_temperature_is_the_factor_by_which_the_logits_were_blown_up(boast):
    """Fit the temperature to logits that were multiplied by a factor: it is this factor."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (20_000, 10))
    labels = honest_labels(rng, logits)
    assert fit_temperature(boast * logits, labels) == pytest.approx(boast, rel=0.03)


def test_the_temperature_by_hand_and_at_its_ends():
    # Three answers, two right and one wrong, each with a difference of 2 between its logits. The odds are 2
    # to 1, so e^(2 / T) = 2.
    logits = np.array([[2.0, 0], [0, 2.0], [2.0, 0]])
    assert fit_temperature(logits, np.array([0, 1, 1])) == pytest.approx(2 / np.log(2))
    assert fit_temperature(logits, np.array([0, 1, 0])) == pytest.approx(1 / 20)
    assert fit_temperature(logits, np.array([1, 0, 1])) == pytest.approx(20)


@pytest.mark.parametrize("biases", [True, False])
def test_a_tempered_network_gives_the_same_answers_less_loudly(biases):
    """Divide a network's logits by a temperature: its answers stay, its shares are less extreme."""
    network = Network.create(NetworkSpec((6, 5, 4), biases=biases), seed=1)
    pixels = np.random.default_rng(0).integers(0, 256, (1200, 6), np.uint8)
    dataset = Dataset("d", pixels, np.zeros(1200, np.uint8), (2, 3), classes=4)
    logits = logits_of(network, dataset, Preprocessing())
    calm = predict_pixels(tempered(network, 2.5), dataset.pixels, Preprocessing())
    exponentials = np.exp(logits / 2.5)
    np.testing.assert_allclose(calm, exponentials / exponentials.sum(axis=1, keepdims=True), rtol=1e-5)
    np.testing.assert_array_equal(calm.argmax(axis=1), logits.argmax(axis=1))
    assert network.parameters.flat.tobytes() != tempered(network, 2.5).parameters.flat.tobytes()


def test_what_has_no_temperature_is_refused():
    """Refuse a temperature of 0, outputs other than softmax, and an empty set of answers."""
    with pytest.raises(ValueError, match="temperature is 0; it must be above 0"):
        tempered(Network.create(NetworkSpec((6, 4), ("softmax",)), 0), 0)
    sigmoid = NetworkSpec((6, 4), ("sigmoid",), "half_squared_error")
    with pytest.raises(ValueError, match="output activation to calibrate 'sigmoid'"):
        tempered(Network.create(sigmoid, 0), 2)
    with pytest.raises(ValueError, match="number of answers is 0"):
        fit_temperature(np.zeros((0, 10)), np.zeros(0, int))
