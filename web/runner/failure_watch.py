"""Watches the present run for failure, and searches for settings that work, in slices.

The training losses, which cost nothing to read, show first that something is wrong. Only then is the network
examined, and only when a cause is found (``nncore.diagnosis``) are other settings tried on copies
(``nncore.remedy``).
"""

from __future__ import annotations

import time

from nncore.datasets import Dataset
from nncore.diagnosis import Diagnosis, Guessing, diagnose, diverged, guessing, sample_of
from nncore.events import DivergenceEvent, StepEvent
from nncore.loss_watch import LossWatch
from nncore.remedy import Search, find_remedy
from web.runs.experiment import Experiment

EVERY = 1.0  # seconds between two examinations of a network within a window of losses


class Doctor:
    """Diagnoses the network of the ``experiment`` and searches for a remedy.

    Attributes:
        found: the reason why the network fails to learn, with a remedy once one is known; None while it
            learns.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self.forget()

    def forget(self) -> None:
        """Begin to watch anew, for another network or other settings."""
        self.found: Diagnosis | None = None
        self._watch: LossWatch | None = None
        self._sample: Dataset | None = None
        self._guess: Guessing | None = None
        self._search: Search | None = None
        self._due, self._looked = False, time.perf_counter()

    @property
    def busy(self) -> bool:
        """Whether a search for settings that work is unfinished."""
        return self._search is not None

    def note(self, event: StepEvent, images: int) -> None:
        """Note a training step.

        Args:
            event: the step.
            images: number of images in it.
        """
        if self._watch is None:
            self._begin(event.samples - images)
        assert self._watch is not None
        self._due = self._watch.note(event) or self._due

    def note_divergence(self, event: DivergenceEvent) -> None:
        """Note that a number is no longer finite, and that training has stopped."""
        self._take(diverged(event))

    def turn(self, seconds: float) -> None:
        """Examine the network if it is due, then work on the remedy for about ``seconds``.

        Raises:
            RuntimeError: if no training digits have arrived.
        """
        end = time.perf_counter() + seconds
        trainer = self._experiment.run.need_trainer()
        if trainer.diverged is None and (self._due or time.perf_counter() - self._looked >= EVERY):
            self._look()
        while self._search is not None and time.perf_counter() < end:
            try:
                next(self._search)
            except StopIteration as done:
                self.found, self._search = done.value, None

    def _begin(self, samples: int) -> None:
        """Begin to watch a training that stands at ``samples`` images."""
        run = self._experiment.run
        dataset = run.need_trainer().dataset
        self._watch, self._sample = LossWatch(len(dataset), samples), sample_of(dataset)
        self._guess = guessing(run.network.spec, run.preprocessing, dataset.class_counts)

    def _look(self) -> None:
        """Examine the network, if its losses are watched."""
        self._due, self._looked = False, time.perf_counter()
        run, watch, sample, guess = self._experiment.run, self._watch, self._sample, self._guess
        if watch is None or sample is None or guess is None:
            return
        spec = run.need_trainer().spec
        self._take(diagnose(run.network, sample, run.preprocessing, spec, watch, guess))

    def _take(self, found: Diagnosis | None) -> None:
        """Store a diagnosis; for a new cause, begin the search for a remedy."""
        if found is None:
            self.found = self._search = None
        elif self.found is None or self.found.cause != found.cause:
            run, trainer = self._experiment.run, self._experiment.run.need_trainer()
            self.found = found
            self._search = find_remedy(found, run.network, trainer.dataset, run.preprocessing, trainer.spec)
