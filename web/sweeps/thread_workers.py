"""Runs the pool's workers as threads of this process, for ``panel serve`` and for tests without a browser.

Threads do compute at the same time, since NumPy and the kernels release Python's lock while they work.
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
    """An exception that ends the job of a closed worker when it reports next."""


class ThreadPort:
    """The ``Port`` of a worker in a thread.

    Args:
        receive: called with each message of the worker, in the event loop that is running now.
    """

    def __init__(self, receive: Callable[[str], None]) -> None:
        self._receive, self._loop = receive, asyncio.get_running_loop()
        self._desk, self._thread = JobRunner(), ThreadPoolExecutor(1)
        self._closed = False

    def _reply(self, text: str) -> None:
        """Pass a message of the worker on, from its thread to the event loop."""
        if self._closed:
            raise _Closed
        self._loop.call_soon_threadsafe(self._receive, text)

    def post(self, text: str, buffers: Sequence[np.ndarray]) -> None:
        """Send a message to the worker."""
        self._thread.submit(self._desk.answer, text, buffers, self._reply)

    def close(self) -> None:
        """Stop the worker at its next report."""
        self._closed = True
        self._thread.shutdown(wait=False)


def thread_pool() -> Pool:
    """Return a pool of as many threads as a page on this machine would have workers."""
    return Pool(ThreadPort, pool_size(os.cpu_count() or 1))
