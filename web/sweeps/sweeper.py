"""Runs sweeps: reads the learner's choices, lets the pool train all networks, and publishes the progress.

    choice -> LabState -> Sweeper -> Pool -> SweepSnapshot -> LabState.sweep -> view

It works beside the runner and shares only the digits with it, so training in the lab goes on meanwhile.
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
"""Returns all training and test digits of the lab, once they have arrived."""


class Sweeper:
    """Runs one sweep at a time in ``pool``, on the lab's ``digits``."""

    def __init__(self, state: LabState, pool: Pool, digits: Digits) -> None:
        self.state = state
        self._pool, self._digits = pool, digits
        self._task: asyncio.Task[None] | None = None

    def choose(self, **choices: Any) -> None:
        """Set any of ``preset``, ``setting``, ``values``, ``seeds`` and ``epochs``, all or none.

        A setting without values gets the values offered for it. Values may be a text or a list.

        Raises:
            ValueError: naming the illegal choice; nothing has changed then.
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
        """Run the sweep that the state describes, after setting ``choices``.

        Returns:
            The answer of the command ``sweep``, also after a cancellation.

        Raises:
            RuntimeError: if a sweep is running already, there are no digits, or no worker could be started.
            ValueError: if the choices are illegal. Except for a sweep that is running already, the error also
                becomes the snapshot's problem.
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
        """Stop the sweep, if one is running; finished networks stay in its results."""
        if self._task is not None:
            self._task.cancel()


class _Run:
    """One sweep from its beginning to its end, which publishes the events of the pool."""

    def __init__(self, state: LabState, plan: SweepPlan, workers: int) -> None:
        self._state, self._plan, self._workers = state, plan, workers
        self._outcomes: list[Outcome] = [None] * len(plan.jobs)
        self._shares = [0.0] * len(plan.jobs)
        self._lost = ""
        self._began = self._published = 0.0

    async def go(self, pool: Pool, digits: Digits) -> None:
        """Wait for the digits and train all networks. The caller must call ``end`` afterwards.

        Raises:
            ValueError: if the sweep needs more digits than there are.
            RuntimeError: if there are no digits, or no worker could be started.
        """
        self._publish("Waiting for the digits.")
        train, test = await digits()
        self._check(len(train))
        self._publish(f"Starting {_count(self._workers, 'worker')}.")
        self._began = time.perf_counter()
        await pool.run(self._plan.jobs, ops.current(), train, test, self._hear)

    def end(self, cancelled: bool = False, problem: str = "") -> None:
        """Publish the end of the sweep.

        Args:
            problem: the reason why it stopped early, if it did.
        """
        if cancelled or problem:
            notice = f"{'Cancelled' if cancelled else 'Stopped'}: {self._done()}."
        else:
            notice = f"{self._done()} in {self._seconds():.0f} s.{self._lost}"
        self._publish(notice, running=False, cancelled=cancelled, problem=problem)

    def _check(self, available: int) -> None:
        """Raise ValueError if a network is to learn from more than ``available`` digits."""
        wanted = max(job.data.train for job in self._plan.jobs)  # 0 means all digits
        require(
            wanted <= available, "number of training digits", wanted, f"at most {available}, all there are"
        )

    def _hear(self, event: Event) -> None:
        """Store an event of the pool, and publish it; progress alone at most every ``PUBLISH_EVERY``
        seconds."""
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
        """Publish the sweep as it is now."""
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
        """Return how many networks are done, in words."""
        done = sum(outcome is not None for outcome in self._outcomes)
        return f"{done} of {_count(len(self._outcomes), 'network')}"

    def _seconds(self) -> float:
        """Return the seconds since training began."""
        return time.perf_counter() - self._began

    def _left(self) -> str:
        """Return the time that is left, in words; empty before it can be estimated."""
        share = sum(self._shares) / len(self._shares)
        if share < 0.05 or self._seconds() < 5:
            return ""
        left = self._seconds() * (1 - share) / share
        return f", about {left:.0f} s left" if left < 90 else f", about {left / 60:.0f} min left"


def _count(number: int, what: str) -> str:
    """Return a number of things in words, such as "3 workers"."""
    return f"{number} {what}{'' if number == 1 else 's'}"
