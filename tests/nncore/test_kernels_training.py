"""Compare whole runs of training in a compiled kernel with the same runs in NumPy.

``test_kernels_wasm`` runs this file in WebAssembly too. Every step of a run rounds, so the bound is on the
end: after ten batches weights and the optimiser's slots are within 2e-5 (1 + |value|) of NumPy's, and losses
within a hundred thousandth.
"""

from __future__ import annotations

import gc
import os
from dataclasses import replace

import numpy as np
import pytest

from nncore import ops
from nncore.batches import train_batches
from nncore.datasets import Dataset
from nncore.events import DivergenceEvent
from nncore.kernels import library, packing
from nncore.metrics import evaluate, predict_pixels
from nncore.network import Network, NetworkSpec
from nncore.optimisers import OPTIMISERS
from nncore.preprocessing import Preprocessing
from nncore.training import Trainer, TrainingSpec
from tests.nncore.kernel_libraries import without_numpy

KERNEL = os.environ.get("KERNEL", "native")
TOLERANCE = {"rtol": 2e-5, "atol": 2e-5}


@pytest.fixture(autouse=True)
def numpy_afterwards():
    yield
    ops.use("numpy")


def digits(count: int, inputs: int = 60, classes: int = 5, blank: float = 0.8) -> Dataset:
    """Return random pictures, as blank as MNIST's; one column of pixels and one picture are wholly blank."""
    rng = np.random.default_rng(count)
    pixels = rng.integers(1, 256, (count, inputs), np.uint8) * (rng.random((count, inputs)) > blank)
    pixels[:, 3] = 0
    pixels[count // 2] = 0
    return Dataset(
        "random",
        pixels.astype(np.uint8),
        rng.integers(0, classes, count, np.uint8),
        (6, inputs // 6),
        classes,
    )


def spec(
    *layers: int,
    activation: str = "sigmoid",
    output: str = "softmax",
    loss: str = "softmax_cross_entropy",
    **rest,
):
    activations = (activation,) * (len(layers) - 2) + (output,)
    return NetworkSpec(
        layers, activations, loss, **{"initialiser": "glorot_normal", "initial_sd": 0.3, **rest}
    )


def trained(
    backend: str, network: NetworkSpec, training: TrainingSpec, data: Dataset, pre=None, steps=10
) -> Trainer:
    ops.use(backend)
    trainer = Trainer(Network.create(network, 5), data, pre or Preprocessing(), training)
    trainer.event = trainer.step(steps)
    return trainer


def assert_alike(network: NetworkSpec, training: TrainingSpec, data: Dataset, pre=None, steps=10) -> None:
    with without_numpy("train_batches"):
        ours = trained(KERNEL, network, training, data, pre, steps)
    theirs = trained("numpy", network, training, data, pre, steps)
    np.testing.assert_allclose(ours.network.parameters.flat, theirs.network.parameters.flat, **TOLERANCE)
    for our_slot, their_slot in zip(ours._state.slots, theirs._state.slots, strict=True):
        np.testing.assert_allclose(our_slot, their_slot, **TOLERANCE)
    assert ours._state.step == theirs._state.step
    assert ours.event.loss == pytest.approx(theirs.event.loss, rel=1e-5)
    assert replace(ours.event, loss=0) == replace(theirs.event, loss=0)


BATCHES = (1, 2, 7, 32)
PAIRS = [
    ("softmax", "softmax_cross_entropy"),
    ("sigmoid", "binary_cross_entropy"),
    ("softmax", "squared_error"),
    ("sigmoid", "half_squared_error"),
    ("tanh", "squared_error"),
    ("identity", "half_squared_error"),
]


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize(
    "hidden", ["sigmoid", "bipolar_sigmoid", "tanh", "relu", "leaky_relu", "elu", "identity"]
)
def test_every_hidden_activation(hidden, batch):
    assert_alike(spec(60, 21, 5, activation=hidden), TrainingSpec("sgd", 0.1, batch_size=batch), digits(90))


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize(("output", "loss"), PAIRS)
@pytest.mark.parametrize("rule", ["gradient", "rashid"])
def test_every_output_loss_and_rule(output, loss, rule, batch):
    training = TrainingSpec("sgd", 0.1, batch_size=batch, rule=rule)
    assert_alike(
        spec(60, 30, 12, 5, output=output, loss=loss), training, digits(90), Preprocessing(targets="soft")
    )


@pytest.mark.parametrize(
    "layers", [(60, 5), (60, 1, 5), (60, 3, 2, 5), (60, 40, 5), (60, 41, 83, 5), (60, 200, 5)]
)
@pytest.mark.parametrize("biases", [True, False])
def test_every_width_and_depth(layers, biases):
    for batch in (1, 8):
        assert_alike(spec(*layers, biases=biases), TrainingSpec("sgd", 0.1, batch_size=batch), digits(90))


@pytest.mark.parametrize("l2", [0, 0.01])
@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_every_optimiser_with_and_without_l2(optimiser, batch, l2):
    # With a tiny epsilon Adam would make a full step even of a gradient that is only a rounding error.
    training = TrainingSpec(
        optimiser, 0.01, batch_size=batch, l2=l2, schedule="cosine", horizon=100, epsilon=1e-3
    )
    assert_alike(spec(60, 30, 5), training, digits(90))


@pytest.mark.parametrize("inputs", ["unit", "rashid", "binary", "divide"])
@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
def test_every_encoding_of_the_inputs(inputs, batch, optimiser):
    training = TrainingSpec(optimiser, 0.01, batch_size=batch, epsilon=1e-3)
    assert_alike(spec(60, 30, 5), training, digits(90), Preprocessing(inputs, divisor=100))


@pytest.mark.parametrize("blank", [0, 0.5, 1])
def test_pictures_that_are_full_or_empty(blank):
    for batch in (1, 8):
        assert_alike(spec(60, 30, 5), TrainingSpec("sgd", 0.1, batch_size=batch), digits(90, blank=blank))


@pytest.mark.parametrize("optimiser", ["sgd", "momentum"])
@pytest.mark.parametrize("inputs", ["unit", "rashid"])
def test_batches_larger_than_a_piece_of_the_kernel(optimiser, inputs):
    training = TrainingSpec(optimiser, 0.1, batch_size=600, l2=0.01)
    assert_alike(spec(60, 30, 5), training, digits(1500), Preprocessing(inputs), steps=3)


@pytest.mark.parametrize("batch", [1, 7, 300])
@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
@pytest.mark.parametrize(("inputs", "rule"), [("unit", "gradient"), ("rashid", "rashid")])
def test_a_run_cut_into_single_steps_gives_the_same_bits(batch, optimiser, inputs, rule):
    network = spec(60, 30, 5, output="sigmoid", loss="half_squared_error")
    training = TrainingSpec(optimiser, 0.05, batch_size=batch, rule=rule, schedule="linear", horizon=2000)
    pre = Preprocessing(inputs)
    whole = trained(KERNEL, network, training, digits(700), pre, steps=700)
    pieces = trained(KERNEL, network, training, digits(700), pre, steps=1)
    while pieces.epoch == 0:
        pieces.step(1 if pieces.steps % 3 else 2)
    np.testing.assert_array_equal(pieces.network.parameters.flat, whole.network.parameters.flat)
    assert pieces.steps == whole.steps and pieces.history[-1]["accuracy"] == whole.history[-1]["accuracy"]


def test_changing_the_settings_on_the_way_works_as_in_numpy():
    """Change settings and add digits during training: the kernel's weights stay close to NumPy's."""
    flats = []
    for backend in (KERNEL, "numpy"):
        trainer = trained(
            backend, spec(60, 30, 5), TrainingSpec("nesterov", 0.05, batch_size=8), digits(200), steps=4
        )
        trainer.set(learning_rate=0.01)
        trainer.step(3)
        trainer.set(batch_size=5, l2=0.02)
        trainer.extend(digits(40))
        trainer.step(100)
        trainer.step(100)
        assert trainer.epoch == 2
        flats.append(trainer.network.parameters.flat)
    np.testing.assert_allclose(*flats, **TOLERANCE)


def test_weights_changed_between_two_runs_are_what_the_next_goes_on_from():
    """Change a weight between two runs: the kernel keeps values for the next run and must discard them here.

    The values are in ``Carry`` of ``nncore.kernels.workspace``.
    """
    flats = []
    network = spec(60, 30, 5, output="sigmoid", loss="half_squared_error")
    for backend in (KERNEL, "numpy"):
        trainer = trained(
            backend, network, TrainingSpec("sgd", 0.1, batch_size=1), digits(200), Preprocessing("rashid"), 30
        )
        trainer.network.weights[0][7] += 1
        trainer.step(50)
        flats.append(trainer.network.parameters.flat)
    np.testing.assert_allclose(*flats, **TOLERANCE)


def test_pixels_that_cannot_change_are_packed_once_and_forgotten_with_their_array():
    """Train twice on a read-only array: its pixels are packed once, and freed with the array."""
    ops.use(KERNEL)
    before = len(packing._packed)
    data = digits(200)
    for _ in range(2):
        Trainer(Network.create(spec(60, 30, 5), 0), data, Preprocessing(), TrainingSpec(batch_size=4)).step(3)
        assert len(packing._packed) == before + 1
    del data
    gc.collect()
    assert len(packing._packed) == before


def test_pixels_that_can_change_are_read_anew():
    """Change a writable array of pixels between two runs: the second run reads the new pixels."""
    ops.use(KERNEL)
    training = TrainingSpec("sgd", 0.1, batch_size=4)
    trainer = Trainer(Network.create(spec(60, 30, 5), 0), digits(200), Preprocessing(), training)
    run = trainer._plan(5)
    start = run.network.parameters.flat.copy()

    def weights_after(pixels):
        run.network.parameters.flat[:] = start
        train_batches(replace(run, pixels=pixels))
        return run.network.weights[0].tolist()

    frozen, open_ = run.pixels, run.pixels.copy()
    assert weights_after(open_) == weights_after(frozen) != start[: 60 * 30].reshape(60, 30).tolist()
    open_[:] = 0
    assert weights_after(open_) == start[: 60 * 30].reshape(60, 30).tolist()


@pytest.mark.parametrize("backend", [KERNEL, "numpy"])
def test_divergence_is_reported_by_the_step_and_leaves_the_last_finite_network(backend):
    network = spec(60, 30, 5, activation="leaky_relu", output="identity", loss="squared_error")
    training = TrainingSpec("sgd", 1.0, batch_size=4)
    trainer = trained(backend, network, training, digits(400), steps=80)
    assert isinstance(trainer.event, DivergenceEvent)
    assert np.isfinite(trainer.network.parameters.flat).all()
    again = trained(backend, network, training, digits(400), steps=1)
    while not again.diverged:
        again.step(1)
    assert again.diverged == trainer.event
    np.testing.assert_array_equal(again.network.parameters.flat, trainer.network.parameters.flat)


def test_a_loss_that_is_not_finite_stops_the_run():
    ops.use(KERNEL)
    trainer = Trainer(
        Network.create(spec(60, 30, 5), 0), digits(40), Preprocessing(), TrainingSpec(batch_size=4)
    )
    trainer.step(1)
    run = trainer._plan(9)
    run.network.weights[1][0] = np.nan
    losses, correct = train_batches(run)
    assert len(losses) == len(correct) == 1 and np.isnan(losses[0])
    assert run.state.step == 2


@pytest.mark.parametrize("inputs", ["unit", "rashid"])
@pytest.mark.parametrize("count", [1, 30, 700])
def test_measuring_is_the_reference(inputs, count):
    network, data, pre = Network.create(spec(60, 30, 5), 1), digits(count), Preprocessing(inputs)
    results = []
    for backend in (KERNEL, "numpy"):
        ops.use(backend)
        with without_numpy("measure_images"):
            evaluation = evaluate(network, data, pre)
            read = predict_pixels(network, data.pixels[::2], pre)
        results.append([evaluation.outputs, evaluation.loss, read])
    for ours, theirs in zip(*results, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def test_measuring_nothing_gives_nothing():
    ops.use(KERNEL)
    outputs = predict_pixels(Network.create(spec(60, 30, 5), 1), np.empty((0, 60), np.uint8), Preprocessing())
    assert outputs.shape == (0, 5)


def test_float64_is_trained_by_numpy_to_the_bit():
    training, network = TrainingSpec("adam", batch_size=8), spec(60, 30, 5, dtype="float64")
    ours, theirs = (trained(backend, network, training, digits(90)) for backend in (KERNEL, "numpy"))
    np.testing.assert_array_equal(ours.network.parameters.flat, theirs.network.parameters.flat)


def test_an_activation_that_the_kernel_lacks_is_trained_by_numpy(monkeypatch):
    """Train with an activation that the kernel lacks, as after adding one to ``nncore.activations`` alone."""
    monkeypatch.setattr(library, "ACTIVATIONS", library.ACTIVATIONS[:-1])  # without softmax
    training, network = TrainingSpec("adam", batch_size=8), spec(60, 30, 5)
    with pytest.raises(AssertionError, match="leaves train_batches to NumPy"), without_numpy("train_batches"):
        trained(KERNEL, network, training, digits(90))
    ours, theirs = (trained(backend, network, training, digits(90)) for backend in (KERNEL, "numpy"))
    np.testing.assert_allclose(ours.network.parameters.flat, theirs.network.parameters.flat, **TOLERANCE)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"pixels": np.zeros((90, 60))}, TypeError, "pixels is float64; it must be an array of uint8"),
        ({"pixels": np.zeros((90, 61), np.uint8)}, ValueError, "shape of pixels"),
        ({"pixels": np.zeros((90, 120), np.uint8)[:, ::2]}, ValueError, "strides of pixels"),
        ({"labels": np.zeros(89, np.uint8)}, ValueError, "shape of labels"),
        ({"labels": np.full(90, 5, np.uint8)}, ValueError, "label is 5; it must be from 0 to 4"),
        ({"targets": np.zeros((5, 4), np.float32)}, ValueError, "shape of targets"),
        ({"indices": np.full(8, 90)}, ValueError, "image is 90; it must be from 0 to 89"),
        ({"indices": np.full(8, -1)}, ValueError, "image is -1; it must be from 0 to 89"),
        ({"indices": np.arange(9)}, ValueError, "number of rates is 2; it must be 3"),
        ({"batch_size": 0}, ValueError, "batch_size is 0; it must be at least 1"),
    ],
)
def test_a_run_that_would_reach_beyond_its_arrays_is_refused(change, error, message):
    """Refuse a run whose arrays don't fit, so that C never reads beyond them; the weights stay."""
    ops.use(KERNEL)
    trainer = Trainer(
        Network.create(spec(60, 30, 5), 0), digits(90), Preprocessing(), TrainingSpec(batch_size=4)
    )
    trainer.step(1)
    before = trainer.network.parameters.flat.copy()
    with pytest.raises(error, match=message):
        train_batches(replace(trainer._plan(2), **change))
    np.testing.assert_array_equal(trainer.network.parameters.flat, before)


def test_a_kernel_that_cannot_run_here_leaves_the_one_in_use():
    """Choose another platform's kernel: an error is raised, and the kernel in use stays."""
    ops.use(KERNEL)
    for name in {"native", "simd", "relaxed"} - {KERNEL} if KERNEL == "native" else {"native"}:
        with pytest.raises(OSError, match="browser"):
            ops.use(name)
    assert ops.current() == KERNEL
    with pytest.raises(ValueError, match="legal: numpy, native, simd, relaxed"):
        ops.use("gpu")
