"""Cuts long work into slices, so that strokes, sliders and Pause are handled at once.

Python has a single thread in the page. All long work is therefore done in slices of about 30 ms, and other
tasks run between them. A ``BackgroundTask`` is work of such slices that goes on by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from web.state.lab_state import LabState

SLICE = 0.03  # seconds of work before other tasks run
TURNS = 8  # turns of the event loop between two slices


async def yield_to_loop() -> None:
    """Let all other tasks run before the next slice.

    A press or a stroke passes through several tasks on its way (the worker's message, Panel's event, the
    callback), and each of these hops takes a turn of the event loop. With a single turn between two slices it
    would wait for several slices.
    """
    for _ in range(TURNS):
        await asyncio.sleep(0)


class BackgroundTask:
    """A coroutine function that runs beside other tasks, at most once at a time.

    Args:
        state: gets the problem if the work fails.
        work: begun anew by each ``begin``.
    """

    def __init__(self, state: LabState, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._state, self._work = state, work
        self._task: asyncio.Task[None] | None = None

    @property
    def under_way(self) -> bool:
        """Whether the work is running."""
        return self._task is not None and not self._task.done()

    def begin(self) -> None:
        """Start the work, unless it is running already."""
        if not self.under_way:
            self._task = asyncio.ensure_future(self._work())
            self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Report an error in the work, which is a fault of ours, and keep the lab usable."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._state.running = False
            self._state.problem = f"Training stopped by an error in Inkling: {type(error).__name__}: {error}"
