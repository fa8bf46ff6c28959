"""Stores all weights and biases of a network as one vector, and as a matrix and a vector for each layer.

A forward pass needs one matrix a layer; an optimiser, a copy or a test for NaN needs one long vector. Both
are the same memory here: ``flat`` is the vector, ``weights`` and ``biases`` are views into it. Gradients have
the same layout, so the i-th number of a gradient belongs to the i-th number of the network, whatever layer
that is in.
"""

from __future__ import annotations

import numpy as np


class Parameters:
    """Weights ``(n_in, n_out)`` and biases ``(n_out,)`` of every layer, as views of one flat vector.

    Args:
        layers: neurons of each layer, inputs first.
        biases: whether there are biases.
        flat: ``(count,)`` vector to use, laid out W1, b1, W2, b2, ...; zeros of ``dtype`` if None.
        dtype: of the zeros.

    Raises:
        ValueError: if ``flat`` has another length than the layers need.
    """

    def __init__(
        self, layers: tuple[int, ...], biases: bool, flat: np.ndarray | None = None, dtype: str = "float32"
    ) -> None:
        size = count(layers, biases)
        self.layers = layers
        self.flat = np.zeros(size, dtype) if flat is None else flat
        if self.flat.shape != (size,):
            raise ValueError(
                f"layers {layers} need {size} parameters, not an array of shape {self.flat.shape}"
            )
        self.weights: list[np.ndarray] = []
        self.biases: list[np.ndarray] = []
        start = 0
        for n_in, n_out in zip(layers, layers[1:], strict=False):
            self.weights.append(self.flat[start : start + n_in * n_out].reshape(n_in, n_out))
            start += n_in * n_out
            if biases:
                self.biases.append(self.flat[start : start + n_out])
                start += n_out

    def bias(self, layer: int) -> np.ndarray | None:
        """Return the biases of a weight layer, or None in a network without biases."""
        return self.biases[layer] if self.biases else None

    def copy(self) -> Parameters:
        """Return an independent copy."""
        return Parameters(self.layers, bool(self.biases), self.flat.copy())


def count(layers: tuple[int, ...], biases: bool) -> int:
    """Return the number of weights and biases in a network of these layers."""
    return sum((n_in + biases) * n_out for n_in, n_out in zip(layers, layers[1:], strict=False))
