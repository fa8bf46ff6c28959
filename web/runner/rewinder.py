"""Shows the moment of the training that ``state.rewind`` names, and measures it.

A slider moves many times a second. Moments that the page can't draw in time are skipped. Where the slider
rests, the pictures are finished and the accuracy is measured, if it is unknown.
"""

from __future__ import annotations

import asyncio

from web.runner.background import SLICE, BackgroundTask, yield_to_loop
from web.runner.context import RunnerContext
from web.runner.evaluator import EvaluationPass
from web.runner.idle_work import IdleWork
from web.runner.publisher import Publisher
from web.runs.history import WeightSnapshot


class Rewinder:
    """Acts on ``state.rewind``: a number of images, or None for the present."""

    def __init__(self, context: RunnerContext, publisher: Publisher, idle_work: IdleWork) -> None:
        self._state, self._experiment, self._backqueries = (
            context.state,
            context.experiment,
            context.backqueries,
        )
        self._publisher, self._idle_work = publisher, idle_work
        self._background = BackgroundTask(context.state, self._look_back)
        context.state.param.watch(self._on_rewind, "rewind")

    def _on_rewind(self, *_: object) -> None:
        """Stop training and begin to show the moment, or show the present again."""
        if self._state.rewind is None:
            self._show(None)
            return
        self._state.running = False
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # no loop: a test, or a script
            self._show(self._experiment.run.history.nearest(self._state.rewind))
            return
        self._background.begin()

    async def _look_back(self) -> None:
        """Show one moment after another while the slider moves; finish and measure the last."""
        while (wanted := self._state.rewind) is not None:
            moment = self._experiment.run.history.nearest(wanted)
            if moment is not self._experiment.moment:
                self._show(moment)
                await self._publisher.until_drawn()
                continue
            # The moment that is wanted is shown: the slider rests.
            self._backqueries.settle()
            self._idle_work.finish()
            await self._measure(wanted)
            if self._state.rewind == wanted and self._experiment.moment is moment:
                return

    async def _measure(self, wanted: int) -> None:
        """Measure the moment that is shown, if it was not measured at that time; stop when another is wanted.

        Args:
            wanted: the value of ``state.rewind`` for this moment.
        """
        run, moment = self._experiment.run, self._experiment.moment
        train, test = self._experiment.train, self._experiment.test
        if moment is None or train is None or test is None:
            return
        known = run.measured(moment)
        if known is not None and known.samples == moment.samples:
            return
        passing = EvaluationPass(
            moment.network,
            run.preprocessing,
            train,
            test,
            moment.samples,
            moment.at,
            run.edits_until(moment),
        )
        while self._state.rewind == wanted and self._experiment.moment is moment:
            if (evaluation := passing.advance(SLICE)) is not None:
                run.curves.add_evaluation(evaluation)
                self._publisher.publish()
                return
            await yield_to_loop()

    def _show(self, moment: WeightSnapshot | None) -> None:
        """Show ``moment``, or the present for None, and publish it."""
        if moment is self._experiment.moment:
            return
        self._experiment.moment = moment
        self._backqueries.follow()
        self._publisher.publish()
