"""Finishes what is still to be imagined or measured for the pictures while no network learns.

While one does, ``learning`` gives them a share of every slice. Otherwise what a snapshot shows unfinished is
finished here, and every snapshot sees to that.
"""

from __future__ import annotations

from web.runner.parts import Parts
from web.runner.publisher import Publisher
from web.runner.slices import SLICE, Errand, breathe


class Pictures:
    """The back-query's pictures and the use of neurons, in slices."""

    def __init__(self, parts: Parts, publisher: Publisher) -> None:
        self._state, self._bench, self._publisher = parts.state, parts.bench, publisher
        self._imaginer, self._insight = parts.imaginer, parts.insight
        self._errand = Errand(parts.state, self._work)
        parts.state.param.watch(lambda _event: self.finish(), "snapshot")

    @property
    def _wanted(self) -> bool:
        # The build draws the page and keeps its memory, with no work under way: it begins when digits come.
        if self._state.running or self._bench.train is None:
            return False
        return self._imaginer.busy or self._insight.busy

    def finish(self) -> None:
        """Let unfinished pictures be finished, unless training does it by the way."""
        if self._wanted:
            self._errand.begin()

    async def _work(self) -> None:
        while True:
            while self._wanted:
                self._imaginer.turn(SLICE)
                self._insight.turn(SLICE)
                if self._publisher.due:
                    self._publisher.publish()
                await breathe()
            self._publisher.publish()
            if not self._wanted:  # what was published may itself have asked for more
                return
