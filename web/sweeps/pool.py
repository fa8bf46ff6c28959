"""Trains several networks at once in a pool of workers, each of which has its own Python.

Static hosts can't send the headers that shared memory requires, so workers share nothing: each gets the
digits once and then one job after the other (``web.sweeps.worker_main`` is their side). Chance decides which
worker does which job; a job depends on nothing but itself, so results are the same.

``Pool`` does not depend on the kind of worker. It is given a function that starts one: a web worker in the
page (``web.browser.worker_port``), a thread elsewhere (``web.sweeps.thread_workers``).
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
    """An event: the job at ``place`` in the list has done ``share`` of its training, 0 to 1."""

    place: int
    share: float


@dataclass(frozen=True)
class Finished:
    """An event: the job at ``place`` in the list is done."""

    place: int
    result: JobResult


@dataclass(frozen=True)
class Failed:
    """An event: the job at ``place`` in the list has failed.

    Attributes:
        reason: the fault.
        final: whether it failed with ``TRIES`` workers; otherwise it is tried again.
    """

    place: int
    reason: str
    final: bool


Event = Progress | Finished | Failed


class PoolError(RuntimeError):
    """An error for a pool that can't start any worker."""


def pool_size(cores: int, memory: float | None = None) -> int:
    """Return the number of workers that a machine should run, from 1 to ``MOST``.

    Args:
        cores: one fewer than these, so that the page keeps one.
        memory: one worker for every two gigabytes of these; None if the browser doesn't tell.
    """
    by_memory = MOST if memory is None else int(memory / 2)
    return max(1, min(cores - 1, by_memory, MOST))


class Pool:
    """Up to ``size`` workers, started when there are jobs and stopped when none is left.

    Args:
        open_port: starts a worker.
        silence: seconds without a message after which a worker counts as dead.
    """

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
        """Run all jobs and report their events, in any order.

        Every job ends as ``Finished`` or as a final ``Failed``. Cancelling this coroutine stops all workers
        at once.

        Args:
            kernel: name of the kernel that workers compute with.
            train, test: the digits, sent to each worker once.
            tell: takes an event.

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
    """A list of jobs that several workers share; ``work`` runs once for each worker.

    Attributes:
        waiting: places of the jobs that no worker has taken.
        reason: the last reason why a worker could not be started.
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
        """Start a worker and give it jobs; when it fails, start another.

        If ``TRIES`` starts in a row fail, return and leave the jobs to the other workers.
        """
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
        """Return a new worker that has the digits.

        Raises:
            WorkerError: if it can't be started.
        """
        worker = self._open_worker()
        try:
            await worker.ask(opening, buffers)
        except BaseException:
            worker.close()
            raise
        return worker

    async def _done(self, worker: Worker, place: int) -> bool:
        """Let ``worker`` do the job at ``place``; return whether the worker can be used again."""

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
