"""What a build says while it runs: numbered stages, notes under them, and the time each took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Progress:
    """Prints ``[2/8] Packing``, notes below it and the seconds it took. ``total`` is the number of stages."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.number = 0

    @contextmanager
    def stage(self, title: str) -> Iterator[None]:
        """Announce a stage; on leaving it without an error, say how long it took."""
        self.number += 1
        started = time.perf_counter()
        print(f"[{self.number}/{self.total}] {title}", flush=True)
        yield
        print(f"      done in {time.perf_counter() - started:.1f} s", flush=True)

    def note(self, text: str) -> None:
        """A line under the current stage."""
        print(f"      {text}", flush=True)


def size(count: int) -> str:
    """A number of bytes for people: ``size(2_916_023)`` is ``'2.9 MB'``."""
    for unit, divisor in (("MB", 1e6), ("KB", 1e3)):
        if count >= divisor:
            return f"{count / divisor:.1f} {unit}"
    return f"{count} B"
