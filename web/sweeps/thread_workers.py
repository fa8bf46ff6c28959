"""Workers of the pool as threads of this process: for ``panel serve``, and for tests without a browser.

Threads do compute at the same time, since NumPy and the kernels let go of Python while they work.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from web.sweeps.pool import Pool, pool_size
from web.sweeps.worker_main import JobRunner


class _Closed(Exception):
    """Ends a job of a worker that was closed, at its next word."""


class ThreadPort:
    """A worker in a thread; ``receive`` is called in the event loop that is running now."""

    def __init__(self, receive: Callable[[str], None]) -> None:
        self._receive, self._loop = receive, asyncio.get_running_loop()
        self._desk, self._thread = JobRunner(), ThreadPoolExecutor(1)
        self._closed = False

    def _reply(self, text: str) -> None:
        if self._closed:
            raise _Closed
        self._loop.call_soon_threadsafe(self._receive, text)

    def post(self, text: str, buffers: Sequence[np.ndarray]) -> None:
        self._thread.submit(self._desk.answer, text, buffers, self._reply)

    def close(self) -> None:
        self._closed = True
        self._thread.shutdown(wait=False)


def thread_pool() -> Pool:
    """As many threads as a page on this machine would have workers."""
    return Pool(ThreadPort, pool_size(os.cpu_count() or 1))
