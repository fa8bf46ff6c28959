"""Test the diagnosis: failed runs are found, healthy ones are not called failed, and the advice helps."""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import replace
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore import kernels
from nncore.cli import main
from nncore.datasets import Dataset
from nncore.datasets.digits8x8 import load_digits8x8
from nncore.datasets.idx import write_idx
from nncore.datasets.sources import load_data
from nncore.diagnosis import Diagnosis, diagnose, diverged, guessing, look, sample_of
from nncore.divergence import readable
from nncore.events import DivergenceEvent
from nncore.loss_watch import LossWatch
from nncore.losses import LOSSES
from nncore.metrics import evaluate
from nncore.network import Network
from nncore.network_spec import NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.presets import PRESETS, VARIANTS, Preset
from nncore.remedy import find_remedy, finished
from nncore.training import Trainer
from tests.nncore.made_up import write_like_mnist

ALL = PRESETS | VARIANTS
FAST = PRESETS["fast"]
TEN = np.full(10, 7)


@pytest.fixture(autouse=True)
def fast() -> None:
    """Train with the fastest kernel, because this file trains many networks."""
    kernels.use_fastest()


@pytest.fixture(scope="module")
def digits() -> Dataset:
    """Enlarge the 8 x 8 digits to MNIST's size: real digits, hard enough for a network to fail with them."""
    small, _ = load_digits8x8()
    large = np.kron(small.images, np.ones((3, 3), np.uint8)) * 15
    images = np.pad(large, ((0, 0), (2, 2), (2, 2)))
    return Dataset("large digits", images.reshape(len(small), 784), small.labels)


def mnist_or(digits: Dataset, preset: Preset) -> Dataset:
    """Return a preset's training digits: the 8 x 8 ones, or MNIST if ``MNIST_DIR`` is set, or ``digits``."""
    if preset.dataset == "digits8x8":
        return load_digits8x8()[0]
    if folder := os.environ.get("MNIST_DIR"):
        train = load_data(folder).train
        assert train is not None
        return train.take(slice(0, 20_000))
    return digits


