"""Tells people who can't see the page how the training goes: that it began, each epoch, that it stopped.

What is told goes to the page's live region (``boot/page/live-region.js``), which a screen reader reads out.
An epoch of a small network takes a second, so epochs are told at most every ``EPOCHS_APART`` seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from web.state.lab_state import LabState
from web.state.snapshot import Evaluation, Snapshot

EPOCHS_APART = 10.0
"""Seconds between two announcements of an epoch."""


class Announcer:
    """Compares each snapshot with the one before and tells what a listener should know.

    Args:
        tell: takes a sentence.
        clock: gives the time in seconds.
    """

    def __init__(
        self, state: LabState, tell: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._tell, self._clock = tell, clock
        self._running = False
        self._stopping = False  # it has stopped, and how well it does then isn't measured yet
        self._told_at = -EPOCHS_APART  # the clock when an epoch was told last
        self._told: Evaluation | None = None  # the last epoch that was told or is not to be told
        state.param.watch(lambda event: self._hear(event.new), "snapshot")

    def _hear(self, snapshot: Snapshot) -> None:
        if snapshot.running != self._running:
            self._running, self._stopping = snapshot.running, not snapshot.running
            if snapshot.running:
                self._told = _last_epoch(snapshot)
                self._tell("Training started.")
        if self._running:
            self._hear_epoch(_last_epoch(snapshot))
        elif self._stopping and _measured(snapshot):
            self._stopping = False
            self._tell(f"Training stopped after {snapshot.samples:,} images{_accuracy(snapshot.evaluation)}.")

    def _hear_epoch(self, ended: Evaluation | None) -> None:
        if ended is None or ended == self._told or self._clock() - self._told_at < EPOCHS_APART:
            return
        self._told, self._told_at = ended, self._clock()
        self._tell(f"Epoch {round(ended.epoch)} done{_accuracy(ended)}.")


def _last_epoch(snapshot: Snapshot) -> Evaluation | None:
    """The latest measure that was taken at the end of an epoch."""
    ends = (one for one in reversed(snapshot.evaluations) if one.epoch >= 1 and one.epoch == round(one.epoch))
    return next(ends, None)


def _measured(snapshot: Snapshot) -> bool:
    """Whether the network as it is has been measured, or there is nothing to measure."""
    if not snapshot.samples or not snapshot.test_size:
        return True
    return snapshot.evaluation is not None and snapshot.evaluation.samples == snapshot.samples


def _accuracy(measure: Evaluation | None) -> str:
    return f", test accuracy {100 * measure.test_accuracy:.2f} percent" if measure else ""
