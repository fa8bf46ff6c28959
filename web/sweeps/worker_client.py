"""Talks to one worker of the pool: sends a message, receives the replies, and notices when they fail to come.

``web.sweeps.worker_main`` is its other end; ``boot/messages.js`` lists the messages (``toPool``,
``fromPool``).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

SILENCE = 120.0  # seconds without a message after which a worker counts as dead


class Port(Protocol):
    """A connection to a worker; the worker's messages go to the function that was given to ``OpenPort``."""

    def post(self, text: str, buffers: Sequence[np.ndarray]) -> None:
        """Send a message as JSON, with the digits' bytes if it needs them."""
        ...

    def close(self) -> None:
        """Stop the worker."""
        ...


OpenPort = Callable[[Callable[[str], None]], Port]
"""Starts a worker, and calls its argument with the text of each message from the worker."""


class WorkerError(Exception):
    """An error for a worker that died, failed or fell silent; the message says which."""


class Worker:
    """One worker, which does one thing at a time.

    Args:
        open_port: starts it.
        silence: seconds without a message after which it counts as dead.
    """

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
        """Send a message and return the value of the worker's answer.

        Args:
            message: a message of ``toPool``.
            buffers: the digits' bytes, if the message needs them.
            report: takes the share of the work that is done, 0 to 1.

        Raises:
            WorkerError: if the worker fails or falls silent.
        """
        self._port.post(json.dumps(message), buffers)
        while True:
            try:
                # Python 3.11's wait_for would lose a cancellation that arrives together with a reply.
                async with asyncio.timeout(self._silence):
                    reply = json.loads(await self._replies.get())
            except TimeoutError:
                raise WorkerError(f"it has not answered for {self._silence:g} s") from None
            if reply["type"] == "failed":
                raise WorkerError(reply["text"])
            if reply["type"] == "done":
                return reply["value"]
            if reply["type"] != "progress":
                raise WorkerError(f"it sent an unknown message: {reply['type']!r}")
            report(reply["share"])

    def close(self) -> None:
        """Stop the worker, even in the middle of a job."""
        self._port.close()
