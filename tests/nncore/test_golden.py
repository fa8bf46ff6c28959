"""Compare with numbers of PyTorch, scikit-learn and SciPy: ``golden.json``, made by ``golden/make.py``."""

import json
from pathlib import Path

import numpy as np
import pytest

from nncore.activations import ACTIVATIONS
from nncore.datasets import Dataset
from nncore.kernels.library import ACTIVATIONS as KERNEL_ACTIVATIONS
from nncore.losses import LOSSES
from nncore.metrics import confusion_matrix, precision_recall, wilson_interval
from nncore.network import Network, NetworkSpec
from nncore.optimisers import OPTIMISERS
from nncore.preprocessing import Preprocessing
from nncore.training import Trainer, TrainingSpec

GOLDEN = json.loads((Path(__file__).parent / "golden" / "golden.json").read_text())
RATES = {"sgd": 0.3, "momentum": 0.1, "nesterov": 0.1, "rmsprop": 0.01, "adam": 0.02}


@pytest.mark.parametrize("case", GOLDEN["networks"], ids=lambda case: "-".join(case["activations"]))
def test_outputs_losses_and_gradients_are_pytorchs(case):
    spec = NetworkSpec(case["layers"], case["activations"], case["loss"], dtype="float64")
    network = Network.from_arrays(spec, case["weights"], case["biases"])
    targets = np.array(case["targets"])
    trace = network.forward(np.array(case["inputs"]))
    grads = network.backward(trace, targets)
    close = {"rtol": 1e-9, "atol": 1e-12}
    np.testing.assert_allclose(trace.output, case["outputs"], **close)
    np.testing.assert_allclose(grads.losses, case["losses"], **close)
    for ours, theirs in zip(grads.weights, case["weight_gradients"], strict=True):
        np.testing.assert_allclose(ours, theirs, **close)
    for ours, theirs in zip(grads.biases, case["bias_gradients"], strict=True):
        np.testing.assert_allclose(ours, theirs, **close)
    np.testing.assert_allclose(network.input_gradient(trace, targets), case["input_gradient"], **close)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_ten_updates_are_pytorchs(name):
    optimiser = OPTIMISERS[name]()
    p = np.array([1.0, -2.0])
    state = optimiser.new_state(p)
    for there in GOLDEN["optimisers"][name]:
        optimiser.update(p, p * [25, 1], state, RATES[name])
        np.testing.assert_allclose(p, there, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", GOLDEN["training"]["after"])
def test_two_epochs_are_scikit_learns(name):
    case = GOLDEN["training"]
    spec = NetworkSpec(case["layers"], ("tanh", "softmax"), dtype="float64")
    network = Network.from_arrays(spec, case["weights"], case["biases"])
    data = Dataset(
        "made up", np.array(case["pixels"], np.uint8), np.array(case["labels"], np.uint8), (3, 4), classes=4
    )
    training = TrainingSpec(optimiser=name, learning_rate=0.05, batch_size=5, order="file", epochs=2)
    for _ in Trainer(network, data, Preprocessing(), training).run():
        pass
    after = case["after"][name]
    for ours, theirs in zip(
        [*network.weights, *network.biases], [*after["weights"], *after["biases"]], strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", [name for name, a in ACTIVATIONS.items() if not a.output_only])
def test_activations_far_out_overflow_nowhere(name, dtype):
    """Compute activations and slopes for sums up to 10,000 on both sides: no number overflows."""
    activation = ACTIVATIONS[name]
    z = np.array(GOLDEN["functions"]["z"], dtype)
    with np.errstate(all="raise", under="ignore"):
        a = activation.forward(z)
        slope = activation.vjp(np.ones_like(z), z, a)
    assert a.dtype == slope.dtype == dtype
    assert np.isfinite(a).all() and np.isfinite(slope).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", [name for name in KERNEL_ACTIVATIONS if name != "softmax"])
def test_activations_of_the_kernels_are_scipys(name, dtype):
    """Compare each activation that is written twice, in NumPy and in C, with SciPy's or PyTorch's values."""
    z = np.array(GOLDEN["functions"]["z"], dtype)
    a = ACTIVATIONS[name].forward(z)
    close = {"rtol": 1e-6, "atol": 1e-7} if dtype == "float32" else {"rtol": 1e-12, "atol": 1e-15}
    np.testing.assert_allclose(a, GOLDEN["functions"][name], **close)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_softmax_and_cross_entropies_far_out_are_scipys_and_overflow_nowhere(dtype):
    functions = GOLDEN["functions"]
    close = {"rtol": 1e-6, "atol": 1e-7} if dtype == "float32" else {"rtol": 1e-12, "atol": 1e-15}
    softmax, sigmoid = ACTIVATIONS["softmax"], ACTIVATIONS["sigmoid"]
    rows = np.array(functions["rows"], dtype)
    z = np.array(functions["z"], dtype)[:, None]
    with np.errstate(all="raise", under="ignore"):
        outputs = softmax.forward(rows)
        np.testing.assert_allclose(outputs, functions["softmax"], **close)
        for k in range(rows.shape[1]):
            targets = np.zeros_like(rows)
            targets[:, k] = 1
            value, delta = LOSSES["softmax_cross_entropy"].evaluate(rows, outputs, targets, softmax)
            np.testing.assert_allclose(value, -np.array(functions["log_softmax"])[:, k], **close)
            np.testing.assert_allclose(delta, outputs - targets, **close)
        value, _ = LOSSES["binary_cross_entropy"].evaluate(z, sigmoid.forward(z), np.ones_like(z), sigmoid)
        np.testing.assert_allclose(value, -np.array(functions["log_sigmoid"]), **close)


def test_the_sigmoids_inverse_is_scipys():
    given = np.linspace(0.01, 0.99, 9)
    np.testing.assert_allclose(
        ACTIVATIONS["sigmoid"].inverse(given), GOLDEN["functions"]["logit"], rtol=1e-12, atol=1e-15
    )


def test_confusion_precision_and_recall_are_scikit_learns():
    case = GOLDEN["measures"]
    matrix = confusion_matrix(np.array(case["read"]), np.array(case["labels"]), 5)
    np.testing.assert_array_equal(matrix, case["confusion"])
    precision, recall = precision_recall(matrix)
    np.testing.assert_allclose(precision, case["precision"])
    np.testing.assert_allclose(recall, case["recall"])


@pytest.mark.parametrize("case", GOLDEN["measures"]["wilson"])
def test_wilsons_interval_is_scipys(case):
    assert wilson_interval(case["correct"], case["count"]) == pytest.approx(
        (case["low"], case["high"]), abs=1e-6
    )
