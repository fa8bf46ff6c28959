"""Collects the present state of the lab in a ``Snapshot`` and gives it to the views, by way of the state.

While a network learns there are at most four snapshots a second, and fewer where they would take more than a
share of the time; never fewer than one. The page reports when it has drawn a snapshot, and the next waits for
that. So a slow machine shows fewer snapshots, but never old ones.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from nncore import ops
from web.runner.context import RunnerContext
from web.runner.pad_reading import Pad
from web.state.snapshot import Evaluation, Snapshot

EVERY = 0.25  # least seconds between two snapshots while work goes on,
SELDOM = 1.0  # and most seconds, on a machine where they are slow to make
SHARE = 0.06  # share of the time that snapshots may take, with all views that show them
PATIENCE = 2.0  # seconds to wait for a page that doesn't answer, such as a page in the background


class Publisher:
    """Sets ``state.snapshot``.

    Args:
        ask_page: called after a snapshot that must be drawn before the next; the page answers by
            ``page_has_drawn``. None where no page answers.
    """

    def __init__(self, context: RunnerContext, pad: Pad, ask_page: Callable[[], None] | None) -> None:
        self._context, self._pad, self._ask_page = context, pad, ask_page
        self._page_draws = self._waits = False
        self._cost = 0.0  # seconds that a snapshot takes
        self.forget()

    def forget(self) -> None:
        """Make the next snapshot due at once, for another network."""
        self._published = 0.0
        self._noted: Evaluation | None = None

    # --- in time with the page

    @property
    def due(self) -> bool:
        """Whether the last snapshot is old enough for another."""
        wait = min(max(EVERY, self._cost / SHARE), SELDOM)
        return time.perf_counter() - self._published >= wait

    def publish_in_time(self) -> None:
        """Publish if a snapshot is due and the page has drawn the last one, and ask the page to report this
        one."""
        patient = time.perf_counter() - self._published < PATIENCE
        if self.due and not (self._page_draws and patient):
            self.publish()
            self._ask()

    async def until_drawn(self) -> None:
        """Wait until the page has drawn the last snapshot, for at most ``PATIENCE`` seconds."""
        self._ask()
        began = time.perf_counter()
        await asyncio.sleep(0)
        while self._page_draws and time.perf_counter() - began < PATIENCE:
            await asyncio.sleep(0.01)

    def page_has_drawn(self) -> None:
        """Note that the page has drawn the last snapshot."""
        self._page_draws = False

    def _ask(self) -> None:
        """Ask the page to report when it has drawn the last snapshot."""
        if self._ask_page is not None:
            self._page_draws = True
            self._ask_page()

    # --- the snapshot

    @contextmanager
    def once(self) -> Iterator[None]:
        """Publish once at the end of this block, in place of every time within it."""
        self._waits = True
        try:
            yield
        finally:
            self._waits = False
            self.publish()

    def publish(self) -> None:
        """Set ``state.snapshot`` to the present state of the lab, and log a new measure of the run."""
        if self._waits:
            return
        run = self._context.experiment.run
        measured = run.curves.evaluations[-1:]
        if measured and measured[0] is not self._noted:
            self._noted = measured[0]
            self._context.log.note(run)
        self._published = time.perf_counter()
        self._context.state.snapshot = self._snapshot()
        # Smoothed: on a busy machine one snapshot may take ten times as long as the next.
        self._cost += 0.2 * (time.perf_counter() - self._published - self._cost)

    def publish_pad(self) -> None:
        """Set only the fields of ``state.snapshot`` that belong to the pad.

        A stroke changes nothing else, and strokes come many times a second.
        """
        if not self._waits:
            known = self._context.state.snapshot
            self._context.state.snapshot = replace(known, **self._read_pad())

    def _read_pad(self) -> dict[str, Any]:
        """Return the fields of a snapshot that belong to the pad."""
        reader = self._pad.reader()
        return {
            "reading": self._pad.read(reader),
            "reader": reader.name,
            "stages": self._pad.stages(reader),
        }

    def _snapshot(self) -> Snapshot:
        """Return the present state of the lab, or that of the moment which is shown after a rewind."""
        context, experiment, run = self._context, self._context.experiment, self._context.experiment.run
        then, trainer, spec = experiment.moment, run.trainer, experiment.shown.spec
        curves = run.curves.until(then.at) if then else run.curves
        return Snapshot(
            run=run.number,
            epoch=then.epoch if then else trainer.epoch if trainer else 0,
            epochs=context.stopping.goal if context.state.running else None,
            epoch_progress=(then or trainer).epoch_progress if trainer else 0.0,
            samples=experiment.shown_samples,
            loss=curves.learning[-1].loss if curves.learning else None,
            images_per_second=context.throughput.images_per_second,
            seconds=run.seconds,
            running=context.state.running,
            kernel=ops.current(),
            dataset=experiment.train.name if experiment.train else "",
            train_size=len(experiment.train) if experiment.train else 0,
            test_size=experiment.test_size,
            spec=spec,
            steps=trainer.steps if trainer else 0,
            learning_rate=trainer.learning_rate if trainer else context.state.learning_rate,
            layers=spec.layers,
            activations=spec.activations,
            parameter_count=spec.parameter_count,
            evaluation=run.measured(then),
            evaluations=run.curves.evaluations,
            learning=run.curves.learning,
            readers=context.readers.names,
            readings=context.evaluator.valid_readings,
            images=context.backqueries.images,
            portrait=context.backqueries.portrait,
            neurons=context.inspector.look(),
            input_range=run.preprocessing.input_range,
            moments=tuple(moment.samples for moment in run.history.moments),
            moments_bytes=run.history.bytes,
            rewound=then.samples if then else None,
            trained=run.samples,
            diagnosis=context.doctor.found,
            **self._read_pad(),
        )
