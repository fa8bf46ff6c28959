"""Recipes: all that it takes to make a shipped network again, seeds included.

All of them learn from MNIST and from generated pen digits in all styles (``nncore.styles``), distorted anew
every time they come. The gate learns from drawings that are no digits as well (``nncore.gate``).
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

HELD_OUT = 12  # one of so many training digits is kept apart: 5,000 of MNIST's


@dataclass(frozen=True)
class Recipe:
    """How to make one of the shipped networks.

    Attributes:
        name: of its file, and key in ``RECIPES``.
        title: for people.
        network, preprocessing, training: settings; ``training.seed`` is for the weights as well.
        styles: share of generated digits among the digits that it is trained on.
        non_digits: how many drawings that are none for each digit.
        precision: of its file, key of ``storage.PRECISIONS``.
        limit: bytes that its file may have.
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
        """Whether it tells what is a digit, rather than which."""
        return self.network.layers[-1] == NONE + 1

    def ingredients(self, digits: Dataset) -> tuple[Dataset, Dataset]:
        """What it is trained on, and the digits of ``digits`` that are kept apart, to calibrate it with."""
        # At random, so that they are like the rest: MNIST's file has stretches of easy and of hard writers.
        order = np.random.default_rng(self.training.seed).permutation(len(digits))
        first = len(digits) // HELD_OUT
        held_out, train = digits.take(np.sort(order[:first])), digits.take(np.sort(order[first:]))
        train = mix(train, self.styles, self.training.seed)
        if self.is_gate:
            count = round(len(train) * self.non_digits)
            train = with_none(train, make_non_digits(count, self.training.seed))
        return train, held_out


def _layers(*hidden: int, outputs: int = 10) -> NetworkSpec:
    activations = ("relu",) * len(hidden) + ("softmax",)
    return NetworkSpec((784, *hidden, outputs), activations, "softmax_cross_entropy", "he")


def _training(epochs: int, distortion: Distortion, seed: int) -> TrainingSpec:
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
