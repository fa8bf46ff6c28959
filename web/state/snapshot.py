"""What the lab looks like at one moment: the frozen record that the runner publishes and every view draws.

Views never ask the trainer anything. They compare two snapshots and change what differs, so that drawing
can't change learning and a snapshot from the past could be shown just as well as the present one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nncore.backquery import BackQuery
from nncore.datasets import Dataset
from nncore.diagnosis import Diagnosis
from nncore.network_spec import NetworkSpec
from web.state.resizing import framed


@dataclass(frozen=True)
class LearningPoint:
    """The mean over the mini-batches since the point before: ``loss`` and training ``accuracy`` (0 to 1) at
    ``epoch``."""

    epoch: float
    loss: float
    accuracy: float


@dataclass(frozen=True)
class Evaluation:
    """One pass over held-out digits, made with the network as it was at ``samples`` samples (``epoch``
    epochs) and after ``edits`` edits (``Run.edits``).

    ``train_accuracy`` comes from a fixed sample of the training digits; ``interval`` is the 95 % Wilson
    interval of ``test_accuracy``; ``temperature`` what a softmax's logits are to be divided by to be as
    sure as they should be (``nncore.calibration``), None for other outputs.
    """

    samples: int
    epoch: float
    train_accuracy: float
    test_accuracy: float
    test_loss: float
    interval: tuple[float, float]
    temperature: float | None = None
    edits: int = 0


@dataclass(frozen=True, eq=False)
class TestReadings:
    """What the network as it was at ``samples`` samples and after ``edits`` edits reads in each of the test
    ``digits``: ``predicted`` (n,) uint8, how surely in ``confidences`` (n,) float32."""

    __test__ = False  # pytest: no class of tests

    samples: int
    digits: Dataset
    predicted: np.ndarray
    confidences: np.ndarray
    edits: int = 0


@dataclass(frozen=True)
class Reading:
    """What a network says about the pad. An empty pad has no reading at all: nothing drawn reads as nothing.

    Attributes:
        inputs: ``(784,)`` float32, the numbers that it sees.
        pixels: ``(784,)`` float32, the ink in 0..1 that they were made from.
        probabilities: its ten outputs, as shares of their sum.
        digit: the likeliest.
        reader: which network it was, a key of ``web.pad.readers.READERS``.
        calibrated: ten shares that are as sure as they should be; None where nobody has measured that.
        digit_score: 0 to 1, how much it looks like a digit at all; None without the network that tells.
        looks_like_digit: whether that is enough.
        activations: what every layer's neurons of the learner's own network gave, each ``(neurons,)``
        float32.
    """

    inputs: np.ndarray
    pixels: np.ndarray
    probabilities: tuple[float, ...]
    digit: int
    reader: str = "yours"
    calibrated: tuple[float, ...] | None = None
    digit_score: float | None = None
    looks_like_digit: bool | None = None
    activations: tuple[np.ndarray, ...] = ()


@dataclass(frozen=True, eq=False)
class SeenStage:
    """The drawing after one step from the pad to the picture (``nncore.pen.steps``): ``pixels`` (784,)
    uint8, what is read in it, and how surely."""

    name: str
    taken: bool
    pixels: np.ndarray
    digit: int
    share: float


@dataclass(frozen=True)
class Asked:
    """A picture to be imagined: by which method, and of what - a digit, or how much of each digit (0 to
    1)."""

    method: str
    target: int | tuple[float, ...]

    def of(self) -> Any:
        """The target as ``nncore.backquery`` takes it."""
        return self.target if isinstance(self.target, int) else np.array(self.target)


@dataclass(frozen=True)
class Looking:
    """Which neurons somebody looks at: those of ``layer`` (1 is the first after the inputs), and which
    ``page`` of them, from 0."""

    layer: int = 1
    page: int = 0


@dataclass(frozen=True, eq=False)
class Neurons:
    """A page of the neurons of one layer, the most used first.

    Attributes:
        layer, page: which; ``count`` neurons are in the layer.
        shown: their positions in the layer, (k,).
        uses: how much each is used (``web.runner.neuron_inspector.use``), (k,); None before it is measured.
        weights: incoming, (k, n_in); ``biases`` (k,), or None in a network without.
        columns: neurons of the last hidden layer, the most used first, (n,), and ``outputs`` their weights to
            the ten outputs, (n, 10); None if there is no hidden layer.
    """

    layer: int
    page: int
    count: int
    shown: np.ndarray
    uses: np.ndarray | None
    weights: np.ndarray
    biases: np.ndarray | None
    columns: np.ndarray | None
    outputs: np.ndarray | None


@dataclass(frozen=True)
class Portrait:
    """One imagined picture, large. ``frames`` are its steps, the last the picture itself (the methods that
    have no steps give one); ``samples`` says how much the network had learned."""

    asked: Asked
    frames: tuple[BackQuery, ...]
    samples: int


@dataclass(frozen=True)
class Snapshot:
    """The lab at one moment, now or, when somebody rewinds, back then.

    ``run`` counts the networks begun with, so that a view knows when curves start again. ``epochs`` is
    how many there will be when training ends by itself; None if it won't. ``seconds`` were
    spent training. ``moments`` are those that one can go back to, in samples, and take ``moments_bytes``;
    ``rewound`` is the one that is shown, or None for now, and ``trained`` the samples up to now, whatever is
    shown. ``learning`` and ``evaluations`` always go up to now. ``evaluation`` is the newest measure of the
    network that is shown, None where it has been edited since; ``samples`` ahead of it tell its age.
    ``diagnosis`` says why the present network doesn't learn.
    """

    run: int = 0
    epoch: int = 0
    epochs: int | None = None
    epoch_progress: float = 0.0
    samples: int = 0
    loss: float | None = None
    images_per_second: float | None = None
    running: bool = False
    kernel: str = "numpy"
    dataset: str = ""
    train_size: int = 0
    test_size: int = 0
    spec: NetworkSpec | None = None
    steps: int = 0
    learning_rate: float = 0.0
    layers: tuple[int, ...] = ()
    activations: tuple[str, ...] = ()
    parameter_count: int = 0
    evaluation: Evaluation | None = None
    evaluations: tuple[Evaluation, ...] = ()
    learning: tuple[LearningPoint, ...] = ()
    reading: Reading | None = None
    readings: TestReadings | None = None
    stages: tuple[SeenStage, ...] = ()
    images: tuple[BackQuery, ...] = ()
    portrait: Portrait | None = None
    neurons: Neurons | None = None
    input_range: tuple[float, float] = (0.0, 1.0)
    seconds: float = 0.0
    moments: tuple[int, ...] = ()
    moments_bytes: int = 0
    rewound: int | None = None
    trained: int = 0
    reader: str = "yours"
    readers: tuple[str, ...] = ("auto", "yours")
    diagnosis: Diagnosis | None = None

    @property
    def measured_at(self) -> str:
        """At how many images the measures were taken, in words; empty where they are of this very network."""
        if self.evaluation is None or self.evaluation.samples == self.samples:
            return ""
        return f"at {self.evaluation.samples:,} images"

    def public(self) -> dict[str, Any]:
        """The plain object that ``window.inkling.snapshot()`` promises (README, "Driving the page from
        outside")."""
        evaluation, reading = self.evaluation, self.reading
        return {
            "epoch": self.epoch,
            "epochs": self.epochs,
            "samples": self.samples,
            "loss": self.loss,
            "train_accuracy": evaluation.train_accuracy if evaluation else None,
            "test_accuracy": evaluation.test_accuracy if evaluation else None,
            "evaluated_at": evaluation.samples if evaluation else None,
            "images_per_second": self.images_per_second,
            "seconds": self.seconds,
            "rewound": self.rewound,
            "moments": list(self.moments),
            "running": self.running,
            "kernel": self.kernel,
            "dataset": self.dataset,
            "train_size": self.train_size,
            "test_size": self.test_size,
            "layers": list(self.layers),
            "prediction": reading.digit if reading else None,
            "probabilities": list(reading.probabilities) if reading else [0.0] * 10,
            "pixels": reading.inputs.tolist() if reading else [0.0] * 784,
            "reader": self.reader,
            "calibrated": list(reading.calibrated) if reading and reading.calibrated else None,
            "digit_score": reading.digit_score if reading else None,
            "looks_like_digit": reading.looks_like_digit if reading else None,
            "diagnosis": self.diagnosis.text if self.diagnosis else None,
        }


def ink(answers: tuple[BackQuery, ...], input_range: tuple[float, float]) -> bytes:
    """Back-query images as bytes, 784 each, one after another: 0 for the lowest possible input, 255 for the
    highest."""
    low, high = input_range
    pixels = np.stack([answer.image for answer in answers])
    shares = np.nan_to_num((pixels - low) / (high - low)).clip(0, 1)
    return framed(np.rint(shares * 255).astype(np.uint8)).tobytes()
