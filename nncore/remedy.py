"""Finds settings with which a network learns, by trying them on a copy.

A rule of thumb for learning rates would have to know the optimiser, the loss and the size of the network.
Sixty updates with each of a few rates tell more, and a suggested setting has been seen to work.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from math import floor, inf, log10
from typing import Any

from nncore.datasets import Dataset
from nncore.diagnosis import Diagnosis, Guessing, guessing
from nncore.events import DivergenceEvent
from nncore.network import Network
from nncore.network_spec import NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.training import Trainer
from nncore.training_spec import TrainingSpec

UPDATES, IMAGES = 60, 6000  # the least updates and images of a trial,
LARGEST_BATCH = 500  # in mini-batches of at most this many images
AT_ONCE = 100  # images between two yields
WORKS, HOPELESS = 0.9, 3.0  # as multiples of the loss of guessing
BETTER = 0.97  # as a multiple of the loss with the previous setting
HIGHEST = 10.0  # the highest learning rate that is tried
TRIALS = 10  # the most trials in one direction

Changes = dict[str, Any]
Search = Generator[None, None, Diagnosis]


def find_remedy(
    diagnosis: Diagnosis,
    network: Network,
    dataset: Dataset,
    preprocessing: Preprocessing,
    training: TrainingSpec,
) -> Search:
    """Search for settings that work; every ``next`` trains a copy on about a hundred images.

    Args:
        diagnosis: of ``network``.
        network: not changed.
        dataset: to train the copies on.
        training: the settings that the network was trained with.

    Returns:
        The diagnosis with its ``remedy`` and ``anew``; without a remedy if nothing worked.
    """
    guess = guessing(network.spec, preprocessing, dataset.class_counts)
    data = dataset.take(slice(None, None, max(1, len(dataset) // (2 * IMAGES))))
    for anew, ladder in _ladders(diagnosis, network.spec, training):
        best: tuple[float, Changes] | None = None
        for changes in ladder:
            spec, settings = _with(changes, network.spec, training)
            copy = Network.create(spec, training.seed) if anew else network.copy()
            loss = yield from _trial(copy, data, preprocessing, settings, guess)
            if best is not None and not loss < BETTER * best[0]:
                break  # past the best
            if loss < WORKS * guess.loss:
                best = loss, changes
        if best is not None:
            return replace(diagnosis, remedy=best[1], anew=anew)
    return diagnosis


def finished(search: Search) -> Diagnosis:
    """Run a search to its end and return its result."""
    while True:
        try:
            next(search)
        except StopIteration as end:
            return end.value


def _trial(
    network: Network, data: Dataset, preprocessing: Preprocessing, settings: TrainingSpec, guess: Guessing
) -> Generator[None, None, float]:
    """Train ``network`` for a while.

    Returns:
        the mean loss of the last third; infinity after a failure, which ends the trial early.
    """
    trainer = Trainer(network, data, preprocessing, settings)
    images, size = max(IMAGES, UPDATES * settings.batch_size), max(1, AT_ONCE // settings.batch_size)
    mean = inf
    for third in (1, 2, 3):
        total, began = 0.0, trainer.samples
        while trainer.samples < images * third // 3:
            before = trainer.samples
            event = trainer.step(size)
            if isinstance(event, DivergenceEvent):
                return inf
            total += event.loss * (event.samples - before)
            yield
        mean = total / (trainer.samples - began)
        if not mean < HOPELESS * guess.loss:
            return inf
    return mean


def _with(changes: Changes, spec: NetworkSpec, training: TrainingSpec) -> tuple[NetworkSpec, TrainingSpec]:
    """Return the settings of a trial: the full rate from the first step on, and no distortions.

    Distortions take time and make no difference to a rate.
    """
    changes = dict(changes)
    if "activations" in changes:
        changes["activations"] = (*changes["activations"], spec.activations[-1])
    network = {name: value for name, value in changes.items() if name in ("activations", "initialiser")}
    size = min(training.batch_size or LARGEST_BATCH, LARGEST_BATCH)
    steady: Mapping[str, Any] = {"schedule": "constant", "batch_size": size, "distortion": None}
    steps = {name: value for name, value in changes.items() if name not in network}
    return replace(spec, **network), replace(training, **{**steady, **steps})


def _ladders(
    diagnosis: Diagnosis, spec: NetworkSpec, training: TrainingSpec
) -> Iterator[tuple[bool, list[Changes]]]:
    """Yield lists of settings to try: whether with a new network, and the settings in order.

    A list is tried as long as the results improve.
    """
    down, first = list(_rates_below(training.learning_rate)), _initialiser(spec)
    if diagnosis.cause == "vanished":
        yield True, [{"l2": 0.0}]
    elif diagnosis.cause == "alike":
        yield True, [{"initialiser": first}]
        yield True, [{"initialiser": first} | rate for rate in down]
    else:
        if not diagnosis.grown:
            yield False, list(_rates_above(training.learning_rate))
        yield True, down
        if not diagnosis.grown:
            yield True, list(_rates_above(training.learning_rate))
    if training.l2:
        yield True, [{"l2": 0.0} | rate for rate in down]
    hidden = len(spec.layers) - 2
    if hidden > 1 and "relu" not in spec.activations:
        # Errors fade on their way back through sigmoids; rectified linear units pass them on.
        modern: Changes = {"activations": ("relu",) * hidden, "initialiser": "he"}
        yield True, [modern]
        yield True, [modern | rate for rate in down]


def _initialiser(spec: NetworkSpec) -> str:
    """Return the initialiser that suits the activations."""
    return "he" if "relu" in spec.activations else "glorot_normal"


def _rates_below(rate: float) -> Iterator[Changes]:
    """Return learning rates of one digit, each about a third of the one before: 1, 0.3, 0.1 and so on."""
    power = floor(log10(min(rate / 2, HIGHEST))) if rate > 0 else 0
    steps = [digit * 10.0**exponent for exponent in range(power, power - TRIALS, -1) for digit in (3, 1)]
    fitting = [step for step in steps if step <= min(rate / 2, HIGHEST)]
    return ({"learning_rate": float(f"{step:g}")} for step in fitting[:TRIALS])


def _rates_above(rate: float) -> Iterator[Changes]:
    """Return learning rates of one digit, each ten times the one before."""
    power = floor(log10(rate)) + 1 if rate > 0 else -4
    steps = [10.0**exponent for exponent in range(power, power + TRIALS)]
    return ({"learning_rate": float(f"{step:g}")} for step in steps if rate < step <= HIGHEST)
