"""Diagnoses why a network does not learn, from its losses, its weights and its activations.

The yardstick is guessing: the best that a network could do without looking at the picture. A run is called
failed only if it is no better than that for two windows (``nncore.loss_watch``), or if its weights have grown
extremely large. No preset comes near the thresholds below at any time.

All functions are pure: none trains or changes a network. ``nncore.remedy`` finds settings that work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from nncore.activations import ACTIVATIONS
from nncore.datasets import Dataset
from nncore.divergence import readable
from nncore.events import DivergenceEvent
from nncore.initialisers import INITIALISERS
from nncore.loss_watch import LossWatch, Window
from nncore.losses import LOSSES
from nncore.network import Network
from nncore.network_spec import NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.training_spec import TrainingSpec

NO_BETTER, HUGE = 0.98, 3.0  # as multiples of the loss of guessing
POOR, DOUBTFUL = 0.15, 0.4  # accuracy above that of guessing
FALLING = 0.9  # times the loss of the window before; below that the network is learning
GROWN, SHRUNK = 10.0, 0.05  # root mean square of the weights, as a multiple of the first weights'
SILENT = 0.9  # share of a layer's neurons
FEWEST_UPDATES, FEWEST_IMAGES = 10, 500  # no diagnosis before these
ONE_SIDED = 0.8  # share of the largest class above which guessing is too good for a comparison
SAMPLE = 300
"""The number of training images in a sample."""


@dataclass(frozen=True)
class Diagnosis:
    """The reason why a network does not learn.

    Attributes:
        cause: ``diverged``, ``exploded``, ``silent``, ``vanished``, ``alike``, ``one_class``, ``high_loss``
            or ``stuck``.
        sentence: the cause in words.
        grown: whether the weights are far from the first weights.
        remedy: settings that were found to work, by the names of the choices, such as
            ``{"learning_rate": 0.01}``; empty if none is known.
        anew: whether they need a new network; otherwise this one can continue with them.
    """

    cause: str
    sentence: str
    grown: bool = True
    remedy: Mapping[str, Any] = field(default_factory=dict)
    anew: bool = True

    @property
    def advice(self) -> str:
        """The remedy as a sentence; empty if none is known."""
        if not self.remedy:
            return ""
        parts = [_WORDS[name](value) for name, value in self.remedy.items()]
        return f"{'Begin again' if self.anew else 'Go on'} with {' and '.join(parts)}."

    @property
    def text(self) -> str:
        """The cause and the remedy as text."""
        return f"{self.sentence} {self.advice}".strip()


_WORDS = {
    "learning_rate": lambda rate: f"a learning rate of {rate:g}",
    "l2": lambda decay: f"a weight decay of {decay:g}" if decay else "no weight decay",
    "initialiser": lambda name: f"the first weights “{INITIALISERS[name].label}”",
    "activations": lambda names: f"{ACTIVATIONS[names[0]].label} in the hidden layers",
}


@dataclass(frozen=True)
class Guessing:
    """The mean ``loss`` and ``accuracy`` of the best constant answer, which ignores the image."""

    loss: float
    accuracy: float


def guessing(spec: NetworkSpec, preprocessing: Preprocessing, class_counts: np.ndarray) -> Guessing:
    """Return the loss and accuracy of guessing for these classes.

    For ten equal classes and a cross-entropy they are ln 10 and 10 %. The mean target is the best constant
    answer, for squared errors as for cross-entropies (both are Bregman divergences; Banerjee et al., On the
    optimality of conditional expectation as a Bregman predictor, 2005).

    Args:
        spec: the network's. preprocessing: for the targets.
        class_counts: ``(classes,)``, the number of images of each class; at least one image in all.
    """
    shares = class_counts / class_counts.sum()
    targets = preprocessing.target_table(spec.layers[-1], "float64")
    activation = ACTIVATIONS[spec.activations[-1]]
    outputs = np.clip(shares @ targets, 1e-12, 1.0)
    if spec.activations[-1] == "softmax":
        outputs = outputs / outputs.sum()
    outputs = np.tile(outputs, (len(targets), 1))
    with np.errstate(divide="ignore"):
        logits = activation.inverse(outputs) if activation.inverse else outputs
    logits = np.clip(logits, -30, 30)
    losses = LOSSES[spec.loss].value(logits, outputs, targets, activation)
    return Guessing(float(shares @ losses), float(shares.max()))


@dataclass(frozen=True)
class Facts:
    """Measurements of a network on some training images.

    Attributes:
        loss, accuracy: means over the images.
        read: the classes that it reads in them, ``(k,)`` int.
        silent: for every hidden layer, the share of neurons that give the same output for every image.
        grown: the root mean square of each layer's weights, as a multiple of that of first weights.
        alike: whether all neurons of some hidden layer have the same weights.
    """

    loss: float
    accuracy: float
    read: np.ndarray
    silent: tuple[float, ...]
    grown: tuple[float, ...]
    alike: bool


def look(network: Network, sample: Dataset, preprocessing: Preprocessing) -> Facts:
    """Measure the network with one forward pass over ``sample``."""
    with np.errstate(over="ignore", invalid="ignore"):
        trace = network.forward(preprocessing.encode(sample.pixels, network.spec.dtype))
        targets = preprocessing.targets_for(sample.labels, network.spec.layers[-1], network.spec.dtype)
        loss = float(network.losses(trace, targets).mean(dtype=float))
        sizes = [float(np.sqrt((weights.astype(float) ** 2).mean())) for weights in network.weights]
    read = trace.output.argmax(axis=1)
    first = _first_sizes(network.spec)
    return Facts(
        loss,
        float((read == sample.labels).mean()),
        np.unique(read),
        tuple(_silent(outputs) for outputs in trace.activations[:-1]),
        tuple(size / max(begin, 1e-3) for size, begin in zip(sizes, first, strict=True)),
        any(len(w.T) > 1 and bool((w == w[:, :1]).all()) for w in network.weights[:-1]),
    )


def _silent(outputs: np.ndarray) -> float:
    """Return the share of neurons whose outputs ``(n, neurons)`` are the same for every image."""
    spread, largest = np.ptp(outputs, axis=0), float(np.abs(outputs).max())
    return float((spread <= 1e-3 * largest).mean())


@lru_cache(maxsize=4)
def _first_sizes(spec: NetworkSpec) -> tuple[float, ...]:
    """Return the root mean square of every layer's first weights."""
    return tuple(float(np.sqrt((weights**2).mean())) for weights in Network.create(spec, 0).weights)


