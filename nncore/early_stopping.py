"""Early stopping: ends training when the loss on held-out images has stopped falling.

A network that learns its training images by heart keeps improving on them and gets worse on all others. The
weights to keep are those from before (Prechelt, "Early Stopping - But When?", 1998; this is his third
criterion, in epochs). Choosing them by the test loss makes the test accuracy slightly too good: if there is a
validation set, use its loss.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from nncore.checks import require


@dataclass
class EarlyStopping:
    """Follows the loss on held-out images from epoch to epoch.

    Attributes:
        patience: the number of epochs without a better loss after which to stop, at least 1.
        since: the epoch from which patience counts, if training was started again after a stop.
        best: the lowest loss noted, infinite before the first.
        best_at: the epoch of the lowest loss.

    Raises:
        ValueError: for a patience below 1.

    >>> stopping = EarlyStopping(patience=2)
    >>> [stopping.note(epoch, loss) for epoch, loss in ((1, 0.5), (2, 0.3), (3, 0.4), (4, 0.35))]
    [True, True, False, False]
    >>> stopping.exhausted(3), stopping.exhausted(4), stopping.best_at
    (False, True, 2)
    """

    patience: int
    since: float = 0.0
    best: float = math.inf
    best_at: float = 0.0

    def __post_init__(self) -> None:
        require(self.patience >= 1, "patience", self.patience, "at least 1")

    def note(self, epoch: float, loss: float) -> bool:
        """Note the ``loss`` after ``epoch`` epochs; return whether it is the lowest so far. NaN never is."""
        if not loss < self.best:
            return False
        self.best, self.best_at = loss, epoch
        return True

    def exhausted(self, epoch: float) -> bool:
        """Return whether the loss has not fallen for ``patience`` epochs, after ``epoch`` epochs."""
        return epoch - max(self.best_at, self.since) >= self.patience
