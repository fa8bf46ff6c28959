"""Runs generators that yield the share of their work that is done, and return a result at their end."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")


def within(steps: Generator[float, None, Result], start: float, end: float) -> Generator[float, None, Result]:
    """Run steps whose share of all work lies between ``start`` and ``end``."""
    while True:
        try:
            share = next(steps)
        except StopIteration as stop:
            return stop.value
        yield start + (end - start) * min(max(share, 0.0), 1.0)


def finished(steps: Generator[float, None, Result]) -> Result:
    """Run steps to their end and return the result."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value
