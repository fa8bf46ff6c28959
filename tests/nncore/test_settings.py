"""Test that settings are checked when they are made; an error names the value given and the legal ones."""

from dataclasses import FrozenInstanceError, asdict

import numpy as np
import pytest

from nncore.distort import Distortion
from nncore.initialisers import INITIALISERS
from nncore.network import Network, NetworkSpec
from nncore.optimisers import OPTIMISERS, Adam
from nncore.preprocessing import Preprocessing
from nncore.presets import DataPlan
from nncore.training import TrainingSpec


@pytest.mark.parametrize(
    ("make", "settings", "message"),
    [
        (NetworkSpec, {"layers": (784,)}, "784.*inputs and outputs"),
        (NetworkSpec, {"layers": (784, 0, 10)}, "0.*one neuron"),
        (NetworkSpec, {"activations": ("relu",)}, "relu.*2 layers"),
        (NetworkSpec, {"activations": ("rellu", "softmax")}, "'rellu'.*sigmoid.*relu"),
        (NetworkSpec, {"activations": ("softmax", "softmax")}, "hidden.*softmax"),
        (NetworkSpec, {"loss": "absolute"}, "'absolute'.*squared_error"),
        (NetworkSpec, {"activations": ("relu", "tanh")}, "softmax_cross_entropy 'tanh'.*legal: softmax"),
        (NetworkSpec, {"loss": "binary_cross_entropy"}, "binary_cross_entropy 'softmax'.*legal: sigmoid"),
        (NetworkSpec, {"initialiser": "xavier"}, "'xavier'.*glorot_normal"),
        (NetworkSpec, {"bias_initialiser": "xavier"}, "'xavier'.*zeros"),
        (NetworkSpec, {"dtype": "float16"}, "'float16'.*float32, float64"),
        (NetworkSpec, {"initial_sd": -1.0}, "-1.0.*at least 0"),
        (NetworkSpec, {"initial_low": 2.0}, "2.0.*at most 0.5"),
        (Preprocessing, {"inputs": "grey"}, "'grey'.*unit, rashid, binary, divide"),
        (Preprocessing, {"targets": "hard"}, "'hard'.*one_hot, soft"),
        (Preprocessing, {"divisor": 0.0}, "0.0.*above 0"),
        (Preprocessing, {"max_value": 256}, "256.*1 to 255"),
        (TrainingSpec, {"optimiser": "adamw"}, "'adamw'.*sgd.*adam"),
        (TrainingSpec, {"schedule": "steps"}, "'steps'.*step"),
        (TrainingSpec, {"order": "random"}, "'random'.*shuffle, file, sample"),
        (TrainingSpec, {"rule": "hebb"}, "'hebb'.*gradient, rashid"),
        (TrainingSpec, {"learning_rate": -0.1}, "-0.1.*at least 0"),
        (TrainingSpec, {"learning_rate": float("nan")}, "nan.*at least 0"),
        (TrainingSpec, {"batch_size": -1}, "-1.*at least 1"),
        (TrainingSpec, {"epochs": -1}, "-1.*at least 0"),
        (TrainingSpec, {"l2": -1e-3}, "-0.001.*at least 0"),
        (TrainingSpec, {"warmup": 1.0}, "1.0.*below 1"),
        (TrainingSpec, {"optimiser": "momentum", "momentum": 1.0}, "momentum.*1.0.*below 1"),
        (TrainingSpec, {"beta2": 1.5}, "beta2 of adam.*1.5.*below 1"),
        (TrainingSpec, {"order": "sample", "draws": 0}, "0.*at least 1"),
        (DataPlan, {"dataset": "fashion"}, "'fashion'.*mnist, digits8x8"),
        (DataPlan, {"validation": 5}, "0.*given"),
        (DataPlan, {"pooled": True, "train": 5}, "drawn from one pot"),
    ],
)
def test_bad_settings_are_refused(make, settings, message):
    with pytest.raises(ValueError, match=message):
        make(**settings)


def test_settings_do_not_change():
    for settings in (NetworkSpec(), TrainingSpec(), Preprocessing(), Adam()):
        name = next(iter(settings.__dataclass_fields__))
        with pytest.raises(FrozenInstanceError):
            setattr(settings, name, getattr(settings, name))


