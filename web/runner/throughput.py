"""How fast the present network learns: how many mini-batches fill a slice, and how many images a second that
is."""

from __future__ import annotations

from collections import deque

WINDOW = 1.5  # seconds over which images a second are averaged


def fitting(batches: int, seconds: float, wanted: float) -> int:
    """Return how many mini-batches to ask for next, after ``batches`` took ``seconds``.

    Those that would have filled ``wanted`` seconds, but at least one, and at most twice as many as before:
    first steps are slow for other reasons.
    """
    return max(1, min(2 * batches, round(batches * wanted / max(seconds, 1e-6))))


class Throughput:
    """Measured from one step of the trainer to the next.

    Attributes:
        batches: how many mini-batches to ask for in the next slice.
    """

    def __init__(self) -> None:
        self._steps: deque[tuple[float, int]] = deque()
        self.forget()

    def forget(self) -> None:
        """Another network: nothing is known about it yet."""
        self.batches = 1
        self.rest()

    def rest(self) -> None:
        """Nothing is learned for now, at no speed."""
        self._steps.clear()

    def note(self, ended: float, samples: int) -> None:
        """At ``ended`` (seconds) so many images had been learned from in all."""
        self._steps.append((ended, samples))
        while self._steps[-1][0] - self._steps[0][0] > WINDOW:
            self._steps.popleft()

    def fit(self, seconds: float, wanted: float) -> None:
        """``batches`` took so many seconds: go towards what would have filled ``wanted``."""
        self.batches = fitting(self.batches, seconds, wanted)

    @property
    def images_per_second(self) -> float | None:
        """None before there are two steps to tell it from."""
        if len(self._steps) < 2:
            return None
        (start, first), (end, last) = self._steps[0], self._steps[-1]
        return (last - first) / (end - start)
