"""Activation functions, which turn a neuron's weighted sum into its output.

Each is one object with its function, derivative, inverse and range, so that these cannot drift apart. An
entry in ``ACTIVATIONS`` makes a new one usable everywhere, computed with NumPy. To be fast it also needs a
case in the compiled kernel (``kernels/kernels.c``, ``kernels/library.py``, and the page's own list in
JavaScript), and with it golden values from an independent implementation. CONTRIBUTING.md lists the places.

The derivative is a *vector-Jacobian product*: given ``da``, the slope of the loss with respect to the
outputs, ``vjp`` returns its slope with respect to the weighted sums. For a function that treats each neuron
alone this is a product of two numbers; softmax mixes the neurons of a layer and needs its whole Jacobian. In
this form neither is a special case anywhere else.

All functions work on ``(..., n)`` arrays of floats, keep the dtype, and never overflow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np

LEAK = 0.01
"""The slope of the leaky ReLU below zero."""

_EXP_LIMIT = {np.dtype(np.float32): 88.0, np.dtype(np.float64): 709.0}
"""The largest whole number whose exponential is still finite."""


@dataclass(frozen=True)
class Activation:
    """One activation function.

    Attributes:
        name: key in ``ACTIVATIONS``.
        label: its name on the page.
        forward: ``z -> a``.
        vjp: ``(da, z, a) -> dz`` with ``a = forward(z)``: the slope of the loss by ``z``, given its slope by
            ``a``.
        inverse: ``a -> z``, or None where different ``z`` have the same ``a``.
        image: the lowest and highest value that ``forward`` reaches or approaches.
        low, high: ends of the range from which a back-query takes activations: the image, or, where the image
            is unbounded, the outputs for ``-1 < z < 1``.
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
        """Whether its outputs have a finite limit."""
        return max(map(abs, self.image)) < inf

    @property
    def never_negative(self) -> bool:
        """Whether all outputs are at least 0."""
        return self.image[0] >= 0

    @property
    def keeps_positive(self) -> bool:
        """Whether values of 0 and above are unchanged, tested with a few of them."""
        values = np.array([0.0, 0.25, 1.0, 4.0])
        return bool(np.array_equal(self.forward(values), values))


def _sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + e^-z), computed in one new array."""
    # Below the limit exp(-z) would overflow; there the sigmoid is 0 within rounding.
    a = np.maximum(z, -_EXP_LIMIT[z.dtype])
    np.negative(a, out=a)
    np.exp(a, out=a)
    a += 1
    return np.divide(1, a, out=a)


def _softmax(z: np.ndarray) -> np.ndarray:
    """Return e^z_i / (e^z_1 + ... + e^z_n) along the last axis."""
    # Softmax is unchanged when the same number is added to every logit; with the largest at 0 it cannot
    # overflow.
    a = z - z.max(axis=-1, keepdims=True)
    np.exp(a, out=a)
    a /= a.sum(axis=-1, keepdims=True)
    return a


def _softmax_vjp(da: np.ndarray, z: np.ndarray, a: np.ndarray) -> np.ndarray:
    """Return the slope of the loss by ``z``, given its slope ``da`` by the outputs ``a``."""
    # Jacobian: da_i/dz_j = a_i (1{i=j} - a_j). Multiplied from the left with da, this is
    # a * (da - sum(da * a)).
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
    # Every shift of the logits gives the same outputs; log p is the shift whose exponentials sum to 1.
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
"""Name -> activation. Selectors, command line and tests pick up a new entry; the kernels and the golden
numbers each need one of their own (see the head of this file)."""
