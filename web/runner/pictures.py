"""Finishes what is still to be imagined or measured for what is shown while no network learns.

While one does, ``learning`` gives them a share of every slice. Otherwise what a snapshot shows unfinished is
finished here, and every snapshot sees to that.
"""

from __future__ import annotations

from web.runner.parts import Parts
from web.runner.publisher import Publisher
from web.runner.slices import SLICE, Errand, breathe


class Pictures:
    """The back-query's pictures, the use of neurons and, for who looks at the mistakes, what is read in each
    test digit; in slices."""

    def __init__(self, parts: Parts, publisher: Publisher) -> None:
        self._state, self._bench, self._publisher = parts.state, parts.bench, publisher
        self._imaginer, self._insight, self._evaluator = parts.imaginer, parts.insight, parts.evaluator
        self._errand = Errand(parts.state, self._work)
        parts.state.param.watch(lambda _event: self.finish(), ["snapshot", "reviewing"])

    @property
    def _wanted(self) -> bool:
        # The build draws the page and keeps its memory, with no work under way: it begins when digits come.
        if self._state.running or self._bench.train is None:
            return False
        return self._imaginer.busy or self._insight.busy or self._readings_wanted

    @property
    def _readings_wanted(self) -> bool:
        return self._state.reviewing and self._evaluator.owes_readings

    def finish(self) -> None:
        """Let unfinished pictures be finished, unless training does it by the way."""
        if self._wanted:
            self._errand.begin()

    async def _work(self) -> None:
        while True:
            while self._wanted:
                self._imaginer.turn(SLICE)
                self._insight.turn(SLICE)
                if self._readings_wanted:
                    self._evaluator.turn(SLICE, paused=True)
                if self._publisher.due:
                    self._publisher.publish()
                await breathe()
            self._publisher.publish()
            if not self._wanted:  # what was published may itself have asked for more
                return
