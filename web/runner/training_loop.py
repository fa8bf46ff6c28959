"""Training, slice by slice: acts on ``state.running``.

An evaluation and the back-query's pictures are cut into the same slices and take a bounded share of the time
while an epoch is under way.
"""

from __future__ import annotations

import asyncio
import time

from nncore.training import DivergenceEvent
from web.runner.background import SLICE, BackgroundTask, yield_to_loop
from web.runner.context import RunnerContext
from web.runner.publisher import Publisher
from web.runner.training_mix import TrainingMix

# While somebody draws, and for so many seconds after, slices are short and hold nothing but learning: a
# stroke waits for several of them on its way here and back, and is to be read within a tenth of a second.
DRAWING, SHORT_SLICE = 0.5, 0.008


class TrainingLoop:
    """Trains the network on the bench while ``state.running``, and measures it when that ends."""

    def __init__(self, context: RunnerContext, publisher: Publisher) -> None:
        self._context, self._publisher = context, publisher
        self._state, self._experiment, self._throughput = (
            context.state,
            context.experiment,
            context.throughput,
        )
        self._mixing = TrainingMix(context.state)
        self._background = BackgroundTask(context.state, self._work)
        self._drawn = -DRAWING  # when the pad changed last
        self._stopping = context.stopping
        self._asked: int | None = None  # epochs that are asked for in place of the choice
        self._sliced = 0.0  # when the last slice ended
        context.state.param.watch(self._on_running, "running")

    # --- what the learner does

    def _on_running(self, *_: object) -> None:
        self._throughput.rest()
        if self._state.running:
            self._sliced = time.perf_counter()
            self._state.param.update(rewind=None, ended="")
            self._stopping.begin(self._asked)
            waits = "Begins with the first digits, which are on their way."
            self._state.tell("" if self._experiment.run.trainer else waits)
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
        run = self._experiment.run
        run.need_trainer()
        self._state.param.update(rewind=None, ended="")
        self._state.running = False
        self._throughput.batches = 1
        run.remember()
        self._learn()
        self._throughput.rest()
        run.remember()
        self._context.backqueries.settle()
        self._context.log.note(run)
        self._publisher.publish()

    async def epoch(self) -> None:
        """Train to the end of this epoch and measure; returns when that is done, or when somebody pauses.

        Raises:
            RuntimeError: if no digits have arrived yet.
        """
        self._experiment.run.need_trainer()
        self.play(1)
        while self._background.under_way:
            await asyncio.sleep(0.01)

    def pen_moves(self) -> None:
        """Somebody draws: slices are short for a while."""
        self._drawn = time.perf_counter()

    def work_on(self) -> None:
        """Have the work done that there is: training, or, while paused, measuring what is there."""
        self._background.begin()

    def forget(self) -> None:
        """Another network is on the bench: its time is counted from now on."""
        self._throughput.forget()
        self._state.ended = ""
        self._sliced = time.perf_counter()

    # --- slices

    async def _work(self) -> None:
        """Train until paused, then measure what is there, unless training is asked for again; a breath after
        every slice."""
        evaluator = self._context.evaluator
        doctor = self._context.doctor
        while self._state.running or not evaluator.up_to_date or doctor.busy:
            if not self._state.running:
                self._finish()
            elif self._experiment.run.trainer is not None:
                self._slice()
            await yield_to_loop()
        self._context.log.note(self._experiment.run)
        self._context.backqueries.settle()
        self._publisher.publish()

    def _finish(self) -> None:
        """One slice of what is left to do while paused: measuring, then looking for what helps."""
        if not self._context.evaluator.up_to_date:
            self._context.evaluator.turn(SLICE, paused=True)
        else:
            self._context.doctor.turn(SLICE)
            self._publisher.publish_in_time()

    def _slice(self) -> None:
        run = self._experiment.run
        run.remember()
        doctor = self._context.doctor
        if self._state.patience and self._context.evaluator.owes_epoch:
            self._context.evaluator.turn(SLICE)  # whether there is a next epoch depends on it
        elif time.perf_counter() - self._drawn < DRAWING:
            self._learn(SHORT_SLICE)
        else:
            # A network that fails has less use for the time than the search for what helps.
            self._learn(SHORT_SLICE if doctor.busy else SLICE)
            self._context.evaluator.turn(SLICE)
            doctor.turn(SLICE)
            self._context.backqueries.turn(SLICE, learning=True)
            self._context.inspector.turn(SLICE)
        self._end_early()
        now = time.perf_counter()
        run.seconds += now - self._sliced
        self._sliced = now
        self._publisher.publish_in_time()

    def _learn(self, time_for_it: float = SLICE) -> None:
        """One slice of training: as many mini-batches as fit into so many seconds, never past the epoch's
        end."""
        run, trainer, asked = (
            self._experiment.run,
            self._experiment.run.need_trainer(),
            self._throughput.batches,
        )
        before, goal = trainer.samples, self._stopping.goal
        self._mixing.attach(trainer)
        self._mixing.turn(time_for_it / 3)
        began = time.perf_counter()
        event = trainer.step(asked)
        seconds = time.perf_counter() - began
        if isinstance(event, DivergenceEvent):
            self._context.doctor.note_divergence(event)
            self._state.running = False
            self._state.tell(f"Training stopped in step {event.step:,}: {event.cause}")
            return
        run.curves.add_step(event.samples - before, run.epoch, event.loss, event.accuracy)
        self._context.doctor.note(event, event.samples - before)
        if event.epoch_ended:
            self._context.evaluator.note_epoch()
        self._throughput.note(began + seconds, event.samples)
        if event.batch_count == asked:  # not cut short by the epoch's end
            self._throughput.fit(seconds, time_for_it)
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
            f"No lower test loss for {_epochs(self._state.patience)}. "
            f"Shown is the best moment, epoch {best.epoch}."
        )


def _epochs(count: int) -> str:
    return f"{count} epoch{'' if count == 1 else 's'}"
