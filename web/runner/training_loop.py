"""Trains the network in slices, so that the page stays responsive.

It acts on ``state.running``. Evaluation and the back-query's pictures are cut into the same slices and take a
bounded share of the time during training.
"""

from __future__ import annotations

import asyncio
import time

from nncore.presets import PRESETS
from nncore.training import DivergenceEvent
from web.runner.background import SLICE, BackgroundTask, yield_to_loop
from web.runner.context import RunnerContext
from web.runner.publisher import Publisher
from web.runner.training_mix import TrainingMix

# While the learner draws, and for DRAWING seconds after, slices take SHORT_SLICE seconds and contain only
# training: a stroke waits for several slices on its way here and back, and must be read within 0.1 s.
DRAWING, SHORT_SLICE = 0.5, 0.008


class TrainingLoop:
    """Trains the present network while ``state.running``, and measures it when training ends."""

    def __init__(self, context: RunnerContext, publisher: Publisher) -> None:
        self._context, self._publisher = context, publisher
        self._state, self._experiment, self._throughput = (
            context.state,
            context.experiment,
            context.throughput,
        )
        self._mixing = TrainingMix(context.state)
        self._background = BackgroundTask(context.state, self._work)
        self._drawn = -DRAWING  # time of the last change on the pad
        self._stopping = context.stopping
        self._asked: int | None = None  # epochs asked for in place of ``state.epochs``
        self._sliced = 0.0  # time at the end of the last slice
        context.state.param.watch(self._on_running, "running")

    # --- actions of the learner

    def _on_running(self, *_: object) -> None:
        """Begin or stop training, and publish it."""
        self._throughput.rest()
        if self._state.running:
            self._sliced = time.perf_counter()
            self._state.param.update(rewind=None, ended="")
            self._stopping.begin(self._asked)
            self._context.evaluator.rest()
            waits = "Training begins as soon as the first digits have loaded."
            self._state.tell("" if self._experiment.run.trainer else waits)
            self.work_on()
        self._publisher.publish()

    def play(self, epochs: int | None = None) -> None:
        """Begin to train.

        Args:
            epochs: epochs to train for, 0 until paused; None for the chosen number. The epoch under way is
                the first.
        """
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
        """Train on one mini-batch, then pause.

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
        """Train to the end of this epoch and measure; return when both are done, or when the learner pauses.

        Raises:
            RuntimeError: if no digits have arrived yet.
        """
        self._experiment.run.need_trainer()
        self.play(1)
        while self._background.under_way:
            await asyncio.sleep(0.01)

    def pen_moves(self) -> None:
        """Make slices short for a while, because the learner draws."""
        self._drawn = time.perf_counter()

    def work_on(self) -> None:
        """Start the work that is due: training, or, while paused, measuring."""
        self._background.begin()

    def forget(self) -> None:
        """Count speed and time anew, for another network."""
        self._throughput.forget()
        self._state.ended = ""
        self._sliced = time.perf_counter()

    # --- slices

    async def _work(self) -> None:
        """Train until paused, then measure; other tasks run after every slice.

        Training that begins again during the measure goes on here too.
        """
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
        """Spend a slice on the work that is left while paused: the measure, then the search for a remedy."""
        if not self._context.evaluator.up_to_date:
            self._context.evaluator.turn(SLICE, paused=True)
        else:
            self._context.doctor.turn(SLICE)
            self._publisher.publish_in_time()

    def _slice(self) -> None:
        """Spend a slice on training, and shares of time on measures, pictures and the search for a remedy."""
        run = self._experiment.run
        run.remember()
        doctor = self._context.doctor
        if self._state.patience and self._context.evaluator.owes_epoch:
            self._context.evaluator.turn(SLICE)  # its result decides whether training goes on
        elif time.perf_counter() - self._drawn < DRAWING:
            self._fill(SHORT_SLICE)
        else:
            # While a remedy is searched for, the network fails to learn, so it gets less of the time.
            self._fill(SHORT_SLICE if doctor.busy else SLICE)
            self._context.evaluator.turn(SLICE)
            doctor.turn(SLICE)
            self._context.backqueries.turn(SLICE, learning=True)
            self._context.inspector.turn(SLICE)
        self._end_early()
        now = time.perf_counter()
        run.seconds += now - self._sliced
        self._sliced = now
        self._publisher.publish_in_time()

    def _fill(self, seconds: float) -> None:
        """Learn until ``seconds`` are over, or the epoch is.

        The first groups of mini-batches are small, because it is not known how long one takes.
        """
        trainer, end = self._experiment.run.need_trainer(), time.perf_counter() + seconds
        epoch = trainer.epoch
        self._learn(seconds)
        while time.perf_counter() < end - seconds / 4 and self._state.running and trainer.epoch == epoch:
            self._learn(seconds)

    def _learn(self, time_for_it: float = SLICE) -> None:
        """Train for about ``time_for_it`` seconds, never past the end of the epoch."""
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
            # Early stopping and the comparison with a preset's source need the measures of these epochs.
            compared = trainer.epoch == PRESETS[self._state.preset].compared_after
            self._context.evaluator.note_epoch(needed=compared or bool(self._state.patience))
        self._throughput.note(began + seconds, event.samples)
        if event.batch_count == asked:  # otherwise the end of the epoch cut the slice short
            self._throughput.fit(seconds, time_for_it)
        if event.epoch_ended and self._state.running and goal is not None and trainer.epoch >= goal:
            self._state.running = False
            self._state.ended = f"Trained for {_epochs(self._stopping.count)}. Press Train to go on."

    def _end_early(self) -> None:
        """Stop and show the best moment, if the test loss has not fallen for as long as patience lasts."""
        best = self._stopping.best_of_stalled()
        if best is None or not self._state.running:
            return
        self._state.running = False
        self._state.rewind = best.samples
        self._state.ended = (
            f"No lower test loss for {_epochs(self._state.patience)}. "
            f"This is the best moment, epoch {best.epoch}."
        )


def _epochs(count: int) -> str:
    """Return a number of epochs in words."""
    return f"{count} epoch{'' if count == 1 else 's'}"
