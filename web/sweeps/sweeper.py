"""The one that sweeps: reads what the learner chose, has the pool train all the networks, publishes how far
it has come.

    choice -> LabState -> Sweeper -> Pool -> SweepSnapshot -> LabState.sweep -> view

It works beside the runner and takes nothing from it but the digits: live training goes on meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from nncore import ops
from nncore.checks import require
from nncore.datasets import Dataset
from web.state.lab_state import LabState
from web.state.sweep_choices import SWEEP_CHOICES
from web.state.sweep_settings import find_setting
from web.state.sweep_snapshot import Outcome, SweepPlan, SweepSnapshot
from web.sweeps.planning import planned
from web.sweeps.pool import Event, Finished, Pool, Progress

PUBLISH_EVERY = 0.25  # seconds between two snapshots that show progress only

Digits = Callable[[], Awaitable[tuple[Dataset, Dataset]]]
"""All training and test digits of the lab, once they have arrived."""


class Sweeper:
    """Runs one sweep at a time in ``pool``, on the lab's ``digits``."""

    def __init__(self, state: LabState, pool: Pool, digits: Digits) -> None:
        self.state = state
        self._pool, self._digits = pool, digits
        self._task: asyncio.Task[None] | None = None

    def choose(self, **choices: Any) -> None:
        """Set any of ``preset``, ``setting``, ``values``, ``seeds`` and ``epochs``, all or none.

        A setting without values brings its own. Values may be a text or a list.

        Raises:
            ValueError: naming what isn't legal; nothing has changed then.
        """
        legal = [row.called for row in SWEEP_CHOICES.values()]
        if unknown := set(choices) - set(legal):
            raise ValueError(f"a sweep has no {sorted(unknown)[0]!r}; it has {', '.join(legal)}")
        if "setting" in choices:
            choices = {"values": find_setting(choices["setting"]).offered, **choices}
        if isinstance(choices.get("values"), (list, tuple)):
            choices["values"] = ", ".join(map(str, choices["values"]))
        rows = {name: SWEEP_CHOICES[f"sweep_{name}"] for name in choices}
        self.state.param.update(**{row.name: row.check(choices[name]) for name, row in rows.items()})

    async def run(self, **choices: Any) -> dict[str, Any]:
        """Run the sweep that the state describes, with these ``choices`` set first; returns the answer of the
        command ``sweep``, also if it is cancelled.

        Raises:
            RuntimeError: if one is running already, there are no digits, or no worker could be started.
            ValueError: if it isn't legal. Both are published as the snapshot's problem as well.
        """
        if self._task is not None:
            raise RuntimeError("a sweep is running: cancel it, or wait for its end")
        try:
            self.choose(**choices)
            plan = planned(self.state)
        except ValueError as error:
            self.state.sweep = replace(self.state.sweep, problem=str(error))
            raise
        run = _Run(self.state, plan, min(self._pool.size, len(plan.jobs)))
        self._task = asyncio.ensure_future(run.go(self._pool, self._digits))
        await asyncio.wait({self._task})
        task, self._task = self._task, None
        if task.cancelled():
            run.end(cancelled=True)
        elif fault := task.exception():
            run.end(problem=str(fault))
            raise fault
        else:
            run.end()
        return self.state.sweep.public()

    def cancel(self) -> None:
        """Stop the sweep, if one is running; what is done stays."""
        if self._task is not None:
            self._task.cancel()


class _Run:
    """One sweep from its beginning to its end: hears from the pool, tells the state."""

    def __init__(self, state: LabState, plan: SweepPlan, workers: int) -> None:
        self._state, self._plan, self._workers = state, plan, workers
        self._outcomes: list[Outcome] = [None] * len(plan.jobs)
        self._shares = [0.0] * len(plan.jobs)
        self._lost = ""
        self._began = self._published = 0.0

    async def go(self, pool: Pool, digits: Digits) -> None:
        """All the work; whoever awaits it says at the end, with ``end``, how it ended."""
        self._publish("Waiting for the digits.")
        train, test = await digits()
        self._check(len(train))
        self._publish(f"Starting {_count(self._workers, 'worker')}.")
        self._began = time.perf_counter()
        await pool.run(self._plan.jobs, ops.current(), train, test, self._hear)

    def end(self, cancelled: bool = False, problem: str = "") -> None:
        """Say what the sweep has come to."""
        if cancelled or problem:
            notice = f"{'Cancelled' if cancelled else 'Stopped'}: {self._done()}."
        else:
            notice = f"{self._done()} in {self._seconds():.0f} s.{self._lost}"
        self._publish(notice, running=False, cancelled=cancelled, problem=problem)

    def _check(self, available: int) -> None:
        wanted = max(job.data.train for job in self._plan.jobs)  # 0: all there are
        require(
            wanted <= available, "number of training digits", wanted, f"at most {available}, all there are"
        )

    def _hear(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._shares[event.place] = event.share
            if time.perf_counter() - self._published < PUBLISH_EVERY:
                return
        elif isinstance(event, Finished):
            self._shares[event.place] = 1.0
            self._outcomes[event.place] = event.result
        elif event.final:
            self._shares[event.place] = 1.0
            self._outcomes[event.place] = event.reason
        else:
            self._shares[event.place] = 0.0
            self._lost = f" A worker was lost ({event.reason}); its network is trained once more."
        self._publish(f"{self._done()}{self._left()}.{self._lost}")

    def _publish(self, notice: str, running: bool = True, **facts: Any) -> None:
        self._published = time.perf_counter()
        self._state.sweep = SweepSnapshot(
            plan=self._plan,
            running=running,
            share=sum(self._shares) / len(self._shares),
            workers=self._workers,
            outcomes=tuple(self._outcomes),
            notice=notice,
            **facts,
        )

    def _done(self) -> str:
        done = sum(outcome is not None for outcome in self._outcomes)
        return f"{done} of {_count(len(self._outcomes), 'network')}"

    def _seconds(self) -> float:
        return time.perf_counter() - self._began

    def _left(self) -> str:
        """How long it will take, as soon as that can be told."""
        share = sum(self._shares) / len(self._shares)
        if share < 0.05 or self._seconds() < 5:
            return ""
        left = self._seconds() * (1 - share) / share
        return f", about {left:.0f} s left" if left < 90 else f", about {left / 60:.0f} min left"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
