"""Training, slice by slice: acts on ``state.running``.

An evaluation and the back-query's pictures are cut into the same slices and take a bounded share of the time
while an epoch is under way.
"""

from __future__ import annotations

import asyncio
import time

from nncore.training import DivergenceEvent
from web.mixing import Mixing
from web.runner.parts import Parts
from web.runner.publisher import Publisher
from web.runner.slices import SLICE, Errand, breathe

# While somebody draws, and for so many seconds after, slices are short and hold nothing but learning: a
# stroke waits for several of them on its way here and back, and is to be read within a tenth of a second.
DRAWING, SHORT_SLICE = 0.5, 0.008


class Learning:
    """Trains the network on the bench while ``state.running``, and measures it when that ends."""

    def __init__(self, parts: Parts, publisher: Publisher) -> None:
        self._parts, self._publisher = parts, publisher
        self._state, self._bench, self._tempo = parts.state, parts.bench, parts.tempo
        self._mixing = Mixing(parts.state)
        self._errand = Errand(parts.state, self._work)
        self._drawn = -DRAWING  # when the pad changed last
        self._stopping = parts.stopping
        self._asked: int | None = None  # epochs that are asked for in place of the choice
        self._sliced = 0.0  # when the last slice ended
        parts.state.param.watch(self._on_running, "running")

    # --- what the learner does

    def _on_running(self, *_: object) -> None:
        self._tempo.rest()
        if self._state.running:
            self._sliced = time.perf_counter()
            self._state.param.update(rewind=None, ended="")
            self._stopping.begin(self._asked)
            waits = "Begins with the first digits, which are on their way."
            self._state.tell("" if self._bench.run.trainer else waits)
            self.work_on()
        self._publisher.publish()

    def play(self, epochs: int | None = None) -> None:
        """Train for so many ``epochs``, 0 until paused; None for as many as are chosen. The epoch under way
        counts as the first."""
        self._asked = epochs
        try:
            if not self._state.running:
                self._state.running = True
            elif epochs is not None:
                self._stopping.begin(epochs)
                self._publisher.publish()
        finally:
            self._asked = None

    def step(self) -> None:
        """One mini-batch, then pause.

        Raises:
            RuntimeError: if no digits have arrived yet.
        """
        run = self._bench.run
        run.need_trainer()
        self._state.param.update(rewind=None, ended="")
        self._state.running = False
        self._tempo.batches = 1
        run.remember()
        self._learn()
        self._tempo.rest()
        run.remember()
        self._parts.imaginer.settle()
        self._parts.log.note(run)
        self._publisher.publish()

    async def epoch(self) -> None:
        """Train to the end of this epoch and measure; returns when that is done, or when somebody pauses.

        Raises:
            RuntimeError: if no digits have arrived yet.
        """
        self._bench.run.need_trainer()
        self.play(1)
        while self._errand.under_way:
            await asyncio.sleep(0.01)

    def pen_moves(self) -> None:
        """Somebody draws: slices are short for a while."""
        self._drawn = time.perf_counter()

    def work_on(self) -> None:
        """Have the work done that there is: training, or, while paused, measuring what is there."""
        self._errand.begin()

    def forget(self) -> None:
        """Another network is on the bench: its time is counted from now on."""
        self._tempo.forget()
        self._state.ended = ""
        self._sliced = time.perf_counter()

    # --- slices

    async def _work(self) -> None:
        """Train until paused, then measure what is there, unless training is asked for again; a breath after
        every slice."""
        evaluator = self._parts.evaluator
        while self._state.running or not evaluator.up_to_date:
            if not self._state.running:
                evaluator.turn(SLICE, paused=True)
            elif self._bench.run.trainer is not None:
                self._slice()
            await breathe()
        self._parts.log.note(self._bench.run)
        self._parts.imaginer.settle()
        self._publisher.publish()

    def _slice(self) -> None:
        run = self._bench.run
        run.remember()
        if self._state.patience and self._parts.evaluator.owes_epoch:
            self._parts.evaluator.turn(SLICE)  # whether there is a next epoch depends on it
        elif time.perf_counter() - self._drawn < DRAWING:
            self._learn(SHORT_SLICE)
        else:
            self._learn()
            self._parts.evaluator.turn(SLICE)
            self._parts.imaginer.turn(SLICE, learning=True)
            self._parts.insight.turn(SLICE)
        self._end_early()
        now = time.perf_counter()
        run.seconds += now - self._sliced
        self._sliced = now
        self._publisher.publish_in_time()

    def _learn(self, time_for_it: float = SLICE) -> None:
        """One slice of training: as many mini-batches as fit into so many seconds, never past the epoch's
        end."""
        run, trainer, asked = self._bench.run, self._bench.run.need_trainer(), self._tempo.batches
        before, goal = trainer.samples, self._stopping.goal
        self._mixing.attach(trainer)
        self._mixing.turn(time_for_it / 3)
        began = time.perf_counter()
        event = trainer.step(asked)
        seconds = time.perf_counter() - began
        if isinstance(event, DivergenceEvent):
            self._state.running = False
            self._state.tell(f"Training stopped in step {event.step:,}: {event.cause}")
            return
        run.curves.add_step(event.samples - before, run.epoch, event.loss, event.accuracy)
        if event.epoch_ended:
            self._parts.evaluator.note_epoch()
        self._tempo.note(began + seconds, event.samples)
        if event.batch_count == asked:  # not cut short by the epoch's end
            self._tempo.fit(seconds, time_for_it)
        if event.epoch_ended and self._state.running and goal is not None and trainer.epoch >= goal:
            self._state.running = False
            self._state.ended = f"Trained for {_epochs(self._stopping.count)}. Press Train to go on."

    def _end_early(self) -> None:
        """Stop, and show the best moment, if the test loss has not fallen for as long as patience lasts."""
        best = self._stopping.best_of_stalled()
        if best is None or not self._state.running:
            return
        self._state.running = False
        self._state.rewind = best.samples
        self._state.ended = (
            f"Stopped: no lower test loss for {_epochs(self._state.patience)}. "
            f"Shown is the best moment, epoch {best.epoch}."
        )


def _epochs(count: int) -> str:
    return f"{count} epoch{'' if count == 1 else 's'}"
