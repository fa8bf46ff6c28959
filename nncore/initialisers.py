"""Initialisers draw the random weights that a network starts from.

If the weights of a layer are too small, nothing of the input arrives at the output; if they are too large,
every sigmoid is saturated. The classical rules tie the spread to ``n_in``, the number of inputs that a neuron
sums up, so that a sum has about the variance of the inputs.

Each is a function ``(rng, shape, n_in, n_out, settings) -> array`` of float64. A network rounds to its own
dtype afterwards, so that float32 and float64 networks with one seed start from the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

import numpy as np


class Settings(Protocol):
    """The settings that initialisers use (``NetworkSpec`` has them)."""

    @property
    def initial_sd(self) -> float: ...
    @property
    def initial_low(self) -> float: ...
    @property
    def initial_high(self) -> float: ...


# In quotes, because NumPy loads np.random when the name is first used, which would slow the import of nncore.
Draw = Callable[["np.random.Generator", tuple[int, ...], int, int, Settings], np.ndarray]


@dataclass(frozen=True)
class Initialiser:
    """One initialiser: ``draw(rng, shape, n_in, n_out, settings)`` returns float64 of that shape."""

    name: str
    label: str
    draw: Draw


def _normal(sd: Callable[[int, int, Settings], float]) -> Draw:
    """Return an initialiser for a normal distribution whose standard deviation ``sd`` computes."""
    return lambda rng, shape, n_in, n_out, s: rng.normal(0.0, sd(n_in, n_out, s), shape)


def _glorot_uniform(
    rng: np.random.Generator, shape: tuple[int, ...], n_in: int, n_out: int, settings: Settings
) -> np.ndarray:
    """Draw uniformly from -limit to limit, with limit = sqrt(6 / (n_in + n_out))."""
    limit = sqrt(6 / (n_in + n_out))
    return rng.uniform(-limit, limit, shape)


def _uniform(
    rng: np.random.Generator, shape: tuple[int, ...], n_in: int, n_out: int, settings: Settings
) -> np.ndarray:
    """Draw uniformly from the interval of the settings."""
    return rng.uniform(settings.initial_low, settings.initial_high, shape)


INITIALISERS: dict[str, Initialiser] = {
    initialiser.name: initialiser
    for initialiser in (
        # Rashid, Make Your Own Neural Network (2016), part 2: pow(n_in, -0.5).
        Initialiser("rashid", "Normal, 1/sqrt(n_in)", _normal(lambda i, o, s: i**-0.5)),
        Initialiser("normal", "Normal, fixed spread", _normal(lambda i, o, s: s.initial_sd)),
        # Glorot & Bengio, Understanding the difficulty of training deep feedforward neural networks (2010),
        # eq. 12, 16.
        Initialiser(
            "glorot_normal",
            "Glorot, normal",
            _normal(lambda i, o, s: sqrt(2 / (i + o))),
        ),
        Initialiser("glorot_uniform", "Glorot, uniform", _glorot_uniform),
        # He et al., Delving deep into rectifiers (2015), eq. 10: half the neurons of a ReLU layer are off.
        Initialiser("he", "He", _normal(lambda i, o, s: sqrt(2 / i))),
        Initialiser("uniform", "Uniform on an interval", _uniform),
        Initialiser("zeros", "Zeros", lambda rng, shape, n_in, n_out, s: np.zeros(shape)),
    )
}
"""Name -> initialiser."""
