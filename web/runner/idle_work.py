"""Finishes what is still to be imagined or measured for what is shown while no network learns.

While one does, ``learning`` gives them a share of every slice. Otherwise what a snapshot shows unfinished is
finished here, and every snapshot sees to that.
"""

from __future__ import annotations

from web.runner.background import SLICE, BackgroundTask, yield_to_loop
from web.runner.context import RunnerContext
from web.runner.publisher import Publisher
from web.state.tabs import MISTAKES


class IdleWork:
    """The back-query's pictures, the use of neurons and, for who looks at the mistakes, what is read in each
    test digit; in slices."""

    def __init__(self, context: RunnerContext, publisher: Publisher) -> None:
        self._state, self._experiment, self._publisher = context.state, context.experiment, publisher
        self._backqueries, self._inspector, self._evaluator = (
            context.backqueries,
            context.inspector,
            context.evaluator,
        )
        self._background = BackgroundTask(context.state, self._work)
        context.state.param.watch(lambda _event: self.finish(), ["snapshot", "tab"])

    @property
    def _wanted(self) -> bool:
        # The build draws the page and keeps its memory, with no work under way: it begins when digits come.
        if self._state.running or self._experiment.train is None:
            return False
        return self._backqueries.busy or self._inspector.busy or self._readings_wanted

    @property
    def _readings_wanted(self) -> bool:
        return self._state.tab == MISTAKES and self._evaluator.owes_readings

    def finish(self) -> None:
        """Let unfinished pictures be finished, unless training does it by the way."""
        if self._wanted:
            self._background.begin()

    async def _work(self) -> None:
        while True:
            while self._wanted:
                self._backqueries.turn(SLICE)
                self._inspector.turn(SLICE)
                if self._readings_wanted:
                    self._evaluator.turn(SLICE, paused=True)
                if self._publisher.due:
                    self._publisher.publish()
                await yield_to_loop()
            self._publisher.publish()
            if not self._wanted:  # what was published may itself have asked for more
                return
