"""Measures how fast the core trains natively, beside PyTorch's CPU build and scikit-learn's MLPClassifier.

All three train the same network (sigmoid, softmax cross-entropy, plain SGD) on the same digits, one thread
each, in one process, by turns; a figure is the median over the rounds. Each is used as its own users use it:
PyTorch on float tensors that are in memory already, indexed by a new permutation; scikit-learn by
``partial_fit``; ours by ``Trainer``, which keeps pixels as bytes and also counts the images that it reads
rightly. Wall-clock times vary on a shared machine, so compare the ratios. In a new environment::

    pip install torch==2.13.0 scikit-learn numpy
    python tests/bench/native_speed.py --mnist DIR
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # read once, when the libraries are loaded
sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np  # noqa: E402
import sklearn  # noqa: E402
import torch  # noqa: E402
from sklearn.neural_network import MLPClassifier  # noqa: E402

from nncore import ops  # noqa: E402
from nncore.datasets import Dataset  # noqa: E402
from nncore.datasets.mnist import load_mnist  # noqa: E402
from nncore.network import Network, NetworkSpec  # noqa: E402
from nncore.preprocessing import Preprocessing  # noqa: E402
from nncore.training import Trainer, TrainingSpec  # noqa: E402

RATE = 0.1
CASES = [(200, 100), (30, 32)]
"""The networks to train: hidden neurons, and images a batch."""


def inkling(data: Dataset, hidden: int, batch: int) -> Callable[[], None]:
    spec = NetworkSpec((784, hidden, 10), ("sigmoid", "softmax"), initialiser="glorot_normal")
    training = TrainingSpec(optimiser="sgd", learning_rate=RATE, batch_size=batch)
    trainer = Trainer(Network.create(spec), data, Preprocessing(), training)
    return lambda: trainer.step(len(data))  # which ends with the epoch


def pytorch(data: Dataset, hidden: int, batch: int) -> Callable[[], None]:
    torch.set_num_threads(1)
    x = torch.from_numpy(data.pixels / np.float32(255))
    labels = torch.from_numpy(data.labels.astype(np.int64))
    model = torch.nn.Sequential(torch.nn.Linear(784, hidden), torch.nn.Sigmoid(), torch.nn.Linear(hidden, 10))
    optimiser = torch.optim.SGD(model.parameters(), lr=RATE)
    loss_of = torch.nn.CrossEntropyLoss()

    def epoch() -> None:
        for chosen in torch.randperm(len(x)).split(batch):
            optimiser.zero_grad()
            loss_of(model(x[chosen]), labels[chosen]).backward()
            optimiser.step()

    return epoch


def scikit_learn(data: Dataset, hidden: int, batch: int) -> Callable[[], None]:
    x = data.pixels / np.float32(255)
    model = MLPClassifier(
        (hidden,),
        "logistic",
        solver="sgd",
        momentum=0.0,
        alpha=0.0,
        batch_size=batch,
        learning_rate_init=RATE,
    )
    model.partial_fit(x[:batch], data.labels[:batch], classes=np.arange(10))
    return lambda: model.partial_fit(x, data.labels)


RIVALS = {"Inkling": inkling, "PyTorch": pytorch, "scikit-learn": scikit_learn}


def measure(data: Dataset, hidden: int, batch: int, rounds: int) -> dict[str, list[float]]:
    """Return images a second by program, a number for each round; a first round, to warm up, is not
    counted."""
    epochs = {name: make(data, hidden, batch) for name, make in RIVALS.items()}
    speeds: dict[str, list[float]] = {name: [] for name in epochs}
    for number in range(rounds + 1):
        for name, epoch in epochs.items():
            begin = time.perf_counter()
            epoch()
            if number:
                speeds[name].append(len(data) / (time.perf_counter() - begin))
    return speeds


def main() -> None:
    parser = argparse.ArgumentParser(description="Native training speed beside PyTorch and scikit-learn.")
    parser.add_argument("--mnist", required=True, help="folder of MNIST's idx files")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--images", type=int, default=60_000, help="how many an epoch has")
    parser.add_argument("--kernel", default="numpy", choices=ops.available())
    options = parser.parse_args()
    ops.use(options.kernel)
    data = load_mnist(options.mnist)[0].take(slice(0, options.images))
    print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, PyTorch {torch.__version__}, ", end=""
    )
    print(f"scikit-learn {sklearn.__version__}; one thread; {len(data)} images, median of {options.rounds}")
    for hidden, batch in CASES:
        speeds = measure(data, hidden, batch, options.rounds)
        ours = statistics.median(speeds["Inkling"])
        print(f"\n784-{hidden}-10, batch {batch}")
        for name, values in speeds.items():
            middle = statistics.median(values)
            print(
                f"  {name:13} {middle:9,.0f} images/s  (from {min(values):9,.0f} to {max(values):9,.0f})"
                f"  Inkling is {ours / middle:.2f} times as fast"
            )


if __name__ == "__main__":
    main()
