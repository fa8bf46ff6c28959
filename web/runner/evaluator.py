"""Measures test accuracy in slices, because a pass over thousands of digits takes seconds without a fast
kernel.

The network goes on learning between two slices, so a pass works on a copy taken at its beginning, and its
result says how many images that copy was trained on. ``Evaluator`` schedules passes: at once after each edit
of the network and, as far as a share of the time allows, after each epoch; in between every few seconds.
"""

from __future__ import annotations

import math
import time

import numpy as np

from nncore import ops
from nncore.calibration import fit_temperature
from nncore.datasets import Dataset
from nncore.metrics import confidence, measure, wilson_interval
from nncore.network import Network
from nncore.preprocessing import Preprocessing
from web.runs.experiment import Experiment
from web.state.snapshot import Evaluation, TestReadings

CHUNK = 100  # digits in a forward pass in plain NumPy,
FAST_CHUNK = 1000  # and with a kernel: a few milliseconds each
TRAIN_SAMPLE = 2000  # training digits measured beside the test set
TEMPERATURE_SAMPLE = 1000  # test digits to which the temperature is fitted
EVERY = 3.0  # least seconds from one pass to the next within an epoch
SHARE = 0.05  # largest share of the time that these passes take, which may make them rarer
EPOCH_SHARE = 0.08  # largest share of passes at the end of epochs,
CREDIT = 0.3  # after the first seconds spent on them, so that the first epochs are all measured


