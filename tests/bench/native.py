"""Runs a contestant on the host in its own process: Inkling's native kernel, its NumPy, or PyTorch.

It prints its title in one line. Then it reads one JSON list a line from standard input, ``["check", task,
name]`` or ``["measure", task, seconds, name]``, and answers each with one line. ``python native.py torch``
answers for PyTorch and needs only PyTorch and NumPy; ``python native.py inkling`` needs nncore.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

FOLDER = Path(os.environ["BENCH_DATA"])
CHECKED_BATCHES = 10


class Torch:
    """PyTorch used as in its own tutorials, but without work that would slow it down here: the images are
    floats already and are stored in the order of training, so that a batch is a view."""

    def __init__(self) -> None:
        import torch

        torch.set_num_threads(1)
        self.torch, self.version = torch, f"PyTorch {torch.__version__}"
        labels = np.fromfile(FOLDER / "labels.bin", np.uint8)
        pixels = np.fromfile(FOLDER / "images.bin", np.uint8).reshape(len(labels), -1)
        self.x = torch.from_numpy(pixels.astype(np.float32) / np.float32(255))
        self.y = torch.from_numpy(labels.astype(np.int64))
        self.steps: dict[str, Callable[[], float]] = {}

    def check(self, task: dict[str, Any], name: str) -> float:
        torch, (inputs, hidden, outputs) = self.torch, task["layers"]
        model = torch.nn.Sequential(
            torch.nn.Linear(inputs, hidden), torch.nn.Sigmoid(), torch.nn.Linear(hidden, outputs)
        )
        flat = np.fromfile(FOLDER / f"weights-{task['name']}.bin", np.float32)
        ends = np.cumsum([inputs * hidden, hidden, hidden * outputs])
        w1, b1, w2, b2 = np.split(flat, ends)
        with torch.no_grad():
            for layer, w, b in ((model[0], w1, b1), (model[2], w2, b2)):
                layer.weight[:] = torch.from_numpy(w.reshape(layer.in_features, layer.out_features).T)
                layer.bias[:] = torch.from_numpy(b)
        loss_of = torch.nn.CrossEntropyLoss()
        optimiser = torch.optim.SGD(model.parameters(), lr=task["rate"])
        order = torch.cat([torch.arange(CHECKED_BATCHES * task["batch"]), torch.randperm(len(self.y))])
        batches = order.split(task["batch"])
        at = 0

        def step() -> Any:
            nonlocal at
            chosen = batches[at % len(batches)]
            at += 1
            x, y = self.x[chosen], self.y[chosen]
            optimiser.zero_grad()
            loss = loss_of(model(x), y)
            loss.backward()
            optimiser.step()
            return loss

        self.steps[task["name"]] = step
        return sum(step().item() for _ in range(CHECKED_BATCHES)) / CHECKED_BATCHES

    def measure(self, task: dict[str, Any], seconds: float, name: str) -> float:
        step, images, began = self.steps[task["name"]], 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            for _ in range(20):
                loss = step()
            if not np.isfinite(loss.item()):
                raise ArithmeticError(f"the loss is {loss.item()}")
            images += 20 * task["batch"]
        return images / (time.perf_counter() - began)


def inkling() -> Any:
    import inside

    return SimpleNamespace(
        version=f"NumPy {np.__version__}",
        check=lambda task, name: inside.check(name, task),
        measure=lambda task, seconds, name: inside.measure(name, task, seconds),
    )


def main(which: str) -> None:
    answerer = Torch() if which == "torch" else inkling()
    print(answerer.version, flush=True)
    for line in sys.stdin:
        method, *arguments = json.loads(line)
        print(json.dumps(getattr(answerer, method)(*arguments)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
