"""Several networks at once: a pool of workers, each a Python of its own.

Static hosts send no headers for shared memory, so workers share nothing: each gets the digits once and then
one job after the other (``web.sweeps.worker_main`` is their side). Which worker does which job is chance; a
job depends on nothing but itself, so results don't.

Nothing here knows what a worker is made of. ``Pool`` is handed a function that opens the line to one: a web
worker in the page (``web.browser``), a thread elsewhere (``web.sweeps.thread_workers``).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from nncore.datasets import Dataset
from nncore.jobs import Job, JobResult
from web.sweeps.worker_client import SILENCE, OpenPort, Worker, WorkerError
from web.sweeps.worker_main import packed

MOST = 4  # workers; each takes some 200 MB and a core
TRIES = 2


@dataclass(frozen=True)
class Progress:
    """The job at this place of the list is trained to this share, 0 to 1."""

    place: int
    share: float


@dataclass(frozen=True)
class Finished:
    """The job at this place is done."""

    place: int
    result: JobResult


@dataclass(frozen=True)
class Failed:
    """The job at this place went wrong, with two workers if it is ``final``; else it is tried once more."""

    place: int
    reason: str
    final: bool


Event = Progress | Finished | Failed


class PoolError(RuntimeError):
    """No worker could be started."""


def pool_size(cores: int, memory: float | None = None) -> int:
    """How many workers a machine should run: one fewer than its ``cores``, which leaves one to the page
    itself, and one for every two gigabytes of ``memory`` (None where the browser doesn't tell); from 1 to
    ``MOST``."""
    by_memory = MOST if memory is None else int(memory / 2)
    return max(1, min(cores - 1, by_memory, MOST))


class Pool:
    """Up to ``size`` workers, opened when there are jobs and closed when there are none left."""

    def __init__(self, open_port: OpenPort, size: int, silence: float = SILENCE) -> None:
        self.size = size
        self._open_port, self._silence = open_port, silence

    async def run(
        self,
        jobs: Sequence[Job],
        kernel: str,
        train: Dataset,
        test: Dataset,
        tell: Callable[[Event], None],
    ) -> None:
        """Run all jobs on these digits with this arithmetic, and ``tell`` how each gets on, in any order.

        Every job ends as ``Finished`` or as a final ``Failed``. Cancelling this stops all workers at once.

        Raises:
            PoolError: if jobs are left and no worker can be started any more.
        """
        (about_train, train_bytes), (about_test, test_bytes) = packed(train), packed(test)
        opening = {"type": "open", "kernel": kernel, "train": about_train, "test": about_test}
        crew = _Crew(lambda: Worker(self._open_port, self._silence), jobs, tell)
        members = [
            asyncio.ensure_future(crew.work(opening, [*train_bytes, *test_bytes]))
            for _ in range(min(self.size, len(jobs)))
        ]
        try:
            await asyncio.gather(*members)
        finally:
            for member in members:
                member.cancel()
            await asyncio.gather(*members, return_exceptions=True)
        if crew.waiting:
            raise PoolError(f"no worker could be started: {crew.reason}")


class _Crew:
    """One list of jobs, and those who take from it: ``work`` runs once for each worker at a time.

    Attributes:
        waiting: places of the jobs that nobody has taken.
        reason: why a worker could not be opened, the last time.
    """

    def __init__(
        self, open_worker: Callable[[], Worker], jobs: Sequence[Job], tell: Callable[[Event], None]
    ) -> None:
        self._open_worker, self._tell = open_worker, tell
        self._jobs = [asdict(job) for job in jobs]
        self._failures = [0] * len(jobs)
        self.waiting = deque(range(len(jobs)))
        self.reason = ""

    async def work(self, opening: dict[str, Any], buffers: Sequence[np.ndarray]) -> None:
        """Open a worker and give it jobs; when it fails, open another. If that can't be done twice in a row,
        leave: the others, if there are any, do the rest."""
        refused = 0
        while self.waiting and refused < TRIES:
            try:
                worker = await self._opened(opening, buffers)
            except WorkerError as fault:
                refused, self.reason = refused + 1, str(fault)
                continue
            refused = 0
            try:
                while self.waiting and await self._done(worker, self.waiting.popleft()):
                    pass
            finally:
                worker.close()

    async def _opened(self, opening: dict[str, Any], buffers: Sequence[np.ndarray]) -> Worker:
        worker = self._open_worker()
        try:
            await worker.ask(opening, buffers)
        except BaseException:
            worker.close()
            raise
        return worker

    async def _done(self, worker: Worker, place: int) -> bool:
        """Have the worker do this job; returns whether it is of any more use."""

        def report(share: float) -> None:
            self._tell(Progress(place, share))

        try:
            value = await worker.ask({"type": "run", "job": self._jobs[place]}, report=report)
        except WorkerError as fault:
            self._failures[place] += 1
            final = self._failures[place] == TRIES
            if not final:
                self.waiting.append(place)
            self._tell(Failed(place, str(fault), final))
            return False
        self._tell(Finished(place, JobResult(**value)))
        return True
