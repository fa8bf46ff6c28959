"""Announces the progress of training to people who use a screen reader: its beginning, each epoch, and its
end.

The sentences go to the page's live region (``boot/page/live-region.js``), which a screen reader reads out. An
epoch of a small network takes a second, so epochs are announced at most every ``EPOCHS_APART`` seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from web.state.lab_state import LabState
from web.state.snapshot import Evaluation, Snapshot

EPOCHS_APART = 10.0
"""Seconds between two announcements of an epoch."""


class Announcer:
    """Compares each snapshot with the one before, and announces the changes that a listener needs.

    Args:
        tell: takes a sentence.
        clock: returns the time in seconds.
    """

    def __init__(
        self, state: LabState, tell: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._tell, self._clock = tell, clock
        self._running = False
        self._stopping = False  # training has stopped, and its last measure is still to come
        self._told_at = -EPOCHS_APART  # time of the last announcement of an epoch
        self._told: Evaluation | None = None  # the last epoch announced, or over when training started
        state.param.watch(lambda event: self._hear(event.new), "snapshot")

    def _hear(self, snapshot: Snapshot) -> None:
        """Announce a beginning, an epoch or an end of training that ``snapshot`` shows."""
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
        """Announce the epoch that has ``ended``, unless it was announced or the last announcement is too
        recent."""
        if ended is None or ended == self._told or self._clock() - self._told_at < EPOCHS_APART:
            return
        self._told, self._told_at = ended, self._clock()
        self._tell(f"Epoch {round(ended.epoch)} done{_accuracy(ended)}.")


def _last_epoch(snapshot: Snapshot) -> Evaluation | None:
    """Return the latest measure that was taken at the end of an epoch, or None."""
    ends = (one for one in reversed(snapshot.evaluations) if one.epoch >= 1 and one.epoch == round(one.epoch))
    return next(ends, None)


def _measured(snapshot: Snapshot) -> bool:
    """Return whether the network has been measured as it is, or there is nothing to measure."""
    if not snapshot.samples or not snapshot.test_size:
        return True
    return snapshot.evaluation is not None and snapshot.evaluation.samples == snapshot.samples


def _accuracy(measure: Evaluation | None) -> str:
    """Return the test accuracy as part of a sentence; empty without a measure."""
    return f", test accuracy {100 * measure.test_accuracy:.2f} percent" if measure else ""
