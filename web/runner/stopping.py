"""Decides when training ends by itself: after the chosen epochs, or when the test loss stops falling.

``state.epochs`` and ``state.patience`` are the learner's choices; the command ``play`` may ask for another
number of epochs. Whole epochs are counted: the epoch under way when training begins is the first.
"""

from __future__ import annotations

from nncore.early_stopping import EarlyStopping
from web.runs.experiment import Experiment
from web.runs.history import WeightSnapshot
from web.runs.run import Run
from web.state.lab_state import LabState
from web.state.snapshot import Evaluation


class Stopping:
    """Counts the epochs of the present run and follows its test loss."""

    def __init__(self, state: LabState, experiment: Experiment) -> None:
        self._state, self._experiment = state, experiment
        self._run: Run | None = None  # the run to which the fields below belong
        self._from: int | None = None  # its epochs when counting began; None if not yet known
        self._asked: int | None = None  # epochs asked for in place of ``state.epochs``
        self._early: EarlyStopping | None = None
        self._seen: Evaluation | None = None

    def begin(self, asked: int | None = None) -> None:
        """Begin to count epochs, or continue a count that Pause interrupted.

        Args:
            asked: epochs to train for, 0 until paused; None for ``state.epochs``.
        """
        run = self._experiment.run
        if run is not self._run:
            self._run, self._early, self._seen = run, None, None
            self._from = None
        if asked is not None or self._asked is not None or self.reached:
            self._from = None
        self._asked = asked

    @property
    def count(self) -> int:
        """The number of epochs to train for, 0 until paused."""
        return self._state.epochs if self._asked is None else self._asked

    @property
    def goal(self) -> int | None:
        """The number of epochs at which the run will end; None if the learner ends it."""
        began = self._began()
        return None if began is None or not self.count else began + self.count

    def _began(self) -> int | None:
        """Return the epochs of the run when counting began; None before it has training digits."""
        trainer = self._experiment.run.trainer if self._experiment.run is self._run else None
        if self._from is None and trainer is not None:
            self._from = trainer.epoch
        return self._from

    @property
    def reached(self) -> bool:
        """Whether the epochs to train for are done."""
        goal, trainer = self.goal, self._experiment.run.trainer
        return goal is not None and trainer is not None and trainer.epoch >= goal

    def best_of_stalled(self) -> WeightSnapshot | None:
        """Return the moment of the lowest test loss if no lower one followed for ``state.patience`` epochs;
        otherwise None.

        That moment is pinned, so that it stays among the moments to rewind to.
        """
        run, patience, began = self._experiment.run, self._state.patience, self._began()
        if run.trainer is None or began is None or not patience:
            self._early = None
            return None
        self._early = self._early or EarlyStopping(patience)
        self._early.patience, self._early.since = patience, began
        newest = run.curves.evaluations[-1] if run.curves.evaluations else None
        if newest is None or newest is self._seen:
            return None
        self._seen = newest
        if newest.samples != run.samples or newest.epoch != run.trainer.epoch:
            return None  # it was not measured at the end of an epoch
        if self._early.note(newest.epoch, newest.test_loss):
            run.history.pin(run.now())
        if not self._early.exhausted(newest.epoch):
            return None
        self._from = None  # if training begins again, patience is counted anew
        return run.history.pinned
