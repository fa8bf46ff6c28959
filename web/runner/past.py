"""Going back: shows the moment of the training that ``state.rewind`` names, and measures it.

A slider says where it stands many times a second. What the page can't draw in time is left out; where the
slider rests, the pictures are finished and the accuracy is found, if it wasn't measured then.
"""

from __future__ import annotations

import asyncio

from web.evaluator import EvaluationPass
from web.history import Moment
from web.runner.parts import Parts
from web.runner.pictures import Pictures
from web.runner.publisher import Publisher
from web.runner.slices import SLICE, Errand, breathe


class Past:
    """Acts on ``state.rewind``: a number of samples, or None for now."""

    def __init__(self, parts: Parts, publisher: Publisher, pictures: Pictures) -> None:
        self._state, self._bench, self._imaginer = parts.state, parts.bench, parts.imaginer
        self._publisher, self._pictures = publisher, pictures
        self._errand = Errand(parts.state, self._look_back)
        parts.state.param.watch(self._on_rewind, "rewind")

    def _on_rewind(self, *_: object) -> None:
        if self._state.rewind is None:
            self._show(None)
            return
        self._state.running = False
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # no loop: a test, or a script
            self._show(self._bench.run.history.nearest(self._state.rewind))
            return
        self._errand.begin()

    async def _look_back(self) -> None:
        while (wanted := self._state.rewind) is not None:
            moment = self._bench.run.history.nearest(wanted)
            if moment is not self._bench.moment:
                self._show(moment)
                await self._publisher.until_drawn()
                continue
            # The slider rests.
            self._imaginer.settle()
            self._pictures.finish()
            await self._measure(wanted)
            if self._state.rewind == wanted and self._bench.moment is moment:
                return

    async def _measure(self, wanted: int) -> None:
        """Find the accuracy of the moment that is shown, if it wasn't measured then; give up when another
        is wanted."""
        run, moment = self._bench.run, self._bench.moment
        train, test = self._bench.train, self._bench.test
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
        while self._state.rewind == wanted and self._bench.run is run:
            if (evaluation := passing.advance(SLICE)) is not None:
                run.curves.add_evaluation(evaluation)
                self._publisher.publish()
                return
            await breathe()

    def _show(self, moment: Moment | None) -> None:
        if moment is self._bench.moment:
            return
        self._bench.moment = moment
        self._imaginer.follow()
        self._publisher.publish()
