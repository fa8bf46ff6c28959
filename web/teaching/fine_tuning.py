"""A short burst of training with a few new digits mixed in, and what it did.

Whoever trains a network on nine drawings alone has one that knows nine drawings. So three of four images are
digits of the data set, drawn at random, replayed so that nothing is forgotten (rehearsal: Robins,
"Catastrophic forgetting, rehearsal and pseudorehearsal", 1995); the new ones come again and again, each time
distorted a little. It works on a copy; accuracy is measured before and after, on both.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import numpy as np

from nncore.datasets import Dataset
from nncore.distort import Distortion
from nncore.metrics import predict_pixels
from nncore.network import Network
from nncore.preprocessing import Preprocessing
from nncore.training import DivergenceEvent, Trainer, TrainingSpec
from web.runner.background import SLICE
from web.runner.evaluator import EvaluationPass
from web.runner.throughput import fitting
from web.state.snapshot import Evaluation

# Images of the data set and versions of the new digits; fewer for a network that takes seconds for so many.
SHARES, SHARES_LARGE, LARGE = (6000, 2000), (1800, 600), 500_000  # weights
GENTLY = Distortion(rotation=8, shear=0.1, scale=0.08, shift=0.5)
CHUNK = 100  # drawings distorted at a time

SPEC = TrainingSpec(
    optimiser="adam", learning_rate=0.0003, schedule="linear", final=0.02, batch_size=50, epochs=2
)
"""A tenth of what a network begins with: it is to learn a little more, not to begin again."""

Breathe = Callable[[], Awaitable[None]]


@dataclass(frozen=True, eq=False)
class Measured:
    """A network on the new digits, ``reads`` (n,) as which digit, ``right`` of them rightly; and on the test
    digits."""

    reads: np.ndarray
    right: int
    evaluation: Evaluation


async def measure(
    network: Network,
    preprocessing: Preprocessing,
    digits: Dataset,
    train: Dataset,
    test: Dataset,
    yield_to_loop: Breathe,
    samples: int = 0,
    epoch: float = 0.0,
) -> Measured:
    """Accuracy on the new digits and on the test digits, in slices."""
    reads = predict_pixels(network, digits.pixels, preprocessing).argmax(axis=1)
    measuring = EvaluationPass(network, preprocessing, train, test, samples, epoch)
    while (evaluation := measuring.advance(SLICE)) is None:
        await yield_to_loop()
    return Measured(reads, int((reads == digits.labels).sum()), evaluation)


async def fine_tune(
    network: Network,
    preprocessing: Preprocessing,
    digits: Dataset,
    train: Dataset,
    seed: int,
    yield_to_loop: Breathe,
) -> Network:
    """A copy of ``network`` that has met ``digits``, with ``train`` replayed; the same seed gives the same.

    Raises:
        ValueError: if it diverged.
    """
    mixed = await _mixed(digits, train, shares(network), seed, yield_to_loop)
    trainer = Trainer(network.copy(), mixed, preprocessing, SPEC)
    batches = 1
    while not trainer.finished:
        began = time.perf_counter()
        event = trainer.step(batches)
        if isinstance(event, DivergenceEvent):
            raise ValueError(f"training diverged: {event.cause}")
        batches = fitting(batches, time.perf_counter() - began, SLICE)
        await yield_to_loop()
    return trainer.network


def shares(network: Network) -> tuple[int, int]:
    """How many images of the data set and how many versions of new digits a burst has for this network."""
    return SHARES_LARGE if network.spec.parameter_count > LARGE else SHARES


async def _mixed(
    digits: Dataset, train: Dataset, counts: tuple[int, int], seed: int, yield_to_loop: Breathe
) -> Dataset:
    """So many of ``train`` and so many versions of the new digits."""
    rng = np.random.default_rng(seed)
    replayed = train.take(rng.choice(len(train), min(counts[0], len(train)), replace=False))
    chosen = np.resize(np.arange(len(digits)), counts[1])
    parts = []
    for start in range(0, counts[1], CHUNK):
        parts.append(GENTLY(digits.pixels[chosen[start : start + CHUNK]], rng))
        await yield_to_loop()
    again = Dataset(digits.name, np.concatenate(parts), digits.labels[chosen])
    return replayed.concatenate(again, name=f"{train.name} with {digits.name}")