def doubtful(window: Window, guess: Guessing) -> bool:
    """Return whether the network should be looked at, judged by numbers that training yields anyway."""
    return window.accuracy < guess.accuracy + DOUBTFUL or window.loss > guess.loss


def diagnose(
    network: Network,
    sample: Dataset,
    preprocessing: Preprocessing,
    training: TrainingSpec,
    watch: LossWatch,
    guess: Guessing,
) -> Diagnosis | None:
    """Return the reason why ``network`` does not learn; None if it does, or if it is too early to tell.

    Args:
        sample: about ``SAMPLE`` of the training images, from all over the data set.
        training: the settings that it is trained with.
        watch: has followed the run since it began, or since its settings were changed.
        guess: the loss and accuracy of guessing with all of the training images.
    """
    seen = watch.now or watch.since
    early = seen.updates < FEWEST_UPDATES or seen.images < FEWEST_IMAGES
    if early or guess.accuracy > ONE_SIDED or not doubtful(seen, guess):
        return None
    facts = look(network, sample, preprocessing)
    fails = facts.accuracy <= guess.accuracy + POOR and not facts.loss < NO_BETTER * guess.loss
    poor = max(facts.accuracy, seen.accuracy) < guess.accuracy + DOUBTFUL
    huge = poor and not facts.loss < HUGE * guess.loss
    if (fails or huge) and max(facts.grown) >= GROWN:
        return _exploded(facts, guess, training)
    if watch.now is None or watch.before is None:
        return None
    if max(facts.silent, default=0.0) >= SILENT and facts.accuracy < guess.accuracy + DOUBTFUL:
        return _alike() if facts.alike else _silenced(facts)
    lasts = fails and _fails(watch.before, guess) and _fails(watch.now, guess)
    if not lasts or watch.now.loss < FALLING * watch.before.loss:
        return None
    return _stands_still(facts, guess, training, watch.before.images + watch.now.images)


def sample_of(dataset: Dataset) -> Dataset:
    """Return about ``SAMPLE`` images from all over the data set."""
    return dataset.take(slice(None, None, max(1, len(dataset) // SAMPLE)))


def diverged(event: DivergenceEvent) -> Diagnosis:
    """Return the diagnosis of a run whose numbers have left the range of floats."""
    return Diagnosis("diverged", event.cause)


def _fails(window: Window, guess: Guessing) -> bool:
    """Return whether the network was no better than guessing in this window."""
    return window.accuracy <= guess.accuracy + POOR and window.loss >= NO_BETTER * guess.loss


def _compared(facts: Facts, guess: Guessing) -> str:
    """Return a sentence that compares the loss with guessing."""
    return f"The loss is {_number(facts.loss)}, and guessing alone would give {_number(guess.loss)}"


def _number(loss: float) -> str:
    """Return a loss as text."""
    if not loss < 1e6:
        return "more than a million"
    return f"{loss:,.0f}" if loss >= 100 else f"{loss:.2f}"


def _exploded(facts: Facts, guess: Guessing, training: TrainingSpec) -> Diagnosis:
    """Return the diagnosis of a network whose weights have grown far too large."""
    rate = readable(training.learning_rate)
    worse = facts.loss > 1.5 * guess.loss
    what = _compared(facts, guess) if worse else "The network reads no better than guessing"
    return Diagnosis("exploded", f"{what}: at a learning rate of {rate} every step goes much too far.")


def _silenced(facts: Facts) -> Diagnosis:
    """Return the diagnosis of a network with a layer of constant neurons."""
    layer = int(np.argmax(facts.silent))
    return Diagnosis(
        "silent",
        f"{100 * facts.silent[layer]:.0f} % of the neurons in hidden layer {layer + 1} give the same output "
        "for every picture: they have stopped learning.",
    )


def _alike() -> Diagnosis:
    """Return the diagnosis of a network whose neurons all have the same weights."""
    return Diagnosis(
        "alike", "All neurons of a layer began with the same weights, so they all learn the same."
    )


def _stands_still(facts: Facts, guess: Guessing, training: TrainingSpec, images: int) -> Diagnosis:
    """Return the diagnosis of a network that was no better than guessing over ``images`` images."""
    if facts.alike:
        return _alike()
    if training.l2 and min(facts.grown) <= SHRUNK:
        return Diagnosis(
            "vanished", f"The weight decay of {training.l2:g} has pulled the weights down to almost nothing."
        )
    grown = max(facts.grown) >= GROWN / 2
    if facts.loss > 1.5 * guess.loss:
        return Diagnosis("high_loss", f"{_compared(facts, guess)}, and it hardly changes.", grown)
    if len(facts.read) == 1:
        return Diagnosis("one_class", f"The network reads every picture as a {facts.read[0]}.", grown)
    return Diagnosis("stuck", f"After {images:,} pictures the network reads no better than guessing.", grown)
