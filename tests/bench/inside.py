"""Runs Inkling and the naive rules as contestants: ``page/inkling.mjs`` calls this in Pyodide, ``native.py``
on the host. A task is the plain dict that ``Task.plain`` returns.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import naive
import numpy as np

from nncore import ops
from nncore.datasets import Dataset
from nncore.events import DivergenceEvent
from nncore.network import Network, NetworkSpec
from nncore.parameters import Parameters
from nncore.preprocessing import Preprocessing
from nncore.presets import PRESETS
from nncore.training import Trainer, TrainingSpec

CHECKED_BATCHES = 10
SLICE = 0.03  # seconds of training in one go, as in the page
FOLDER = Path(os.environ["BENCH_DATA"])

Train = Callable[[int], tuple[int, float]]
"""``train(batches) -> (images, loss)``: trains on the next batches."""

_trained: dict[tuple[str, str], Train] = {}
"""The functions that ``check`` made, by contestant and task."""


def check(name: str, task: dict[str, Any]) -> float:
    """Return the mean loss over the first batches in file order, from the given weights."""
    train = _naive(task) if name == "naive" else _inkling(name, task)
    _trained[name, task["name"]] = train
    return train(CHECKED_BATCHES)[1]


def measure(name: str, task: dict[str, Any], seconds: float) -> float:
    """Return the images trained on in a second, after ``check`` has trained."""
    train = _trained[name, task["name"]]
    if name != "naive":
        ops.use(name)
    batches, images = 1, 0
    began = now = time.perf_counter()
    while now - began < seconds:
        done, loss = train(batches)
        if not np.isfinite(loss):
            raise ArithmeticError(f"{name}, {task['name']}: the loss is {loss}")
        images += done
        then, now = now, time.perf_counter()
        batches = max(1, min(2 * batches, round(batches * SLICE / (now - then))))
    return images / (now - began)


@cache
def _digits() -> tuple[np.ndarray, np.ndarray]:
    labels = np.fromfile(FOLDER / "labels.bin", np.uint8)
    return np.fromfile(FOLDER / "images.bin", np.uint8).reshape(len(labels), -1), labels


def _parameters(task: dict[str, Any], dtype: type[np.floating]) -> Parameters:
    flat = np.fromfile(FOLDER / f"weights-{task['name']}.bin", np.float32).astype(dtype)
    return Parameters(tuple(task["layers"]), task["rule"] != "rashid", flat)


def _inkling(kernel: str, task: dict[str, Any]) -> Train:
    """Return a function that trains with Inkling, as the page does, on all 60,000 digits as bytes: first in
    file order, to be checked, then shuffled."""
    ops.use(kernel)
    pixels, labels = _digits()
    spec, preprocessing, training = _settings(task)
    network = Network(spec, _parameters(task, np.float32))
    data = Dataset("MNIST", pixels, labels)
    checked, measured = (
        Trainer(network, data, preprocessing, replace(training, order=order)) for order in ("file", "shuffle")
    )

    def train(batches: int) -> tuple[int, float]:
        trainer = measured if checked.samples else checked
        before = trainer.samples
        event = trainer.step(batches)
        if isinstance(event, DivergenceEvent):
            raise ArithmeticError(f"{kernel}, {task['name']}: {event.cause}")
        return trainer.samples - before, event.loss

    return train


def _settings(task: dict[str, Any]) -> tuple[NetworkSpec, Preprocessing, TrainingSpec]:
    """The settings of a preset, or of the same network for everybody."""
    if task["rule"] == "preset":
        preset = PRESETS[task["name"]]
        return preset.network, preset.preprocessing, preset.training
    training = TrainingSpec("sgd", task["rate"], batch_size=task["batch"], rule=task["rule"])
    if task["rule"] == "rashid":
        spec = NetworkSpec(task["layers"], ("sigmoid", "sigmoid"), "half_squared_error", biases=False)
        return spec, Preprocessing("rashid", "soft"), training
    spec = NetworkSpec(task["layers"], ("sigmoid", "softmax"), "softmax_cross_entropy")
    return spec, Preprocessing(), training


def _naive(task: dict[str, Any]) -> Train:
    """Return a function that trains by the naive rules, in float64, on a hundred batches scaled
    beforehand."""
    pixels, labels = _digits()
    batch, outputs = task["batch"], task["layers"][-1]
    rashid = task["rule"] == "rashid"
    start = _parameters(task, np.float64)
    images = pixels[: 100 * batch] / 255
    targets = np.eye(outputs)[labels[: 100 * batch]]
    if rashid:
        images, targets = images * 0.99 + 0.01, targets * 0.98 + 0.01
        book = naive.Book(start.weights[0].T.copy(), start.weights[1].T.copy(), task["rate"])
    else:
        (w1, w2), (b1, b2) = start.weights, start.biases
        plain = naive.MiniBatches(w1, b1, w2, b2, task["rate"])
    at = 0

    def train(batches: int) -> tuple[int, float]:
        nonlocal at
        losses = []
        for _ in range(batches):
            chosen = slice(at * batch, (at + 1) * batch)
            if rashid:
                losses.append(book.train(images[chosen][0], targets[chosen][0]))
            else:
                losses.append(plain.train(images[chosen], targets[chosen]))
            at = (at + 1) % 100
        return batches * batch, float(np.mean(losses))

    return train