class EvaluationPass:
    """A pass over all test digits and a sample of the training digits.

    Args:
        network: copied.
        preprocessing: of the network.
        train, test: the digits.
        samples, epoch, edits: training images, epochs and edits of the network, for the result.
    """

    def __init__(
        self,
        network: Network,
        preprocessing: Preprocessing,
        train: Dataset,
        test: Dataset,
        samples: int,
        epoch: float,
        edits: int = 0,
    ) -> None:
        self._network = network.copy()
        self._preprocessing = preprocessing
        self._samples, self._epoch, self.edits = samples, epoch, edits
        self._test, self._test_size = test, len(test)
        self._read = np.zeros(len(test), np.uint8)
        self._sure = np.zeros(len(test), np.float32)
        # Every k-th training digit, because MNIST is not evenly mixed: a writer's digits stand together.
        stride = max(1, len(train) // TRAIN_SAMPLE)
        self._pixels = (test.pixels, train.pixels[::stride][:TRAIN_SAMPLE])
        self._labels = (test.labels, train.labels[::stride][:TRAIN_SAMPLE])
        size = CHUNK if ops.current() == "numpy" else FAST_CHUNK
        self._chunks = [
            (part, slice(start, start + size))
            for part in (0, 1)
            for start in range(0, len(self._labels[part]), size)
        ]
        self._correct = [0, 0]
        self._loss = 0.0
        self._outputs: list[np.ndarray] = []

    def advance(self, seconds: float) -> Evaluation | None:
        """Work for about ``seconds``, at least one chunk; return the result when the pass is complete,
        otherwise None."""
        end = time.perf_counter() + seconds
        while self._chunks:
            self._measure(*self._chunks.pop(0))
            if time.perf_counter() >= end:
                break
        return None if self._chunks else self._result()

    def _measure(self, part: int, chunk: slice) -> None:
        """Measure a chunk of the test digits (``part`` 0) or the training digits (1)."""
        labels = self._labels[part][chunk]
        outputs, losses = measure(self._network, self._pixels[part][chunk], labels, self._preprocessing)
        self._correct[part] += int(np.count_nonzero(outputs.argmax(axis=1) == labels))
        if part == 0:
            self._loss += float(losses.sum())
            self._read[chunk] = outputs.argmax(axis=1)
            self._sure[chunk] = confidence(outputs)
            self._outputs.append(outputs)

    def readings(self) -> TestReadings:
        """Return the digit read in each test digit; the pass must be complete."""
        return TestReadings(self._samples, self._test, self._read, self._sure, self.edits)

    def is_of(self, samples: int, edits: int) -> bool:
        """Return whether it measures the network with these training images and edits."""
        return (self._samples, self.edits) == (samples, edits)

    def _result(self) -> Evaluation:
        """Return the result of the complete pass."""
        correct, n = self._correct[0], self._test_size
        return Evaluation(
            samples=self._samples,
            epoch=self._epoch,
            test_accuracy=correct / n,
            test_loss=self._loss / n,
            train_accuracy=self._correct[1] / len(self._labels[1]),
            interval=wilson_interval(correct, n),
            temperature=self._temperature(),
            edits=self.edits,
        )

    def _temperature(self) -> float | None:
        """Return the temperature that calibrates a softmax; None for other outputs.

        It is fitted to a sample of the test digits, so that it takes one slice and not five. Test digits may
        be used, because the temperature changes no answer and so no accuracy, and a single number can't learn
        them by heart.
        """
        if self._network.spec.activations[-1] != "softmax":
            return None
        stride = max(1, self._test_size // TEMPERATURE_SAMPLE)
        outputs, labels = np.concatenate(self._outputs)[::stride], self._labels[0][::stride]
        # The logarithm of a softmax is the logits minus a number, which cancels.
        return fit_temperature(np.log(np.maximum(outputs.astype(float), 1e-30)), labels)


class Evaluator:
    """Schedules passes over the network of the ``experiment``.

    Attributes:
        readings: the digits read in the last pass, or None.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self.forget()

    def forget(self) -> None:
        """Drop all measures, for another network or other digits."""
        self._pass: EvaluationPass | None = None
        self.readings: TestReadings | None = None
        self._finished = (-1, 0)  # samples and edits of the last pass
        self._urgent = False  # whether a pass over the end of an epoch is due or under way
        self._began_at, self._cost = -math.inf, 0.0  # of the last pass, in seconds
        self.rest()
        self._first_at, self._spent = time.perf_counter(), 0.0  # of all passes at the end of epochs

    def note_epoch(self, needed: bool = False) -> None:
        """Request a pass over the network at the end of an epoch.

        The request is ignored while the pass of an earlier epoch is unfinished; otherwise a pass that takes
        longer than an epoch would never end. It is also ignored where passes have taken too much of the
        time, unless the result is ``needed``: where epochs are short, not every epoch is measured.
        """
        allowed = CREDIT + EPOCH_SHARE * (time.perf_counter() - self._first_at)
        if not self._urgent and (needed or self._spent <= allowed):
            self._pass, self._urgent = None, True

    def rest(self) -> None:
        """Let the first seconds of training pass before the next pass within an epoch."""
        self._began_at = max(self._began_at, time.perf_counter() - EVERY / 2)

    @property
    def _now(self) -> tuple[int, int]:
        """The training images and edits of the present network."""
        return self._experiment.run.samples, self._experiment.run.edits

    @property
    def up_to_date(self) -> bool:
        """Whether the last pass is of the present network as it is, or there is nothing to measure."""
        return (
            self._experiment.test is None or not self._experiment.run.samples or self._finished == self._now
        )

    @property
    def known(self) -> bool:
        """Whether the measure on the page is of the present network as it is, or there is nothing to
        measure."""
        run = self._experiment.run
        measured = run.measured()
        return self.up_to_date or (measured is not None and measured.samples == run.samples)

    @property
    def valid_readings(self) -> TestReadings | None:
        """The digits read in the last pass; None if the network was edited since."""
        readings = self.readings
        return readings if readings is not None and readings.edits == self._experiment.run.edits else None

    @property
    def owes_epoch(self) -> bool:
        """Whether the end of an epoch is still to be measured."""
        there = self._experiment.train is not None and self._experiment.test is not None
        return self._urgent and there

    @property
    def owes_readings(self) -> bool:
        """Whether the digits that a trained network reads are unknown, as after it came from a file."""
        return self.valid_readings is None and not self.up_to_date

    def turn(self, seconds: float, paused: bool = False) -> None:
        """Work for about ``seconds`` if a pass is due; add its result to the run's curves.

        Args:
            paused: whether training is paused; a pass is then always due.
        """
        run, train, test = self._experiment.run, self._experiment.train, self._experiment.test
        if train is None or test is None:
            return
        self._drop_outdated(paused)
        if self._pass is None:
            if not (paused or self._urgent or self._due):
                return
            self._began_at, self._cost = time.perf_counter(), 0.0
            self._pass = EvaluationPass(
                run.network, run.preprocessing, train, test, run.samples, run.epoch, run.edits
            )
        began = time.perf_counter()
        evaluation = self._pass.advance(seconds)
        self._cost += time.perf_counter() - began
        if self._urgent:
            self._spent += time.perf_counter() - began
        if evaluation is not None:
            run.curves.add_evaluation(evaluation)
            self.readings = self._pass.readings()
            self._finished = evaluation.samples, evaluation.edits
            self._pass, self._urgent = None, False

    @property
    def _due(self) -> bool:
        """Whether the last pass within an epoch is long enough ago, or the network was edited since."""
        waited = time.perf_counter() - self._began_at
        return self._finished[1] != self._experiment.run.edits or waited >= max(EVERY, self._cost / SHARE)

    def _drop_outdated(self, paused: bool) -> None:
        """Drop a pass over a network that was edited since or, while ``paused``, trained since."""
        samples, edits = self._now
        known = self._pass
        if known is not None and not (known.is_of(samples, edits) if paused else known.edits == edits):
            self._pass = None
