"""Reads a learner's own digits, from files that were opened or dropped on the page, into training and test
digits.

``nncore.datasets.reading`` reads the files, in steps, so that the page stays responsive.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from nncore.datasets import DataError, Dataset
from nncore.datasets.reading import Reading, reading_steps
from nncore.datasets.reading.faults import sum_up


async def read_own(
    files: Mapping[str, bytes], faults: Sequence[tuple[str, str]] = ()
) -> tuple[Dataset, Dataset]:
    """Return the training and the test digits in some files.

    Args:
        files: name -> bytes.
        faults: faults of other files that were opened with them, as (name, reason).

    Raises:
        DataError: naming the faulty file with its fault, or the missing part.
    """
    if faults:
        raise DataError(sum_up(faults))
    reading = await _read(files)
    if not reading.learnable or reading.train is None or reading.test is None:
        raise DataError(f"{', '.join(files)}: {reading.report.assumed[-1]}")
    return reading.train, reading.test


async def _read(files: Mapping[str, bytes]) -> Reading:
    """Read the files, with pauses for other tasks."""
    steps = reading_steps(files)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value
        await asyncio.sleep(0)