def run(
    preset: Preset, data: Dataset, samples: int, at_once: int = 500, **changes: Any
) -> tuple[list[Diagnosis], Trainer]:
    """Train on ``samples`` images, diagnose after every ``at_once``; return diagnoses and trainer."""
    training = replace(preset.training, distortion=None, **changes)
    trainer = Trainer(Network.create(preset.network, 0), data, preset.preprocessing, training)
    watch, sample, found = LossWatch(len(data)), sample_of(data), []
    guess = guessing(preset.network, preset.preprocessing, data.class_counts)
    while trainer.samples < samples:
        event = trainer.step(max(1, at_once // (training.batch_size or len(data))))
        if isinstance(event, DivergenceEvent):
            return [*found, diverged(event)], trainer
        watch.note(event)
        if one := diagnose(trainer.network, sample, preset.preprocessing, trainer.spec, watch, guess):
            found.append(one)
    return found, trainer


# --- guessing


@pytest.mark.parametrize(
    ("output", "loss", "expected"),
    [
        ("softmax", "softmax_cross_entropy", log(10)),
        ("sigmoid", "binary_cross_entropy", -log(0.1) - 9 * log(0.9)),
        ("sigmoid", "squared_error", 0.9),  # 0.9^2 + 9 * 0.1^2
        ("softmax", "half_squared_error", 0.45),
        ("identity", "squared_error", 0.9),
    ],
)
def test_guessing_costs_what_it_does_by_hand(output: str, loss: str, expected: float) -> None:
    """Compare the loss of guessing among ten equally frequent digits with values worked out by hand."""
    found = guessing(NetworkSpec((4, 10), (output,), loss), Preprocessing(), TEN)
    assert found.loss == pytest.approx(expected) and found.accuracy == pytest.approx(0.1)


def test_guessing_knows_the_targets_and_the_classes() -> None:
    """Work out the loss of guessing by hand for soft targets and for two unequally frequent digits."""
    spec = NetworkSpec((4, 10), ("sigmoid",), "half_squared_error")
    # Targets are 0.01 and 0.99, 0.98 apart, and a tenth of them is 0.99. Their mean is 0.098 above 0.01.
    soft = guessing(spec, Preprocessing(targets="soft"), TEN)
    assert soft.loss == pytest.approx(0.5 * 0.98**2 * (0.9**2 + 9 * 0.1**2))
    two = guessing(NetworkSpec((4, 10), ("softmax",)), Preprocessing(), np.array([3, 1] + [0] * 8))
    assert two.loss == pytest.approx(-0.75 * log(0.75) - 0.25 * log(0.25)) and two.accuracy == 0.75


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("targets", ["one_hot", "soft"])
def test_no_constant_answer_is_better_than_guessing(loss: str, targets: str) -> None:
    """Give random constant answers: none has a lower loss than guessing."""
    output = LOSSES[loss].outputs[0]
    spec, preprocessing = NetworkSpec((4, 10), (output,), loss), Preprocessing(targets=targets)
    network, rng = Network.create(spec, 0), np.random.default_rng(0)
    table = preprocessing.target_table(10, "float32")
    for _ in range(50):
        trace = network.forward(np.tile(rng.normal(0, 3, 4).astype("float32"), (10, 1)))
        losses = network.losses(trace, table)
        assert losses.mean() >= guessing(spec, preprocessing, TEN).loss - 1e-6


# --- no false alarm


@pytest.mark.parametrize("name", ALL)
def test_no_preset_is_ever_called_failed(name: str, digits: Dataset) -> None:
    preset = ALL[name]
    large = preset.network.parameter_count > 500_000
    found, _ = run(preset, mnist_or(digits, preset), 3000 if large else 12_000)
    assert found == []


@pytest.mark.parametrize("name", ALL)
def test_no_preset_is_called_failed_for_its_first_batches(name: str, digits: Dataset) -> None:
    preset = ALL[name]
    found, _ = run(preset, mnist_or(digits, preset), 1000, at_once=10)
    assert found == []


def test_a_set_of_one_class_is_no_failure_of_the_network(digits: Dataset) -> None:
    """Train on one class alone: the digits are to blame, so there is no diagnosis of the network."""
    assert run(FAST, digits.take(digits.labels == 3), 12_000, learning_rate=1.0)[0] == []


# --- failures


def changed(preset: Preset, **network: Any) -> Preset:
    return replace(preset, network=replace(preset.network, **network))


DEEP = changed(FAST, layers=(784, 10, 10, 10, 10, 10, 10), activations=("sigmoid",) * 5 + ("softmax",))
FAILURES: list[tuple[Preset, dict[str, Any], str, set[str]]] = [
    (FAST, {"learning_rate": 100.0}, "exploded", {"learning_rate"}),
    (FAST, {"learning_rate": 1e6}, "exploded", {"learning_rate"}),
    (FAST, {"learning_rate": 3.0}, "exploded", {"learning_rate"}),
    (FAST, {"learning_rate": 1e30}, "diverged", {"learning_rate"}),
    (PRESETS["rashid"], {"learning_rate": 100.0}, "exploded", {"learning_rate"}),
    (PRESETS["samsel"], {"learning_rate": 100.0}, "high_loss", {"learning_rate"}),
    (PRESETS["emil"], {"learning_rate": 1e-4}, "high_loss", {"learning_rate"}),
    (FAST, {"learning_rate": 1e-7}, "stuck", {"learning_rate"}),
    (FAST, {"l2": 1.0, "optimiser": "sgd", "learning_rate": 0.1}, "vanished", {"l2"}),
    (changed(FAST, initialiser="zeros"), {}, "alike", {"initialiser"}),
    (DEEP, {"optimiser": "sgd", "learning_rate": 0.1}, "one_class", {"activations", "initialiser"}),
]


@pytest.mark.parametrize(("preset", "changes", "cause", "remedy"), FAILURES)
def test_a_failed_run_is_explained_and_the_remedy_works(
    preset: Preset, changes: dict[str, Any], cause: str, remedy: set[str], digits: Dataset
) -> None:
    found, trainer = run(preset, digits, 32_000, **changes)
    assert found and found[-1].cause == cause
    weights = trainer.network.parameters.flat.copy()
    advised = finished(find_remedy(found[-1], trainer.network, digits, preset.preprocessing, trainer.spec))
    assert set(advised.remedy) == remedy and advised.text.endswith(advised.advice)
    assert np.array_equal(trainer.network.parameters.flat, weights), "it is tried on a copy"
    json.dumps(dict(advised.remedy))
    # Trained as advised, the network reads most of the digits.
    spec = preset.network
    if "initialiser" in advised.remedy:
        spec = replace(spec, initialiser=advised.remedy["initialiser"])
    if "activations" in advised.remedy:
        spec = replace(spec, activations=(*advised.remedy["activations"], spec.activations[-1]))
    steps = {k: v for k, v in advised.remedy.items() if k in ("learning_rate", "l2")}
    network = Network.create(spec, 0) if advised.anew else trainer.network
    settings = replace(preset.training, **changes | steps)
    cured = Trainer(network, digits, preset.preprocessing, settings)
    while cured.samples < 25_000:
        cured.step(10)
    assert evaluate(network, digits, preset.preprocessing).accuracy > 0.5


def test_the_sentence_gives_the_loss_and_that_of_guessing(digits: Dataset) -> None:
    found, _ = run(FAST, digits, 4000, learning_rate=100.0)
    assert "guessing alone would give 2.30" in found[-1].sentence
    assert "a learning rate of 100" in found[-1].sentence


def test_a_run_is_explained_within_its_first_thousand_images_if_its_weights_explode(digits: Dataset) -> None:
    assert run(FAST, digits, 1500, at_once=100, learning_rate=1e6)[0]


def test_facts_about_neurons(digits: Dataset) -> None:
    """Look into networks with dead neurons and grown weights: the facts report them."""
    network = Network.create(changed(FAST, layers=(784, 4, 10)).network, 0)
    network.weights[0][:, :3] = 0
    facts = look(network, sample_of(digits), FAST.preprocessing)
    assert facts.silent == (0.75,) and not facts.alike
    network.weights[0][:, 3] = 0
    facts = look(network, sample_of(digits), FAST.preprocessing)
    assert facts.silent == (1.0,) and facts.alike and len(facts.read) == 1
    network.weights[1][:] *= 20
    assert look(network, sample_of(digits), FAST.preprocessing).grown[1] == pytest.approx(20, rel=0.2)


def test_without_a_remedy_there_is_no_advice(digits: Dataset) -> None:
    """Diagnose a network that has no remedy: the text gives no advice."""
    dead = changed(FAST, layers=(784, 1, 10))
    network = Network.create(dead.network, 0)
    diagnosis = Diagnosis("silent", "It is silent.")
    advised = finished(find_remedy(diagnosis, network, digits, FAST.preprocessing, FAST.training))
    assert advised.advice == "" and advised.text == "It is silent."


def test_rates_are_written_for_people() -> None:
    """Write learning rates as people read them."""
    assert [readable(rate) for rate in (0.003, 100.0, 1e6, 5.07487e29)] == [
        "0.003",
        "100",
        "1,000,000",
        "5.1e29",
    ]


# --- the command line


def cli(capsys: Any, *arguments: Any) -> tuple[int, str]:
    capsys.readouterr()
    code = main([str(argument) for argument in ("train", *arguments)])
    return code, capsys.readouterr().err


def test_the_command_line_says_it_with_a_code_of_its_own(
    capsys: Any, tmp_path: Path, digits: Dataset
) -> None:
    """Fail on the command line: one warning with a remedy, and exit code 4, or 3 for divergence."""
    for part in ("train", "t10k"):
        for name, array in (("images-idx3", digits.images), ("labels-idx1", digits.labels)):
            (tmp_path / f"{part}-{name}-ubyte.gz").write_bytes(gzip.compress(write_idx(array)))
    common = ("--data", tmp_path, "--epochs", 3)
    for rate in (3, 100, 1e6):
        code, said = cli(capsys, *common, "--learning-rate", rate)
        assert code == 4 and "the network learned nothing: " in said
        assert said.count("warning: ") == 1, "it is said as soon as it is known, and once"
        assert "Begin again with a learning rate of 0.0" in said
    code, said = cli(capsys, *common, "--learning-rate", 1e30)
    assert code == 3 and "Begin again with a learning rate of 0.0" in said and "below" not in said
    code, said = cli(capsys, *common)
    assert code == 0 and "warning" not in said
    assert said.startswith("note: 1,257 of the 1,257 test digits are training digits too")


def test_a_healthy_run_of_a_few_steps_ends_with_code_0(capsys: Any, tmp_path: Path) -> None:
    write_like_mnist(tmp_path, 60, 20)
    for preset in ("emil", "samsel", "rashid"):
        assert cli(capsys, "--data", tmp_path, "--epochs", 1, "--preset", preset)[0] == 0
