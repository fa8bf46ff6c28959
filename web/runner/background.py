"""How work is cut up, so that strokes, sliders and Pause are served at once.

Whatever takes long is done in slices of about 30 ms with a breath between them. An ``BackgroundTask`` is work
that consists of such slices and goes on by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from web.state.lab_state import LabState

SLICE = 0.03  # seconds of work between two breaths
TURNS = 8  # of the event loop between two slices


async def yield_to_loop() -> None:
    """Let everybody else have their turn.

    A press or a stroke passes through several tasks on its way here (the worker's message, Panel's event, the
    callback), and each hop takes one turn of the loop; with a single turn between two slices it would wait
    for as many slices.
    """
    for _ in range(TURNS):
        await asyncio.sleep(0)


class BackgroundTask:
    """``work`` that goes on beside everything else, once at a time."""

    def __init__(self, state: LabState, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._state, self._work = state, work
        self._task: asyncio.Task[None] | None = None

    @property
    def under_way(self) -> bool:
        """Whether it is being done now."""
        return self._task is not None and not self._task.done()

    def begin(self) -> None:
        """Have it done, unless it is being done already."""
        if not self.under_way:
            self._task = asyncio.ensure_future(self._work())
            self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """An error in the work is a fault of ours: it is told, and the lab goes on being usable."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._state.running = False
            self._state.problem = f"Training stopped by an error in Inkling: {type(error).__name__}: {error}"
