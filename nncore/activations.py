"""Activation functions: what turns a neuron's weighted sum into its output.

Each is one object that holds what NumPy's arithmetic and the rest of the library need to know of it - the
function, its derivative, its inverse and its range - so that they cannot drift apart. An entry in
``ACTIVATIONS`` makes a new one usable everywhere. To be fast it also needs a case in the compiled kernel
(``kernels/kernels.c``, ``kernels/library.py``, and the page's own list in JavaScript), and with it numbers of
an independent implementation to be tested with; CONTRIBUTING.md lists the places.

The derivative comes as a *vector-Jacobian product*: given ``da``, the loss's slope with respect to the
outputs, ``vjp`` returns its slope with respect to the weighted sums. For functions that treat each neuron
alone that is a product of two numbers; softmax mixes the neurons of a layer and needs its whole Jacobian, and
no special case anywhere else.

All functions work on ``(..., n)`` arrays of floats, keep the dtype, and overflow nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np

LEAK = 0.01
"""Slope of the leaky ReLU below zero."""

_EXP_LIMIT = {np.dtype(np.float32): 88.0, np.dtype(np.float64): 709.0}
"""The largest whole number whose exponential is still finite."""


@dataclass(frozen=True)
class Activation:
    """One activation function.

    Attributes:
        name: key in ``ACTIVATIONS``.
        label: for people.
        forward: ``z -> a``.
        vjp: ``(da, z, a) -> dz`` with ``a = forward(z)``: slope of the loss by ``z``, given its slope by
            ``a``.
        inverse: ``a -> z``, or None where different ``z`` have the same ``a``.
        image: the lowest and highest value that ``forward`` can come to, or approach.
        low, high: ends of the range from which a back-query takes activations: the image, or, where that has
            no end, the outputs for ``-1 < z < 1``.
        output_only: whether it makes sense in the last layer only.
    """

    name: str
    label: str
    forward: Callable[[np.ndarray], np.ndarray]
    vjp: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
    inverse: Callable[[np.ndarray], np.ndarray] | None
    low: float
    high: float
    image: tuple[float, float]
    output_only: bool = False

    @property
    def bounded(self) -> bool:
        """Whether no output can grow beyond all limits."""
        return max(map(abs, self.image)) < inf

    @property
    def never_negative(self) -> bool:
        """Whether no output is below 0."""
        return self.image[0] >= 0

    @property
    def keeps_positive(self) -> bool:
        """Whether values of 0 and above stay as they are, as tried with some."""
        values = np.array([0.0, 0.25, 1.0, 4.0])
        return bool(np.array_equal(self.forward(values), values))


def _sigmoid(z: np.ndarray) -> np.ndarray:
    # Below the limit exp(-z) would overflow; there the sigmoid is 0 to the last bit that matters.
    a = np.maximum(z, -_EXP_LIMIT[z.dtype])
    np.negative(a, out=a)
    np.exp(a, out=a)
    a += 1
    return np.divide(1, a, out=a)


def _softmax(z: np.ndarray) -> np.ndarray:
    # Softmax does not change when every logit moves by the same amount; with the largest at 0 nothing
    # overflows.
    a = z - z.max(axis=-1, keepdims=True)
    np.exp(a, out=a)
    a /= a.sum(axis=-1, keepdims=True)
    return a


def _softmax_vjp(da: np.ndarray, z: np.ndarray, a: np.ndarray) -> np.ndarray:
    # Jacobian: da_i/dz_j = a_i (1{i=j} - a_j). Multiplied from the left with da that is a * (da - sum(da *
    # a)).
    return a * (da - (da * a).sum(axis=-1, keepdims=True))


SIGMOID = Activation(
    name="sigmoid",
    label="Sigmoid",
    # 1 / (1 + e^-z)
    forward=_sigmoid,
    vjp=lambda da, z, a: da * (a * (1 - a)),
    inverse=lambda a: np.log(a / (1 - a)),
    low=0.0,
    high=1.0,
    image=(0.0, 1.0),
)

BIPOLAR_SIGMOID = Activation(
    name="bipolar_sigmoid",
    label="Bipolar sigmoid",
    # 2 / (1 + e^-z) - 1
    forward=lambda z: 2 * _sigmoid(z) - 1,
    vjp=lambda da, z, a: da * ((1 - a * a) / 2),
    inverse=lambda a: np.log((1 + a) / (1 - a)),
    low=-1.0,
    high=1.0,
    image=(-1.0, 1.0),
)

TANH = Activation(
    name="tanh",
    label="Tanh",
    # (e^z - e^-z) / (e^z + e^-z)
    forward=np.tanh,
    vjp=lambda da, z, a: da * (1 - a * a),
    inverse=np.arctanh,
    low=-1.0,
    high=1.0,
    image=(-1.0, 1.0),
)

RELU = Activation(
    name="relu",
    label="ReLU",
    # max(0, z)
    forward=lambda z: np.maximum(z, 0),
    vjp=lambda da, z, a: da * (a > 0),  # slope 0 at 0
    inverse=None,
    low=0.0,
    high=1.0,
    image=(0.0, inf),
)

LEAKY_RELU = Activation(
    name="leaky_relu",
    label="Leaky ReLU",
    # z where z > 0, else LEAK z
    forward=lambda z: np.where(z > 0, z, LEAK * z),
    vjp=lambda da, z, a: np.where(z > 0, da, LEAK * da),
    inverse=lambda a: np.where(a > 0, a, a / LEAK),
    low=-LEAK,
    high=1.0,
    image=(-inf, inf),
)

ELU = Activation(
    name="elu",
    label="ELU",
    # z where z > 0, else e^z - 1
    forward=lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    vjp=lambda da, z, a: da * np.where(z > 0, 1, a + 1),  # e^z = a + 1
    inverse=lambda a: np.where(a > 0, a, np.log1p(np.minimum(a, 0))),
    low=float(np.expm1(-1.0)),
    high=1.0,
    image=(-1.0, inf),
)

IDENTITY = Activation(
    name="identity",
    label="Identity",
    # z
    forward=lambda z: z,
    vjp=lambda da, z, a: da,
    inverse=lambda a: a,
    low=-1.0,
    high=1.0,
    image=(-inf, inf),
)

SOFTMAX = Activation(
    name="softmax",
    label="Softmax",
    # e^z_i / (e^z_1 + ... + e^z_n)
    forward=_softmax,
    vjp=_softmax_vjp,
    # Every shift of the logits gives the same outputs; the one taken is log p, whose exponentials already sum
    # to 1.
    inverse=np.log,
    low=0.0,
    high=1.0,
    image=(0.0, 1.0),
    output_only=True,
)

ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (SIGMOID, BIPOLAR_SIGMOID, TANH, RELU, LEAKY_RELU, ELU, IDENTITY, SOFTMAX)
}
"""Name -> activation. A new one is one more entry; selectors, command line and tests pick it up."""
