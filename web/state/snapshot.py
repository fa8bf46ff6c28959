"""Defines the snapshot: the frozen record of the lab that the runner publishes and every view draws.

Views never ask the trainer. They compare two snapshots and redraw the differences, so that drawing can't
change training, and a snapshot of the past is drawn like the present one.
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
    """A point of the training curve: means over the mini-batches since the point before.

    Attributes:
        epoch: where the point lies, in epochs.
        loss: mean training loss.
        accuracy: mean training accuracy, 0 to 1.
    """

    epoch: float
    loss: float
    accuracy: float


@dataclass(frozen=True)
class Evaluation:
    """The result of one pass over the test digits.

    Attributes:
        samples, epoch, edits: the training images, epochs and edits (``Run.edits``) of the network that was
            measured.
        train_accuracy: on a fixed sample of the training digits, 0 to 1.
        test_accuracy: on the test digits, 0 to 1.
        test_loss: mean loss on the test digits.
        interval: the 95 % Wilson interval of ``test_accuracy``.
        temperature: divides the logits of a softmax to calibrate it (``nncore.calibration``); None for other
            outputs.
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
    """The digits that a network read in the test set.

    Attributes:
        samples, edits: the training images and edits of the network.
        digits: the n test digits.
        predicted: the digit read in each, (n,) uint8.
        confidences: the share of that digit, (n,) float32, 0 to 1.
    """

    __test__ = False  # pytest: no class of tests

    samples: int
    digits: Dataset
    predicted: np.ndarray
    confidences: np.ndarray
    edits: int = 0


@dataclass(frozen=True)
class Reading:
    """A network's answer to the drawing on the pad; an empty pad has none.

    Attributes:
        inputs: ``(n_in,)`` float32, the inputs of the network.
        pixels: ``(784,)`` float32, the ink from which they were made, 0 to 1.
        probabilities: its ten outputs, as shares of their sum.
        digit: the likeliest digit.
        reader: the network, a key of ``web.state.reader_choices.READERS``.
        calibrated: ten calibrated shares; None where no temperature has been measured.
        digit_score: how much the drawing looks like a digit, 0 to 1; None before the gate has arrived.
        looks_like_digit: whether the score is high enough for a digit.
        activations: the activations of each layer of the learner's own network, each ``(neurons,)`` float32.
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
    """The drawing after one step from the pad to the network's picture (``nncore.pen.steps``).

    Attributes:
        name, taken: the step, and whether it was taken.
        pixels: the picture after it, (784,) uint8.
        digit, share: the digit read in it, and its share, 0 to 1.
    """

    name: str
    taken: bool
    pixels: np.ndarray
    digit: int
    share: float


@dataclass(frozen=True)
class Asked:
    """A large picture that the learner asked for.

    Attributes:
        method: the back-query's method.
        target: a digit, or ten shares of digits, 0 to 1.
    """

    method: str
    target: int | tuple[float, ...]

    def of(self) -> Any:
        """Return the target as ``nncore.backquery`` takes it: the digit, or ``(10,)``."""
        return self.target if isinstance(self.target, int) else np.array(self.target)


@dataclass(frozen=True)
class Looking:
    """The neurons that the tab *Inside* shows.

    Attributes:
        layer: their layer; 1 is the first after the inputs.
        page: their page, from 0.
    """

    layer: int = 1
    page: int = 0


@dataclass(frozen=True, eq=False)
class Neurons:
    """A page of the neurons of one layer, the most used first.

    Attributes:
        layer, page: as in ``Looking``.
        count: number of neurons in the layer.
        shown: positions of the k neurons in the layer, (k,).
        uses: the use of each (``web.runner.neuron_inspector.use``), (k,); None before it is measured.
        weights: incoming weights, (k, n_in).
        biases: (k,), or None in a network without biases.
        columns: the n neurons of the last hidden layer, the most used first, (n,); None without hidden layer.
        outputs: their weights to the ten outputs, (n, 10); None without hidden layer.
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
    """An imagined picture, shown large.

    Attributes:
        asked: the request that it answers.
        frames: the steps to the picture, the picture itself last; a single one for methods without steps.
        samples: training images of the network that imagined it.
    """

    asked: Asked
    frames: tuple[BackQuery, ...]
    samples: int


@dataclass(frozen=True)
class Snapshot:
    """The lab at one moment: the present or, after a rewind, an earlier one.

    Attributes:
        run: the run's number; when it changes, curves start again.
        epoch, epoch_progress, samples: training of the network that is shown: whole epochs, the share of the
            next (0 to 1), and images.
        epochs: the epochs at which training will end by itself; None if it won't.
        loss: the newest training loss of the network that is shown, or None.
        images_per_second: speed of training; None while it is unknown.
        seconds: time spent training.
        dataset, train_size, test_size: name of the data set and its numbers of digits.
        spec, layers, activations, parameter_count: architecture of the network that is shown.
        steps, learning_rate: of the present training.
        evaluation: the newest measure of the network that is shown; None if it was edited since. Its
            ``samples`` tell its age.
        evaluations, learning: both curves, always up to the present.
        reading, reader, readers, stages: the answer to the drawing, the reader, the readers that can be
            chosen, and the pen steps.
        readings: the digits read in the test set.
        images, portrait: imagined pictures, small and large; ``input_range`` gives the lowest and highest
            input.
        neurons: the page of neurons in the tab *Inside*; None while another tab is in front.
        moments, moments_bytes: the moments to rewind to, in images, and their size.
        rewound: the moment that is shown, in images; None for the present.
        trained: training images up to the present, even after a rewind.
        diagnosis: the reason why the present network fails to learn, or None.
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
        """The number of images at the last measure, in words; empty if the measure is of the network that is
        shown."""
        if self.evaluation is None or self.evaluation.samples == self.samples:
            return ""
        return f"at {self.evaluation.samples:,} images"

    def public(self) -> dict[str, Any]:
        """Return the plain object that ``window.inkling.snapshot()`` promises (``docs/driving.md``)."""
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
    """Return back-query images as bytes, 784 each, in order: 0 for the lowest input, 255 for the highest."""
    low, high = input_range
    pixels = np.stack([answer.image for answer in answers])
    shares = np.nan_to_num((pixels - low) / (high - low)).clip(0, 1)
    return framed(np.rint(shares * 255).astype(np.uint8)).tobytes()
