"""Finishes imagined pictures and measures while no network learns.

While a network learns, ``training_loop`` gives them a share of every slice. Otherwise they are finished here,
after every snapshot that shows them unfinished.
"""

from __future__ import annotations

from web.runner.background import SLICE, BackgroundTask, yield_to_loop
from web.runner.context import RunnerContext
from web.runner.publisher import Publisher
from web.state.tabs import MISTAKES


class IdleWork:
    """Finishes, in slices, the back-query's pictures, the use of neurons and, while the tab *Mistakes* is in
    front, the digits read in the test set."""

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
        """Whether no network learns and something is unfinished."""
        # Nothing is done before digits arrive: the build saves its memory then, and no task may be running.
        if self._state.running or self._experiment.train is None:
            return False
        return self._backqueries.busy or self._inspector.busy or self._readings_wanted

    @property
    def _readings_wanted(self) -> bool:
        """Whether the tab *Mistakes* waits for the digits read in the test set."""
        return self._state.tab == MISTAKES and self._evaluator.owes_readings

    def finish(self) -> None:
        """Start the work that is left, unless a network learns."""
        if self._wanted:
            self._background.begin()

    async def _work(self) -> None:
        """Work in slices until nothing is left, and publish the results."""
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
            if not self._wanted:  # publishing may have begun further work
                return
