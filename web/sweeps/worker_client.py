"""One worker of the pool from the outside: a question goes out, answers come back, and silence is noticed.

``web.sweeps.worker_main`` is its other end; ``boot/messages.js`` has the messages (``toPool``, ``fromPool``).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

SILENCE = 120.0  # seconds without a word after which a worker counts as dead


class Port(Protocol):
    """The line to a worker: messages go out by ``post``; what comes back was given to ``OpenPort``."""

    def post(self, text: str, buffers: Sequence[np.ndarray]) -> None: ...
    def close(self) -> None: ...


OpenPort = Callable[[Callable[[str], None]], Port]
"""Starts a worker; calls what it is given with every message of the worker's."""


class WorkerError(Exception):
    """A worker died, failed or fell silent; the message says which."""


class Worker:
    """One worker, asked one thing at a time."""

    def __init__(self, open_port: OpenPort, silence: float) -> None:
        self._replies: asyncio.Queue[str] = asyncio.Queue()
        self._silence = silence
        self._port = open_port(self._replies.put_nowait)

    async def ask(
        self,
        message: dict[str, Any],
        buffers: Sequence[np.ndarray] = (),
        report: Callable[[float], None] = lambda share: None,
    ) -> Any:
        """The worker's answer. Raises ``WorkerError`` if that is a failure, or there is none."""
        self._port.post(json.dumps(message), buffers)
        while True:
            try:
                # Not wait_for: Python 3.11's forgets a cancellation that comes together with a reply.
                async with asyncio.timeout(self._silence):
                    reply = json.loads(await self._replies.get())
            except TimeoutError:
                raise WorkerError(f"no word from it for {self._silence:g} s") from None
            if reply["type"] == "failed":
                raise WorkerError(reply["text"])
            if reply["type"] == "done":
                return reply["value"]
            if reply["type"] != "progress":
                raise WorkerError(f"it said {reply['type']!r}, which no worker says")
            report(reply["share"])

    def close(self) -> None:
        """Stop it, whatever it is doing."""
        self._port.close()
