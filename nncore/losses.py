"""Loss functions measure how wrong the outputs are, as one number an image, and give the slope to descend.

A loss has two results. ``value`` is the loss of every image of a batch. ``delta`` is its slope with respect
to the last layer's *logits* (the weighted sums before the activation), from which the backward pass starts.

Squared errors are functions of the outputs and reach the logits through the output activation's
vector-Jacobian product, so they fit any output. Each cross-entropy belongs to one activation and is computed
from the logits, where the activation's slope cancels: the delta is outputs minus targets, and no precision is
lost where outputs round to 0 or 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.activations import ACTIVATIONS, Activation
from nncore.ops import operation

Evaluated = tuple[np.ndarray, np.ndarray]
"""The loss of every image, ``(n,)``, and its slope by the logits, ``(n, n_out)``."""


@dataclass(frozen=True)
class Loss:
    """One loss function. Logits, outputs and targets have the shape ``(n, n_out)``.

    Attributes:
        name: key in ``LOSSES``.
        label: its name on the page.
        evaluate: ``(logits, outputs, targets, activation) -> (value, delta)``: the loss of every image
            ``(n,)`` and its slope by that image's logits ``(n, n_out)``, not yet averaged over the batch.
        outputs: names of the output activations that it fits.
    """

    name: str
    label: str
    evaluate: Callable[[np.ndarray, np.ndarray, np.ndarray, Activation], Evaluated]
    outputs: tuple[str, ...] = tuple(ACTIVATIONS)

    def value(
        self, logits: np.ndarray, outputs: np.ndarray, targets: np.ndarray, activation: Activation
    ) -> np.ndarray:
        """Return the loss of every image, ``(n,)``."""
        return self.evaluate(logits, outputs, targets, activation)[0]

    def delta(
        self, logits: np.ndarray, outputs: np.ndarray, targets: np.ndarray, activation: Activation
    ) -> np.ndarray:
        """Return the slope of every image's loss by its logits, ``(n, n_out)``."""
        return self.evaluate(logits, outputs, targets, activation)[1]


def _half_squared_error(
    logits: np.ndarray, outputs: np.ndarray, targets: np.ndarray, activation: Activation
) -> Evaluated:
    """Return half the sum of squared errors, and its slope."""
    error = outputs - targets
    return (error * error).sum(axis=-1) / 2, activation.vjp(error, logits, outputs)


def _squared_error(
    logits: np.ndarray, outputs: np.ndarray, targets: np.ndarray, activation: Activation
) -> Evaluated:
    """Return the sum of squared errors, and its slope."""
    error = outputs - targets
    return (error * error).sum(axis=-1), activation.vjp(2 * error, logits, outputs)


@operation
def softmax_cross_entropy(
    logits: np.ndarray, outputs: np.ndarray, targets: np.ndarray, activation: Activation
) -> Evaluated:
    """Return -sum t log softmax(z) and its slope, computed from the logits.

    With log softmax(z) = z - logsumexp(z) there is no logarithm of an output that was rounded to 0. The
    targets of an image need not sum to 1 (0.01/0.99 sum to 1.08), hence the factor in the delta: a sum(t) -
    t.
    """
    top = logits.max(axis=-1, keepdims=True)
    shifted = logits - top
    log_sum = np.log(np.exp(shifted).sum(axis=-1))
    total = targets.sum(axis=-1)
    value = total * log_sum - (targets * shifted).sum(axis=-1)
    return value, outputs * total[..., None] - targets


def _binary_cross_entropy(
    logits: np.ndarray, outputs: np.ndarray, targets: np.ndarray, activation: Activation
) -> Evaluated:
    """Return -sum (t log a + (1 - t) log(1 - a)) for sigmoid outputs, and its slope."""
    # With a = sigmoid(z) the loss is log(1 + e^z) - t z, here in a form whose exponential cannot overflow.
    value = np.maximum(logits, 0) - targets * logits + np.log1p(np.exp(-np.abs(logits)))
    return value.sum(axis=-1), outputs - targets


LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        Loss("half_squared_error", "Half squared error", _half_squared_error),
        Loss("squared_error", "Squared error", _squared_error),
        Loss(
            "softmax_cross_entropy",
            "Softmax cross-entropy",
            softmax_cross_entropy,
            ("softmax",),
        ),
        Loss(
            "binary_cross_entropy",
            "Binary cross-entropy",
            _binary_cross_entropy,
            ("sigmoid",),
        ),
    )
}
"""Name -> loss."""
