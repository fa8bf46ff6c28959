"""Decides when training ends by itself: after the epochs asked for, or when the test loss stops falling.

``state.epochs`` and ``state.patience`` are the learner's choices; the command ``play`` may ask for another
number of epochs. Whole epochs are counted: the one under way when training begins is the first.
"""

from __future__ import annotations

from nncore.early_stopping import EarlyStopping
from web.history import Moment
from web.run import Run
from web.snapshot import Evaluation
from web.state import LabState
from web.workbench import Workbench


class Stopping:
    """Counts the epochs of the run on the ``bench`` and follows its test loss."""

    def __init__(self, state: LabState, bench: Workbench) -> None:
        self._state, self._bench = state, bench
        self._run: Run | None = None  # the run that the following is about
        self._from: int | None = None  # epochs that it had when counting began; None before that is known
        self._asked: int | None = None  # epochs asked for in place of ``state.epochs``
        self._early: EarlyStopping | None = None
        self._seen: Evaluation | None = None

    def begin(self, asked: int | None = None) -> None:
        """Begin to count, or go on with a count that Pause interrupted.

        Args:
            asked: epochs to train for, 0 until paused; None for those that ``state.epochs`` says.
        """
        run = self._bench.run
        if run is not self._run:
            self._run, self._early, self._seen = run, None, None
            self._from = None
        if asked is not None or self._asked is not None or self.reached:
            self._from = None
        self._asked = asked

    @property
    def count(self) -> int:
        """How many epochs training goes on for, 0 until paused."""
        return self._state.epochs if self._asked is None else self._asked

    @property
    def goal(self) -> int | None:
        """How many epochs the run will have when training ends; None if that is left to the learner."""
        began = self._began()
        return None if began is None or not self.count else began + self.count

    def _began(self) -> int | None:
        """How many epochs the run had when counting began; None as long as it has no digits to train on."""
        trainer = self._bench.run.trainer if self._bench.run is self._run else None
        if self._from is None and trainer is not None:
            self._from = trainer.epoch
        return self._from

    @property
    def reached(self) -> bool:
        """Whether the epochs asked for are done."""
        goal, trainer = self.goal, self._bench.run.trainer
        return goal is not None and trainer is not None and trainer.epoch >= goal

    def best_of_stalled(self) -> Moment | None:
        """The moment of the lowest test loss, if there was none lower for ``state.patience`` epochs. It stays
        among the moments to go back to, whenever training ends."""
        run, patience, began = self._bench.run, self._state.patience, self._began()
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
            return None  # of another moment than the end of an epoch
        if self._early.note(newest.epoch, newest.test_loss):
            run.history.pin(run.now())
        if not self._early.exhausted(newest.epoch):
            return None
        self._from = None  # training that is begun again has as much patience
        return run.history.pinned
