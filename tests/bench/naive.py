"""Trains by the same rules in plain NumPy, written as in the book and the tutorials: correct, and not slowed
down on purpose. A page without kernels would run this.
"""

from __future__ import annotations

import numpy as np


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


class MiniBatches:
    """A network with sigmoid, softmax, cross-entropy and gradient descent: x ``(n, inputs)`` from 0 to 1, y
    ``(n, 10)``."""

    def __init__(self, w1: np.ndarray, b1: np.ndarray, w2: np.ndarray, b2: np.ndarray, rate: float) -> None:
        self.w1, self.b1, self.w2, self.b2, self.rate = w1, b1, w2, b2, rate

    def train(self, x: np.ndarray, y: np.ndarray) -> float:
        hidden = sigmoid(x @ self.w1 + self.b1)
        z = hidden @ self.w2 + self.b2
        e = np.exp(z - z.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        loss = -np.log((p * y).sum(axis=1)).mean()
        delta2 = (p - y) / len(x)
        delta1 = (delta2 @ self.w2.T) * hidden * (1 - hidden)
        self.w2 -= self.rate * (hidden.T @ delta2)
        self.b2 -= self.rate * delta2.sum(axis=0)
        self.w1 -= self.rate * (x.T @ delta1)
        self.b1 -= self.rate * delta1.sum(axis=0)
        return float(loss)


class Book:
    """The network of *Make Your Own Neural Network*: columns, one image at a time, no biases, the book's
    rule. Weights are stored transposed, as in the book."""

    def __init__(self, wih: np.ndarray, who: np.ndarray, rate: float) -> None:
        self.wih, self.who, self.lr = wih, who, rate

    def train(self, inputs_list: np.ndarray, targets_list: np.ndarray) -> float:
        inputs = np.array(inputs_list, ndmin=2).T
        targets = np.array(targets_list, ndmin=2).T
        hidden_outputs = sigmoid(np.dot(self.wih, inputs))
        final_outputs = sigmoid(np.dot(self.who, hidden_outputs))
        output_errors = targets - final_outputs
        hidden_errors = np.dot(self.who.T, output_errors)
        self.who += self.lr * np.dot(
            (output_errors * final_outputs * (1.0 - final_outputs)), np.transpose(hidden_outputs)
        )
        self.wih += self.lr * np.dot(
            (hidden_errors * hidden_outputs * (1.0 - hidden_outputs)), np.transpose(inputs)
        )
        return float((output_errors**2).sum() / 2)
