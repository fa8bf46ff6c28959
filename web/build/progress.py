"""Prints the progress of a build: numbered stages, notes under them, and the time of each."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Progress:
    """Prints ``[2/8] Packing``, notes below it and the seconds that it took.

    Args:
        total: the number of stages.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self.number = 0

    @contextmanager
    def stage(self, title: str) -> Iterator[None]:
        """Print the title of a stage; at its end, unless it failed, print its time."""
        self.number += 1
        started = time.perf_counter()
        print(f"[{self.number}/{self.total}] {title}", flush=True)
        yield
        print(f"      done in {time.perf_counter() - started:.1f} s", flush=True)

    def note(self, text: str) -> None:
        """Print a line under the current stage."""
        print(f"      {text}", flush=True)


def size(count: int) -> str:
    """Return a number of bytes as text: ``size(2_916_023)`` is ``'2.9 MB'``."""
    for unit, divisor in (("MB", 1e6), ("KB", 1e3)):
        if count >= divisor:
            return f"{count / divisor:.1f} {unit}"
    return f"{count} B"
