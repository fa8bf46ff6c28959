"""Follows a run on the command line, diagnoses a failure, and finds settings that work."""

from __future__ import annotations

from dataclasses import replace

from nncore.diagnosis import Diagnosis, diagnose, guessing, sample_of
from nncore.events import StepEvent
from nncore.loss_watch import LossWatch
from nncore.remedy import find_remedy, finished
from nncore.training import Trainer


class Doctor:
    """Follows the run of ``trainer`` by its events."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer, self._watch = trainer, LossWatch(len(trainer.dataset))
        self._sample = sample_of(trainer.dataset)
        self._guess = guessing(trainer.network.spec, trainer.preprocessing, trainer.dataset.class_counts)
        self._found: Diagnosis | None = None

    def note(self, event: StepEvent) -> None:
        """Note the losses of some mini-batches."""
        self._watch.note(event)

    def diagnose(self) -> Diagnosis | None:
        """Return the reason why the network does not learn; None if it does."""
        trainer = self._trainer
        return diagnose(
            trainer.network, self._sample, trainer.preprocessing, trainer.spec, self._watch, self._guess
        )

    def with_remedy(self, diagnosis: Diagnosis) -> Diagnosis:
        """Return the diagnosis with settings that work, if there are any; the search is made once."""
        if self._found is None:
            trainer = self._trainer
            self._found = finished(
                find_remedy(diagnosis, trainer.network, trainer.dataset, trainer.preprocessing, trainer.spec)
            )
        return replace(diagnosis, remedy=self._found.remedy, anew=self._found.anew)
