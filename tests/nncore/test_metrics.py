"""Test the measures by hand; ``test_golden`` compares them with scikit-learn and SciPy."""

from math import isnan

import numpy as np
import pytest

from nncore.datasets import Dataset
from nncore.metrics import (
    accuracy,
    confidence,
    confusion_matrix,
    evaluate,
    images_per_second,
    precision_recall,
    predict_pixels,
    wilson_interval,
)
from nncore.network import Network, NetworkSpec
from nncore.preprocessing import Preprocessing

OUTPUTS = np.array([[0.1, 0.9], [0.8, 0.2], [0.6, 0.4], [0.3, 0.7]])
LABELS = np.array([1, 1, 1, 0], np.uint8)


def test_accuracy():
    assert accuracy(OUTPUTS, LABELS) == 0.25
    assert isnan(accuracy(np.empty((0, 2)), np.empty(0)))


def test_confusion_rows_are_true_and_columns_read():
    np.testing.assert_array_equal(confusion_matrix(OUTPUTS.argmax(axis=1), LABELS, 2), [[0, 1], [2, 1]])


def test_precision_and_recall_of_a_class_that_never_comes_are_nan():
    # Class 0 is read twice, never rightly, and comes once. Class 1 is read once, rightly, and comes twice.
    # Class 2 is never read and comes once.
    precision, recall = precision_recall(np.array([[0, 0, 1], [1, 1, 0], [0, 0, 0]]))
    np.testing.assert_array_equal(precision, [0, 1, 0])
    np.testing.assert_array_equal(recall, [0, 0.5, np.nan])


def test_wilson_interval_knows_nothing_of_nothing_and_refuses_nonsense():
    """Compute the interval of no answers, which is 0 to 1, and refuse 5 right ones of 4."""
    assert wilson_interval(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="5.*0 to 4"):
        wilson_interval(5, 4)


def test_confidence_is_a_share_of_all_outputs():
    outputs = np.array([[0.2, 0.8], [0.9, 0.9], [-1.0, 0.5], [0.0, 0.0], [-1.0, -2.0]])
    np.testing.assert_allclose(confidence(outputs), [0.8, 0.5, 1.0, 0.0, 0.0])


def test_evaluation_is_what_the_network_gives_whatever_the_number_of_images():
    """Evaluate 2,300 images: outputs, loss and counts agree with the network's own predictions."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (2300, 9), dtype=np.uint8)
    data = Dataset("made up", pixels, rng.integers(0, 3, 2300, dtype=np.uint8), (3, 3), classes=3)
    network, preprocessing = Network.create(NetworkSpec((9, 5, 3)), 1), Preprocessing("rashid")
    evaluation = evaluate(network, data, preprocessing)
    outputs = network.predict(preprocessing.encode(pixels))
    np.testing.assert_allclose(evaluation.outputs, outputs, rtol=1e-5)
    np.testing.assert_array_equal(predict_pixels(network, pixels, preprocessing), evaluation.outputs)
    losses = -np.log(outputs[np.arange(2300), data.labels])
    assert evaluation.loss == pytest.approx(losses.mean(), rel=1e-5)
    assert (evaluation.correct, evaluation.count) == (np.trace(evaluation.confusion), 2300)
    assert evaluation.accuracy == evaluation.correct / 2300
    assert evaluation.interval[0] < evaluation.accuracy < evaluation.interval[1]
    with pytest.raises(ValueError, match="0.*at least 1"):
        evaluate(network, data.take(slice(0, 0)), preprocessing)
    assert predict_pixels(network, pixels[:0], preprocessing).shape == (0, 3)


def test_speed():
    assert images_per_second(300, 1.5) == 200
    assert images_per_second(300, 0.0) == 0
