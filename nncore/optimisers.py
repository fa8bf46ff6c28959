"""Optimisers: the rules that turn a gradient into a change of the parameters.

Parameters and gradient are flat vectors (``nncore.parameters``), so each rule reads as in its paper and runs
once for the whole network. An optimiser holds only its constants; its memory from step to step (its *slots*,
vectors as long as the parameters) is an ``OptimiserState``, which the trainer owns. The learning rate is an
argument of every call, so it may change at any moment. Everything happens in place, and **the gradient is
overwritten**: its memory is used for intermediate results.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, fields
from math import sqrt
from typing import Any, ClassVar

import numpy as np

from nncore.checks import require
from nncore.ops import operation


@dataclass
class OptimiserState:
    """An optimiser's memory from one update to the next.

    Attributes:
        step: the number of updates so far.
        slots: vectors ``(parameters,)``.
        carry: values of a faster backend, with a method ``copy``; None if it keeps none.
    """

    step: int = 0
    slots: list[np.ndarray] = field(default_factory=list)
    carry: Any = None

    def copy(self) -> OptimiserState:
        """Return an independent copy."""
        return OptimiserState(
            self.step, [slot.copy() for slot in self.slots], self.carry and self.carry.copy()
        )


@dataclass(frozen=True)
class Optimiser(ABC):
    """The common base of all optimisers.

    The fields of a subclass are its constants, checked to lie in [0, 1).
    """

    name: ClassVar[str]
    label: ClassVar[str]
    slots: ClassVar[int] = 0

    def __post_init__(self) -> None:
        for constant in fields(self):
            value = getattr(self, constant.name)
            require(0 <= value < 1, f"{constant.name} of {self.name}", value, "at least 0 and below 1")

    def new_state(self, parameters: np.ndarray) -> OptimiserState:
        """Return slots of zeros for these parameters."""
        return OptimiserState(0, [np.zeros_like(parameters) for _ in range(self.slots)])

    def update(
        self, parameters: np.ndarray, gradient: np.ndarray, state: OptimiserState, rate: float
    ) -> None:
        """Move ``parameters`` one step downhill, in place; both arrays are ``(parameters,)``.

        The update overwrites ``gradient``.
        """
        state.step += 1
        self._apply(parameters, gradient, state, rate)

    @abstractmethod
    def _apply(
        self, parameters: np.ndarray, gradient: np.ndarray, state: OptimiserState, rate: float
    ) -> None:
        """Apply the rule; ``state.step`` counts this update already."""


@operation
def sgd_update(p: np.ndarray, g: np.ndarray, rate: float) -> None:
    """Take a step of gradient descent: p <- p - rate g."""
    g *= rate
    p -= g


@operation
def momentum_update(p: np.ndarray, g: np.ndarray, velocity: np.ndarray, rate: float, momentum: float) -> None:
    """Take a step with momentum: v <- momentum v + g;  p <- p - rate v."""
    velocity *= momentum
    velocity += g
    np.multiply(velocity, rate, out=g)
    p -= g


@operation
def nesterov_update(p: np.ndarray, g: np.ndarray, velocity: np.ndarray, rate: float, momentum: float) -> None:
    """Take a step with Nesterov's momentum: v <- momentum v + g;  p <- p - rate (g + momentum v)."""
    velocity *= momentum
    velocity += g
    g += momentum * velocity
    g *= rate
    p -= g


@operation
def rmsprop_update(
    p: np.ndarray, g: np.ndarray, square: np.ndarray, rate: float, rho: float, epsilon: float
) -> None:
    """Take a step of RMSprop: s <- rho s + (1 - rho) g^2;  p <- p - rate g / (sqrt(s) + epsilon)."""
    square *= rho
    square += (1 - rho) * (g * g)
    g *= rate
    g /= np.sqrt(square) + epsilon
    p -= g


