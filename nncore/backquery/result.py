"""The result of a back-query, and the description of a method; all methods share them."""

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
    """An image made by a back-query, with the network's own reading of it.

    Attributes:
        image: ``(d,)`` in the network's input range and dtype.
        target: the desired outputs, ``(n_out,)``.
        method: name of the method.
        outputs: of the forward pass on ``image``, ``(n_out,)``.
        reads: the class with the largest output.
        confidence: the network's confidence in it, 0 to 1 (``metrics.confidence``).
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
    """One method of back-query.

    Attributes:
        name: key in ``BACKQUERIES``.
        label, blurb: its name and a sentence about it on the page.
        run: ``(network, targets (m, n_out), preprocessing, **options)`` to images ``(m, d)``.
        targets: name in ``TARGETS`` of the target for a class; None for the coding that the network was
            trained with.
    """

    name: str
    label: str
    blurb: str
    run: Callable[..., np.ndarray]
    targets: str | None = None

    def target(self, network: Network, asked: int | np.ndarray, preprocessing: Preprocessing) -> np.ndarray:
        """Return the desired outputs, ``(1, n_out)``, for a class or a vector ``(n_out,)``.

        Raises:
            ValueError: for an unknown class, a vector of another length, or numbers that aren't finite.
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
    """Combine images, targets and the network's ``outputs`` into back-queries."""
    reads, sure = outputs.argmax(axis=1), confidence(outputs)
    return [
        BackQuery(images[i], targets[i], method, outputs[i], int(reads[i]), float(sure[i]))
        for i in range(len(images))
    ]


def rescale(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Stretch every row ``(m, n)`` linearly so that its smallest value is ``low`` and its largest ``high``.

    A constant row cannot be stretched: it becomes the middle, mid-grey. So does a row that is constant but
    for rounding, and one with NaN or infinity, as from a network about to diverge.
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
