"""Sums up training loss and accuracy in windows, long enough to tell a run that fails from one that begins.

A single mini-batch says little, and every network guesses at first. A window is as many images and updates as
bring each preset clearly below the loss of guessing, so two of them without progress mean something.
"""

from __future__ import annotations

from dataclasses import dataclass

from nncore.events import StepEvent

IMAGES, UPDATES = 5000, 100
"""How many images and updates a window has at least."""
ROUNDS = 5
"""A data set that is smaller than ``IMAGES`` counts as seen after so many rounds."""


@dataclass(frozen=True)
class Window:
    """The mean ``loss`` and ``accuracy`` (0 to 1) over ``images`` images in ``updates`` updates."""

    images: int = 0
    updates: int = 0
    loss: float = 0.0
    accuracy: float = 0.0

    def with_step(self, images: int, event: StepEvent) -> Window:
        """Return the window with the mini-batches of ``event``, of so many images, added to it."""
        total = self.images + images
        share = images / total if total else 0.0
        return Window(
            total,
            self.updates + event.batch_count,
            self.loss + share * (event.loss - self.loss),
            self.accuracy + share * (event.accuracy - self.accuracy),
        )


class LossWatch:
    """Follows a run, from its events.

    Args:
        images: how many the data set has.
        samples: trained on before the first event.

    Attributes:
        before, now: the last two windows that are complete, None until then.
        since: the window that is being filled.
    """

    def __init__(self, images: int, samples: int = 0) -> None:
        self._needed = min(IMAGES, ROUNDS * images)
        self._samples = samples
        self.before: Window | None = None
        self.now: Window | None = None
        self.since = Window()

    def note(self, event: StepEvent) -> bool:
        """Add what the event tells; returns whether a window is complete with it."""
        self.since = self.since.with_step(event.samples - self._samples, event)
        self._samples = event.samples
        if self.since.images < self._needed or self.since.updates < UPDATES:
            return False
        self.before, self.now, self.since = self.now, self.since, Window()
        return True
