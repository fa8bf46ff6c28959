"""Recipes: all settings needed to make a shipped network again, seeds included.

All of them are trained on MNIST and on generated pen digits in all styles (``nncore.styles``), distorted anew
every time they come. The gate is also trained on drawings that are no digits (``nncore.gate``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.datasets import Dataset
from nncore.distort import Distortion
from nncore.gate import NONE, with_none
from nncore.network import NetworkSpec
from nncore.nondigits import make_non_digits
from nncore.preprocessing import Preprocessing
from nncore.styles import mix
from nncore.training_spec import TrainingSpec

HELD_OUT = 12  # one in 12 training digits is held out: 5,000 of MNIST's


@dataclass(frozen=True)
class Recipe:
    """The settings of a shipped network.

    Attributes:
        name: of its file, and key in ``RECIPES``.
        title: its name on the page.
        network, preprocessing, training: settings; ``training.seed`` is for the weights as well.
        styles: the share of generated digits among its training digits.
        non_digits: the number of drawings that are no digits, for each digit.
        precision: of its file, key of ``storage.PRECISIONS``.
        limit: the largest size of its file in bytes.
    """

    name: str
    title: str
    network: NetworkSpec
    training: TrainingSpec
    styles: float
    limit: int
    non_digits: float = 0.0
    preprocessing: Preprocessing = Preprocessing()
    precision: str = "int8"

    @property
    def is_gate(self) -> bool:
        """Whether it decides if a drawing is a digit, instead of reading it."""
        return self.network.layers[-1] == NONE + 1

    def ingredients(self, digits: Dataset) -> tuple[Dataset, Dataset]:
        """Return the training data, and the digits held out to calibrate the network with."""
        # Drawn at random, to be like the rest: MNIST's file has stretches of easy and of hard writers.
        order = np.random.default_rng(self.training.seed).permutation(len(digits))
        first = len(digits) // HELD_OUT
        held_out, train = digits.take(np.sort(order[:first])), digits.take(np.sort(order[first:]))
        train = mix(train, self.styles, self.training.seed)
        if self.is_gate:
            count = round(len(train) * self.non_digits)
            train = with_none(train, make_non_digits(count, self.training.seed))
        return train, held_out


def _layers(*hidden: int, outputs: int = 10) -> NetworkSpec:
    """Return a network of ReLU layers with softmax outputs."""
    activations = ("relu",) * len(hidden) + ("softmax",)
    return NetworkSpec((784, *hidden, outputs), activations, "softmax_cross_entropy", "he")


def _training(epochs: int, distortion: Distortion, seed: int) -> TrainingSpec:
    """Return the settings of the training."""
    return TrainingSpec(
        optimiser="adam", learning_rate=0.001, schedule="cosine", warmup=0.02, final=0.001, batch_size=100,
        epochs=epochs, distortion=distortion, seed=seed,
    )  # fmt: skip


GENTLE = Distortion(rotation=10, shear=0.15, scale=0.1, shift=1.0)
BENT = Distortion(rotation=10, shear=0.2, scale=0.1, shift=1.0, elastic=20, smoothness=4)

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe("small", "Small", _layers(140, 64), _training(60, GENTLE, seed=1), styles=0.4, limit=250_000),
        Recipe("best", "Best", _layers(1200, 500), _training(75, BENT, seed=2), styles=0.25, limit=1_500_000),
        Recipe(
            "gate", "Gate", _layers(256, outputs=NONE + 1), _training(30, GENTLE, seed=3), styles=0.4,
            non_digits=0.6, limit=250_000,
        ),
    )
}  # fmt: skip
"""Name -> recipe."""
