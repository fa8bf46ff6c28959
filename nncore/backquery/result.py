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
    """One way to run backwards: ``run(network, targets (m, n_out), preprocessing, **options)`` -> images
    ``(m, d)``."""

    name: str
    label: str
    blurb: str
    run: Callable[..., np.ndarray]


def check_target(network: Network, target: int | np.ndarray, preprocessing: Preprocessing) -> np.ndarray:
    """Targets ``(1, n_out)`` from a vector, or from a class, which becomes 0.99 among 0.01."""
    size = network.spec.layers[-1]
    if np.ndim(target) == 0:
        require(0 <= int(target) < size, "class to back-query", target, f"from 0 to {size - 1}")
        soft = TARGETS["soft"]
        vector = np.full(size, soft.off)
        vector[int(target)] = soft.on
    else:
        vector = np.asarray(target, dtype=np.float64)
        require(
            vector.shape == (size,), "shape of the target", vector.shape, f"({size},), one for each output"
        )
        require(bool(np.isfinite(vector).all()), "target", vector.tolist(), "finite numbers")
    return vector[None, :].astype(network.spec.dtype)


def read_back(network: Network, targets: np.ndarray, images: np.ndarray, method: str) -> list[BackQuery]:
    """Send the images forward and put what comes out beside what was asked."""
    outputs = network.predict(images)
    reads, sure = outputs.argmax(axis=1), confidence(outputs)
    return [
        BackQuery(images[i], targets[i], method, outputs[i], int(reads[i]), float(sure[i]))
        for i in range(len(images))
    ]


def rescale(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Stretch every row ``(m, n)`` linearly so that its smallest value is ``low`` and its largest ``high``.

    A constant row has no smallest and largest to stretch: it becomes the middle, mid-grey. So does one that
    holds NaN or infinity, as a network about to diverge gives.
    """
    finite = np.isfinite(values).all(axis=1, keepdims=True)
    values = np.where(finite, values, 0)
    bottom, top = values.min(axis=1, keepdims=True), values.max(axis=1, keepdims=True)
    # Halves, because the distance between two finite floats may not be finite itself.
    width = top / 2 - bottom / 2
    flat = width == 0
    share = np.where(flat, 0.5, (values / 2 - bottom / 2) / np.where(flat, 1, width))
    return (low + (high - low) * share).astype(values.dtype)
