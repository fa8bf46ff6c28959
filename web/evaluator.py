"""Test accuracy, a slice at a time: a pass over thousands of digits takes seconds where no fast kernel runs.

The network goes on learning between two slices, so a pass works on a copy taken when it began, and its result
says at how many samples that was. ``Evaluator`` decides when: at once after each epoch and each edit of the
network, in between every few seconds, for a bounded share of the time.
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
from web.snapshot import Evaluation, TestReadings
from web.workbench import Workbench

CHUNK = 100  # digits a forward pass in plain NumPy,
FAST_CHUNK = 1000  # and with a kernel: a few thousandths of a second each
TRAIN_SAMPLE = 2000  # training digits measured beside the test set
TEMPERATURE_SAMPLE = 1000  # test digits that calibrate
EVERY = 3.0  # seconds from one pass to the next within an epoch,
SHARE = 0.05  # or longer, so that measuring takes no more of the time


class EvaluationPass:
    """One pass over ``test`` and over a sample of ``train``, with ``network`` as it is now."""

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
        # Every k-th training digit: MNIST's order is mixed, but by writer, not evenly.
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
        """Work for about ``seconds`` (at least one chunk); the result when the pass is complete, else
        None."""
        end = time.perf_counter() + seconds
        while self._chunks:
            self._measure(*self._chunks.pop(0))
            if time.perf_counter() >= end:
                break
        return None if self._chunks else self._result()

    def _measure(self, part: int, chunk: slice) -> None:
        labels = self._labels[part][chunk]
        outputs, losses = measure(self._network, self._pixels[part][chunk], labels, self._preprocessing)
        self._correct[part] += int(np.count_nonzero(outputs.argmax(axis=1) == labels))
        if part == 0:
            self._loss += float(losses.sum())
            self._read[chunk] = outputs.argmax(axis=1)
            self._sure[chunk] = confidence(outputs)
            self._outputs.append(outputs)

    def readings(self) -> TestReadings:
        """What was read in each test digit; of a pass that is complete."""
        return TestReadings(self._samples, self._test, self._read, self._sure, self.edits)

    def is_of(self, samples: int, edits: int) -> bool:
        """Whether it measures the network as it was then."""
        return (self._samples, self.edits) == (samples, edits)

    def _result(self) -> Evaluation:
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
        """Fitted on test digits, a sample so that it takes a slice and not five: it changes no answer and so
        no accuracy, and one number is not learned by heart."""
        if self._network.spec.activations[-1] != "softmax":
            return None
        stride = max(1, self._test_size // TEMPERATURE_SAMPLE)
        outputs, labels = np.concatenate(self._outputs)[::stride], self._labels[0][::stride]
        # Of a softmax, the logarithms are the logits less a number that falls out.
        return fit_temperature(np.log(np.maximum(outputs.astype(float), 1e-30)), labels)


class Evaluator:
    """Schedules passes over what is on the ``bench``."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self.forget()

    def forget(self) -> None:
        """Another network or other digits: what was measured doesn't count any more."""
        self._pass: EvaluationPass | None = None
        self.readings: TestReadings | None = None  # of the last pass
        self._finished = (-1, 0)  # samples and edits of the last pass
        self._urgent = False  # whether a pass over the end of an epoch is due or under way
        self._began_at, self._cost = -math.inf, 0.0  # of the last pass, in seconds

    def note_epoch(self) -> None:
        """An epoch has ended: that calls for a pass over the network as it is at that very moment, unless the
        last epoch's is still under way, or a pass longer than an epoch would never end."""
        if not self._urgent:
            self._pass, self._urgent = None, True

    @property
    def _now(self) -> tuple[int, int]:
        return self._bench.run.samples, self._bench.run.edits

    @property
    def up_to_date(self) -> bool:
        """Whether the network as it is has been measured, or nothing is there to measure."""
        return self._bench.test is None or not self._bench.run.samples or self._finished == self._now

    @property
    def known(self) -> bool:
        """Whether the measure that is shown is of the network as it is, or nothing is there to measure."""
        run = self._bench.run
        measured = run.measured()
        return self.up_to_date or (measured is not None and measured.samples == run.samples)

    @property
    def valid_readings(self) -> TestReadings | None:
        """What was read in the last pass, unless the network has been edited since."""
        readings = self.readings
        return readings if readings is not None and readings.edits == self._bench.run.edits else None

    @property
    def owes_epoch(self) -> bool:
        """Whether the end of an epoch is still to be measured."""
        there = self._bench.train is not None and self._bench.test is not None
        return self._urgent and there

    @property
    def owes_readings(self) -> bool:
        """Whether what a trained network reads in each digit isn't known, as when it came from a file or was
        brought back."""
        return self.valid_readings is None and not self.up_to_date

    def turn(self, seconds: float, paused: bool = False) -> None:
        """Work for about ``seconds`` if it is time to; a finished pass goes to the run's curves."""
        run, train, test = self._bench.run, self._bench.train, self._bench.test
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
        if evaluation is not None:
            run.curves.add_evaluation(evaluation)
            self.readings = self._pass.readings()
            self._finished = evaluation.samples, evaluation.edits
            self._pass, self._urgent = None, False

    @property
    def _due(self) -> bool:
        """Whether the last pass within an epoch is long enough ago, or was of a network before an edit."""
        waited = time.perf_counter() - self._began_at
        return self._finished[1] != self._bench.run.edits or waited >= max(EVERY, self._cost / SHARE)

    def _drop_outdated(self, paused: bool) -> None:
        """Give up a pass over a network that has been edited since or, during a pause, that has learned
        since."""
        samples, edits = self._now
        known = self._pass
        if known is not None and not (known.is_of(samples, edits) if paused else known.edits == edits):
            self._pass = None
