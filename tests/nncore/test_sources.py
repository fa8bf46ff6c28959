"""Compare each of five presets with its source, which is transcribed into plain Python in ``sources/``.

From equal initial weights, the preset's first steps must give the same numbers to 1e-10 in float64. The two
share no code: the core computes with matrices and exact Jacobians, a transcription with loops and formulas.
"""

from dataclasses import replace

import numpy as np
import pytest

from nncore.backquery import backquery
from nncore.datasets import Dataset
from nncore.datasets.digits8x8 import load_digits8x8
from nncore.network import Network
from nncore.presets import PRESETS
from nncore.sampling import epoch_indices
from nncore.training import Trainer
from tests.nncore.sources import classic_feedforward, digits_from_scratch, emil, rashid, samsel


def beginning(name, count):
    """Return a preset's trainer in float64, and its first ``count`` images and labels as lists, in order."""
    preset = PRESETS[name]
    if preset.dataset == "digits8x8":
        data = load_digits8x8()[0]
    else:
        rng = np.random.default_rng(5)
        # A fifth of the pixels have ink, as in MNIST.
        pixels = rng.integers(0, 256, (count, 784)) * (rng.random((count, 784)) < 0.2)
        data = Dataset("made up", pixels.astype(np.uint8), rng.integers(0, 10, count, dtype=np.uint8))
    network = Network.create(replace(preset.network, dtype="float64"), seed=3)
    trainer = Trainer(network, data, preset.preprocessing, preset.training)
    order = epoch_indices(preset.training.order, preset.training.seed, 0, len(data), preset.training)[:count]
    return trainer, data.pixels[order].tolist(), data.labels[order].tolist()


def check(network, weights, biases=()):
    for ours, theirs in zip([*network.weights, *network.biases], [*weights, *biases], strict=True):
        np.testing.assert_allclose(ours, np.array(theirs), rtol=0, atol=1e-10)


def test_rashid():
    trainer, images, labels = beginning("rashid", 6)
    wih, who = (w.T.tolist() for w in trainer.network.weights)
    for image, label in zip(images, labels, strict=True):
        rashid.train(wih, who, image, label, rate=0.1)
    trainer.step(6)
    check(trainer.network, [np.transpose(wih), np.transpose(who)])


def test_rashid_backquery():
    trainer, _, _ = beginning("rashid", 6)
    wih, who = (w.T.tolist() for w in trainer.network.weights)
    for digit in (0, 7):
        ours = backquery(trainer.network, digit, "logit", trainer.preprocessing)
        np.testing.assert_allclose(ours.image, rashid.backquery(wih, who, digit), rtol=0, atol=1e-10)


def test_classic_feedforward():
    trainer, images, labels = beginning("classic-feedforward", 20)
    weights = [w.tolist() for w in trainer.network.weights]
    biases = [b.tolist() for b in trainer.network.biases]
    for image, label in zip(images, labels, strict=True):
        classic_feedforward.train(weights[0], biases[0], weights[1], biases[1], image, label, rate=0.05)
    trainer.step(20)
    check(trainer.network, weights, biases)


def test_digits_from_scratch():
    trainer, images, labels = beginning("digits-from-scratch", 120)
    weights = [w.T.tolist() for w in trainer.network.weights]
    biases = [b.tolist() for b in trainer.network.biases]
    for image, label in zip(images, labels, strict=True):
        digits_from_scratch.train(weights[0], biases[0], weights[1], biases[1], image, label, rate=1.0)
    trainer.step(120)
    check(trainer.network, [np.transpose(w) for w in weights], biases)


def test_samsel():
    trainer, images, labels = beginning("samsel", 20)
    weights = [w.tolist() for w in trainer.network.weights]
    biases = [b.tolist() for b in trainer.network.biases]
    for image, label in zip(images, labels, strict=True):
        samsel.train(weights, biases, image, label, rate=3.0)
    trainer.step(20)
    check(trainer.network, weights, biases)


@pytest.mark.parametrize("layers", [(784, 30, 10), (784, 12, 9, 10)])
def test_samsel_imagine(layers):
    spec = replace(PRESETS["samsel"].network, layers=layers, activations=("sigmoid",) * (len(layers) - 1))
    network = Network.create(replace(spec, dtype="float64"), seed=1)
    ours = backquery(network, 4, "transpose", PRESETS["samsel"].preprocessing)
    theirs = samsel.imagine([w.tolist() for w in network.weights], 4)
    np.testing.assert_allclose(ours.image, theirs, rtol=0, atol=1e-10)


def test_emil():
    trainer, images, labels = beginning("emil", 200)
    weights = [w.T.tolist() for w in trainer.network.weights]
    biases = [b.tolist() for b in trainer.network.biases]
    for start in (0, 100):
        batch = slice(start, start + 100)
        cost = emil.train(weights, biases, images[batch], labels[batch], rate=1.0)
        assert trainer.step().loss == pytest.approx(cost, abs=1e-10)
    check(trainer.network, [np.transpose(w) for w in weights], biases)
