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
        self._stop_at: int | None = None  # an epoch to end at; None: until somebody presses Pause
        self._sliced = 0.0  # when the last slice ended
        parts.state.param.watch(self._on_running, "running")

    # --- what the learner does

    def _on_running(self, *_: object) -> None:
        self._tempo.rest()
        if self._state.running:
            self._sliced = time.perf_counter()
            self._state.rewind = None
            waits = "Begins with the first digits, which are on their way."
            self._state.tell("" if self._bench.run.trainer else waits)
            self.work_on()
        else:
            self._stop_at = None
        self._publisher.publish()

    def step(self) -> None:
        """One mini-batch, then pause.

        Raises:
            RuntimeError: if no digits have arrived yet.
        """
        run = self._bench.run
        run.need_trainer()
        self._state.rewind = None
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
        self._stop_at = self._bench.run.need_trainer().epoch + 1
        self._state.running = True
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
        self._sliced = time.perf_counter()

    # --- slices

    async def _work(self) -> None:
        """Train until paused, then measure what is there, unless training is asked for again; a breath after
        every slice."""
        evaluator = self._parts.evaluator
        doctor = self._parts.doctor
        while self._state.running or not evaluator.up_to_date or doctor.busy:
            if not self._state.running:
                self._finish()
            elif self._bench.run.trainer is not None:
                self._slice()
            await breathe()
        self._parts.log.note(self._bench.run)
        self._parts.imaginer.settle()
        self._publisher.publish()

    def _finish(self) -> None:
        """One slice of what is left to do while paused: measuring, then looking for what helps."""
        if not self._parts.evaluator.up_to_date:
            self._parts.evaluator.turn(SLICE, paused=True)
        else:
            self._parts.doctor.turn(SLICE)
            self._publisher.publish_in_time()

    def _slice(self) -> None:
        run = self._bench.run
        run.remember()
        doctor = self._parts.doctor
        if time.perf_counter() - self._drawn < DRAWING:
            self._learn(SHORT_SLICE)
        else:
            # A network that fails has less use for the time than the search for what helps.
            self._learn(SHORT_SLICE if doctor.busy else SLICE)
            self._parts.evaluator.turn(SLICE)
            doctor.turn(SLICE)
            self._parts.imaginer.turn(SLICE, learning=True)
            self._parts.insight.turn(SLICE)
        now = time.perf_counter()
        run.seconds += now - self._sliced
        self._sliced = now
        self._publisher.publish_in_time()

    def _learn(self, time_for_it: float = SLICE) -> None:
        """One slice of training: as many mini-batches as fit into so many seconds, never past the epoch's
        end."""
        run, trainer, asked = self._bench.run, self._bench.run.need_trainer(), self._tempo.batches
        before = trainer.samples
        self._mixing.attach(trainer)
        self._mixing.turn(time_for_it / 3)
        began = time.perf_counter()
        event = trainer.step(asked)
        seconds = time.perf_counter() - began
        if isinstance(event, DivergenceEvent):
            self._parts.doctor.note_divergence(event)
            self._state.running = False
            self._state.tell(f"Training stopped in step {event.step:,}: {event.cause}")
            return
        run.curves.add_step(event.samples - before, run.epoch, event.loss, event.accuracy)
        self._parts.doctor.note(event, event.samples - before)
        if event.epoch_ended:
            self._parts.evaluator.note_epoch()
        self._tempo.note(began + seconds, event.samples)
        if event.batch_count == asked:  # not cut short by the epoch's end
            self._tempo.fit(seconds, time_for_it)
        if event.epoch_ended and self._stop_at is not None and trainer.epoch >= self._stop_at:
            self._state.running = False