def test_lists_and_dicts_from_json_become_what_they_were():
    """Make settings from JSON's lists and dicts: they equal the settings that were written."""
    spec = NetworkSpec([784, 30, 10], ["relu", "softmax"])
    assert spec == NetworkSpec((784, 30, 10))
    assert hash(spec) == hash(NetworkSpec((784, 30, 10)))
    training = TrainingSpec(distortion=Distortion(rotation=5.0))
    assert TrainingSpec(**asdict(training)) == training


def test_an_optimiser_gets_its_own_constants():
    training = TrainingSpec(optimiser="adam", beta1=0.8, epsilon=1e-6, momentum=0.3)
    assert training.make_optimiser() == OPTIMISERS["adam"](beta1=0.8, beta2=0.999, epsilon=1e-6)


@pytest.mark.parametrize(
    ("layers", "biases", "count"),
    [
        ((784, 16, 16, 10), True, 13002),
        ((784, 200, 10), False, 158800),
        ((64, 10, 10), True, 760),
    ],
)
def test_parameters_are_counted(layers, biases, count):
    activations = ("sigmoid",) * (len(layers) - 1)
    spec = NetworkSpec(layers, activations, "squared_error", biases=biases)
    assert spec.parameter_count == count == len(Network.create(spec).parameters.flat)


@pytest.mark.parametrize(
    ("name", "sd"),
    [
        ("rashid", 300**-0.5),
        ("normal", 0.1),
        ("glorot_normal", (2 / 500) ** 0.5),
        # A uniform distribution from -r to r has the standard deviation r / sqrt(3).
        ("glorot_uniform", (2 / 500) ** 0.5),
        ("he", (2 / 300) ** 0.5),
        ("uniform", 1 / 12**0.5),
        ("zeros", 0.0),
    ],
)
def test_initialisers_have_the_spread_that_they_say(name, sd):
    spec = NetworkSpec((300, 200), ("identity",), "squared_error", name)
    weights = Network.create(spec, 1).weights[0]
    assert INITIALISERS[name].name == name
    assert abs(weights.mean()) < 0.01 * max(sd, 1e-9) + 1e-3
    assert weights.std() == pytest.approx(sd, rel=0.01)


def test_uniform_keeps_to_its_interval():
    spec = NetworkSpec(
        (30, 20), ("identity",), "squared_error", "uniform", "uniform", initial_low=0, initial_high=1
    )
    flat = Network.create(spec, 1).parameters.flat
    assert 0 <= flat.min() < 0.02
    assert 0.98 < flat.max() < 1


def test_arrays_of_another_shape_make_no_network():
    spec = NetworkSpec((3, 2), ("identity",), "squared_error")
    with pytest.raises(ValueError, match=r"\(2, 3\).*\(3, 2\)"):
        Network.from_arrays(spec, [np.zeros((2, 3))], [np.zeros(2)])
    with pytest.raises(ValueError, match=r"biases.*\(2,\)"):
        Network.from_arrays(spec, [np.zeros((3, 2))])


def test_pixels_that_were_scaled_already_are_refused():
    with pytest.raises(ValueError, match="float32.*uint8"):
        Preprocessing().encode(np.zeros((2, 4), np.float32))


@pytest.mark.parametrize(
    ("settings", "pixels", "expected"),
    [
        ({"inputs": "unit"}, [0, 51, 255], [0, 0.2, 1]),
        ({"inputs": "rashid"}, [0, 51, 255], [0.01, 0.208, 1.0]),
        ({"inputs": "binary"}, [0, 1, 255], [0, 1, 1]),
        ({"inputs": "divide", "divisor": 128.0, "max_value": 16}, [0, 8, 16], [0, 0.0625, 0.125]),
        ({"inputs": "unit", "max_value": 16}, [0, 4, 16], [0, 0.25, 1]),
    ],
)
def test_inputs_are_what_their_formula_says(settings, pixels, expected):
    preprocessing = Preprocessing(**settings)
    encoded = preprocessing.encode(np.array([pixels], np.uint8), "float64")[0]
    np.testing.assert_allclose(encoded, expected)
    assert preprocessing.input_range == pytest.approx((expected[0], expected[-1]))
