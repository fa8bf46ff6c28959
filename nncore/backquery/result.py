"""What every back-query takes and gives, whatever its method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.checks import require
from nncore.metrics import confidence
from nncore.network import Network
from nncore.preprocessing import TARGETS, Preprocessing


@dataclass(frozen=True, eq=False)
class BackQuery:
    """An image that a network was asked for, and what it reads in it.

    Attributes:
        image: ``(d,)`` in the network's input range and dtype.
        target: the outputs asked for, ``(n_out,)``.
        method: name of the method.
        outputs: of the forward pass on ``image``, ``(n_out,)``.
        reads: the class with the largest output.
        confidence: how sure the network is of that, 0 to 1 (``metrics.confidence``).
    """

    image: np.ndarray
    target: np.ndarray
    method: str
    outputs: np.ndarray
    reads: int
    confidence: float

    @property
    def asked(self) -> int:
        """The class with the largest target."""
        return int(self.target.argmax())


@dataclass(frozen=True)
class Method:
    """One way to run backwards.

    Attributes:
        name: key in ``BACKQUERIES``.
        label, blurb: for people.
        run: ``(network, targets (m, n_out), preprocessing, **options)`` to images ``(m, d)``.
        targets: name in ``TARGETS`` of what a class stands for; None for what the network was trained on.
    """

    name: str
    label: str
    blurb: str
    run: Callable[..., np.ndarray]
    targets: str | None = None

    def target(self, network: Network, asked: int | np.ndarray, preprocessing: Preprocessing) -> np.ndarray:
        """What to ask the outputs for, ``(1, n_out)``, from a class or a vector ``(n_out,)``.

        Raises:
            ValueError: for a class that there isn't, a vector of another length, numbers that aren't finite.
        """
        size = network.spec.layers[-1]
        if np.ndim(asked) == 0:
            require(0 <= int(asked) < size, "class to back-query", asked, f"from 0 to {size - 1}")
            coding = TARGETS[self.targets or preprocessing.targets]
            vector = np.full(size, coding.off)
            vector[int(asked)] = coding.on
        else:
            vector = np.asarray(asked, dtype=np.float64)
            legal = f"({size},), one for each output"
            require(vector.shape == (size,), "shape of the target", vector.shape, legal)
            require(bool(np.isfinite(vector).all()), "target", vector.tolist(), "finite numbers")
        return vector[None, :].astype(network.spec.dtype)


def results(images: np.ndarray, targets: np.ndarray, outputs: np.ndarray, method: str) -> list[BackQuery]:
    """Put what the network makes of the images, ``outputs``, beside what was asked."""
    reads, sure = outputs.argmax(axis=1), confidence(outputs)
    return [
        BackQuery(images[i], targets[i], method, outputs[i], int(reads[i]), float(sure[i]))
        for i in range(len(images))
    ]


def rescale(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Stretch every row ``(m, n)`` linearly so that its smallest value is ``low`` and its largest ``high``.

    A constant row has no smallest and largest to stretch: it becomes the middle, mid-grey. So does one that
    is constant but for rounding, and one that holds NaN or infinity, as a network about to diverge gives.
    """
    finite = np.isfinite(values).all(axis=1, keepdims=True)
    values = np.where(finite, values, 0)
    bottom, top = values.min(axis=1, keepdims=True), values.max(axis=1, keepdims=True)
    # Halves, because the distance between two finite floats may not be finite itself.
    width = top / 2 - bottom / 2
    rounding = 16 * np.finfo(values.dtype).eps * np.maximum(abs(bottom), abs(top))
    flat = width <= rounding
    share = np.where(flat, 0.5, (values / 2 - bottom / 2) / np.where(flat, 1, width))
    return (low + (high - low) * share).astype(values.dtype)
