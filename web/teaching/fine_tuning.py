"""Fine-tunes a network for a moment with a few new digits mixed in, and measures the effect.

A network trained on nine drawings alone forgets all others. So three of four images are digits of the data
set, drawn at random and replayed (rehearsal: Robins, "Catastrophic forgetting, rehearsal and
pseudorehearsal", 1995). The new digits are repeated, each time distorted a little. All this happens to a
copy; accuracy is measured before and after, on the new digits and on the test digits.
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

# Images of the data set and versions of the new digits; fewer for networks of more than LARGE weights, which
# would take too long.
SHARES, SHARES_LARGE, LARGE = (6000, 2000), (1800, 600), 500_000
GENTLY = Distortion(rotation=8, shear=0.1, scale=0.08, shift=0.5)
CHUNK = 100  # drawings distorted at a time

SPEC = TrainingSpec(
    optimiser="adam", learning_rate=0.0003, schedule="linear", final=0.02, batch_size=50, epochs=2
)
"""Settings of the fine-tuning. The learning rate is a tenth of the usual one, because the network is to learn
a little more and not to begin again."""

Breathe = Callable[[], Awaitable[None]]


@dataclass(frozen=True, eq=False)
class Measured:
    """Measures of a network on the new digits and on the test digits.

    Attributes:
        reads: the digit read in each of the n new digits, (n,).
        right: number of new digits that were read correctly.
        evaluation: the result on the test digits.
    """

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
    """Measure a network on the new digits and on the test digits, in slices.

    Args:
        digits: the new digits.
        train, test: the digits of the data set.
        yield_to_loop: awaited after each slice.
        samples, epoch: training of the network, for the evaluation.
    """
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
    """Return a copy of ``network`` trained on ``digits``, with ``train`` replayed; the same seed gives the
    same copy.

    Args:
        yield_to_loop: awaited after each slice.

    Raises:
        ValueError: if training diverged.
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
    """Return the numbers of replayed images and of versions of new digits in a fine-tuning of ``network``."""
    return SHARES_LARGE if network.spec.parameter_count > LARGE else SHARES


async def _mixed(
    digits: Dataset, train: Dataset, counts: tuple[int, int], seed: int, yield_to_loop: Breathe
) -> Dataset:
    """Return the digits to train on: replayed ones of ``train``, and distorted versions of the new
    ``digits``.

    Args:
        counts: the numbers of each.
    """
    rng = np.random.default_rng(seed)
    replayed = train.take(rng.choice(len(train), min(counts[0], len(train)), replace=False))
    chosen = np.resize(np.arange(len(digits)), counts[1])
    parts = []
    for start in range(0, counts[1], CHUNK):
        parts.append(GENTLY(digits.pixels[chosen[start : start + CHUNK]], rng))
        await yield_to_loop()
    again = Dataset(digits.name, np.concatenate(parts), digits.labels[chosen])
    return replayed.concatenate(again, name=f"{train.name} with {digits.name}")
