"""Runs many jobs at once on a computer, each in a process of its own (``concurrent.futures``).

The page has no processes; it runs the same jobs in web workers.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from nncore import ops
from nncore.checks import require
from nncore.datasets import Dataset
from nncore.jobs import Job, JobResult, no_time, run_job

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Environment variables from which linear-algebra libraries, when they load, take the number of threads."""

Read = Callable[[str], tuple[Dataset, Dataset]]
"""Name of a data set (``DataPlan.dataset``) -> its training and test digits."""


def run_jobs(
    jobs: Sequence[Job],
    read: Read,
    workers: int | None = None,
    clock: Callable[[], float] = no_time,
) -> Iterator[tuple[int, JobResult]]:
    """Run all jobs; yield each one's position and result as soon as it is finished, in any order.

    The results do not depend on the number of workers. Each worker computes on one thread, with the
    arithmetic in use in the calling process (``ops.current()``).

    Args:
        read: called once in every worker for each data set that it needs. It is sent to other processes, and
            so is ``clock``: both must be functions of a module, or partials of such functions.
        workers: the number of processes; None for one a core. Never more than there are jobs.
        clock: for ``JobResult.seconds``.

    Raises:
        ValueError: if ``workers`` is below 1.
        Exception: any error of a job or of ``read``. Jobs that have not begun are then dropped, as they are
            when the caller stops iterating.
    """
    require(workers is None or workers >= 1, "workers", workers, "at least 1, or None for one a core")
    if not jobs:
        return
    count = min(workers or os.cpu_count() or 1, len(jobs))
    # New processes, even for a single job: a library that has started its threads cannot be limited to one.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, context, _begin, (ops.current(), read, clock)) as pool:
        try:
            with _one_thread_each():
                futures = {pool.submit(_run, job): place for place, job in enumerate(jobs)}
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Make processes that start within this block compute on one thread."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


# --- inside a worker

_given: tuple[str, Read, Callable[[], float]]


def _begin(*given: Any) -> None:
    """Store the values that all jobs share.

    They are checked by the jobs, because an error in here would be reported only as a broken pool.
    """
    global _given
    _given = given


def _run(job: Job) -> JobResult:
    """Run one job in a worker."""
    arithmetic, _read, clock = _given
    ops.use(arithmetic)
    return run_job(job, *_digits(job.data.dataset), clock=clock)


@lru_cache(maxsize=2)
def _digits(dataset: str) -> tuple[Dataset, Dataset]:
    """Return a worker's digits, read once."""
    _arithmetic, read, _clock = _given
    return read(dataset)
