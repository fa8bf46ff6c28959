"""Averages training loss and accuracy over windows long enough to tell a failing run from a young one.

A single mini-batch says little, and every network guesses at first. A window has enough images and updates to
bring each preset clearly below the loss of guessing, so two windows without progress mean something.
"""

from __future__ import annotations

from dataclasses import dataclass

from nncore.events import StepEvent

IMAGES, UPDATES = 5000, 100
"""The smallest number of images and of updates in a window."""
ROUNDS = 5
"""The number of passes over a small data set that are enough for a window, in place of ``IMAGES``."""


@dataclass(frozen=True)
class Window:
    """The mean ``loss`` and ``accuracy`` (0 to 1) over ``images`` images in ``updates`` updates."""

    images: int = 0
    updates: int = 0
    loss: float = 0.0
    accuracy: float = 0.0

    def with_step(self, images: int, event: StepEvent) -> Window:
        """Return the window with the ``images`` images of ``event`` added to it."""
        total = self.images + images
        share = images / total if total else 0.0
        return Window(
            total,
            self.updates + event.batch_count,
            self.loss + share * (event.loss - self.loss),
            self.accuracy + share * (event.accuracy - self.accuracy),
        )


class LossWatch:
    """Follows a run by its events.

    Args:
        images: the number of images in the data set.
        samples: images trained on before the first event.

    Attributes:
        before, now: the last two complete windows; None until then.
        since: the window that is being filled.
    """

    def __init__(self, images: int, samples: int = 0) -> None:
        self._needed = min(IMAGES, ROUNDS * images)
        self._samples = samples
        self.before: Window | None = None
        self.now: Window | None = None
        self.since = Window()

    def note(self, event: StepEvent) -> bool:
        """Add an event; return whether it completes a window."""
        self.since = self.since.with_step(event.samples - self._samples, event)
        self._samples = event.samples
        if self.since.images < self._needed or self.since.updates < UPDATES:
            return False
        self.before, self.now, self.since = self.now, self.since, Window()
        return True