@operation
def adam_update(
    p: np.ndarray,
    g: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
    step: int,
) -> None:
    """Take a step of Adam: p <- p - rate m' / (sqrt(v') + epsilon).

    Before it m <- beta1 m + (1 - beta1) g and v <- beta2 v + (1 - beta2) g^2; m' = m / (1 - beta1^step) and
    v' = v / (1 - beta2^step), the step counted from 1.
    """
    first *= beta1
    first += (1 - beta1) * g
    second *= beta2
    g *= g
    g *= 1 - beta2
    second += g
    # rate m' / (sqrt(v') + epsilon), with the corrections taken out of the vectors.
    np.sqrt(second, out=g)
    g *= 1 / sqrt(1 - beta2**step)
    g += epsilon
    np.divide(first, g, out=g)
    g *= rate / (1 - beta1**step)
    p -= g


@dataclass(frozen=True)
class SGD(Optimiser):
    """Plain gradient descent."""

    name: ClassVar[str] = "sgd"
    label: ClassVar[str] = "SGD"
    # p <- p - rate g

    def _apply(
        self, parameters: np.ndarray, gradient: np.ndarray, state: OptimiserState, rate: float
    ) -> None:
        sgd_update(parameters, gradient, rate)


@dataclass(frozen=True)
class Momentum(Optimiser):
    """Gradient descent with momentum: past gradients fade over many steps, as in a rolling ball.

    Source: Polyak 1964, in PyTorch's form.
    """

    name: ClassVar[str] = "momentum"
    label: ClassVar[str] = "Momentum"
    # v <- momentum v + g; p <- p - rate v
    slots: ClassVar[int] = 1
    momentum: float = 0.9

    def _apply(
        self, parameters: np.ndarray, gradient: np.ndarray, state: OptimiserState, rate: float
    ) -> None:
        momentum_update(parameters, gradient, state.slots[0], rate, self.momentum)


@dataclass(frozen=True)
class Nesterov(Optimiser):
    """Momentum that looks ahead.

    Source: Sutskever et al., On the importance of initialization and momentum, 2013.
    """

    name: ClassVar[str] = "nesterov"
    label: ClassVar[str] = "Nesterov"
    # v <- momentum v + g; p <- p - rate (g + momentum v)
    slots: ClassVar[int] = 1
    momentum: float = 0.9

    def _apply(
        self, parameters: np.ndarray, gradient: np.ndarray, state: OptimiserState, rate: float
    ) -> None:
        nesterov_update(parameters, gradient, state.slots[0], rate, self.momentum)


@dataclass(frozen=True)
class RMSprop(Optimiser):
    """A step size for each parameter: divided by the recent size of its gradient.

    Source: Hinton, Coursera lecture 6e, 2012.
    """

    name: ClassVar[str] = "rmsprop"
    label: ClassVar[str] = "RMSprop"
    # s <- rho s + (1 - rho) g^2; p <- p - rate g / (sqrt(s) + epsilon)
    slots: ClassVar[int] = 1
    rho: float = 0.99
    epsilon: float = 1e-8

    def _apply(
        self, parameters: np.ndarray, gradient: np.ndarray, state: OptimiserState, rate: float
    ) -> None:
        rmsprop_update(parameters, gradient, state.slots[0], rate, self.rho, self.epsilon)


@dataclass(frozen=True)
class Adam(Optimiser):
    """Momentum and RMSprop together, corrected for starting at zero (Kingma & Ba 2015, algorithm 1)."""

    name: ClassVar[str] = "adam"
    label: ClassVar[str] = "Adam"
    # p <- p - rate m' / (sqrt(v') + epsilon)
    slots: ClassVar[int] = 2
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def _apply(
        self, parameters: np.ndarray, gradient: np.ndarray, state: OptimiserState, rate: float
    ) -> None:
        adam_update(
            parameters, gradient, *state.slots, rate, self.beta1, self.beta2, self.epsilon, step=state.step
        )


OPTIMISERS: dict[str, type[Optimiser]] = {
    kind.name: kind for kind in (SGD, Momentum, Nesterov, RMSprop, Adam)
}
"""Name -> class. The fields of a class are its constants."""
