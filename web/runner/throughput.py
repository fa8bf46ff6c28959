"""Measures how fast the present network learns: mini-batches that fill a slice, and images a second."""

from __future__ import annotations

from collections import deque

WINDOW = 1.5  # seconds over which images a second are averaged


def fitting(batches: int, seconds: float, wanted: float) -> int:
    """Return the number of mini-batches to ask for next, so that they take about ``wanted`` seconds.

    The number is at least 1 and at most doubles, because first steps are slow for other reasons.

    Args:
        batches, seconds: the last mini-batches, and the time that they took.
        wanted: time that the next should take, in seconds.
    """
    return max(1, min(2 * batches, round(batches * wanted / max(seconds, 1e-6))))


class Throughput:
    """The speed of training, measured from one step of the trainer to the next.

    Attributes:
        batches: number of mini-batches to ask for in the next slice.
    """

    def __init__(self) -> None:
        self._steps: deque[tuple[float, int]] = deque()
        self.forget()

    def forget(self) -> None:
        """Begin anew, for another network."""
        self.batches = 1
        self.rest()

    def rest(self) -> None:
        """Forget the speed, because training stops or begins."""
        self._steps.clear()

    def note(self, ended: float, samples: int) -> None:
        """Note that ``samples`` images in all had been learned from at the time ``ended``, in seconds."""
        self._steps.append((ended, samples))
        while self._steps[-1][0] - self._steps[0][0] > WINDOW:
            self._steps.popleft()

    def fit(self, seconds: float, wanted: float) -> None:
        """Adjust ``batches``, which took ``seconds``, so that the next take about ``wanted`` seconds."""
        self.batches = fitting(self.batches, seconds, wanted)

    @property
    def images_per_second(self) -> float | None:
        """The mean speed over the last ``WINDOW`` seconds; None before there are two steps."""
        if len(self._steps) < 2:
            return None
        (start, first), (end, last) = self._steps[0], self._steps[-1]
        return (last - first) / (end - start)
