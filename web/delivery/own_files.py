"""Reads a learner's own digits from opened files without holding up the page.

``nncore.datasets.reading`` knows the formats. Here its steps are taken in slices, with rests between them,
and Pillow is fetched when the first picture is opened.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import TypeVar

from nncore.datasets import DataError
from nncore.datasets.reading import Judge, Reading, reading_steps

SLICE = 0.03  # seconds of reading before other tasks run
PICTURES, PILLOW = "PIL", "pillow"  # the module that decodes pictures, and its package
Result = TypeVar("Result")

Rest = Callable[[float], Awaitable[None]]
"""Lets other tasks run; called with the share that has been read, 0 to 1."""
FetchPackage = Callable[[str], Awaitable[None]]
"""Name of a package -> waits until it can be imported; raises MissingFile."""


async def read_own(
    files: Sequence[tuple[str, bytes]],
    answers: Mapping[str, str],
    judge: Judge,
    rest: Rest,
    fetch_package: FetchPackage,
) -> Reading:
    """Return the digits in some files.

    Args:
        files: their names and bytes.
        answers: to questions, by their keys.
        judge: tells digits that are stored turned, as for ``reading_steps``.
        rest: as in ``Rest``.
        fetch_package: fetches Pillow.

    Raises:
        DataError: if the files can't be read.
        Question: if their meaning is not clear, and ``answers`` does not say it.
        MissingFile: if Pillow is needed and does not come.
    """

    def steps() -> Generator[float, None, Reading]:
        return reading_steps(files, answers, judge=judge, reads_few=True)

    with missed(PICTURES) as miss:
        try:
            read = await in_slices(steps(), rest, lambda: miss.asked)
        except DataError:
            if not miss.asked:
                raise
            read = None
    if read is not None and not miss.asked:
        return read
    await fetch_package(PILLOW)
    read = await in_slices(steps(), rest)
    assert read is not None
    return read


async def in_slices(
    steps: Generator[float, None, Result], rest: Rest, stop: Callable[[], bool] = lambda: False
) -> Result | None:
    """Take all steps of a generator that yields shares from 0 to 1, and return its result.

    Args:
        steps: the generator.
        rest: called after every ``SLICE`` seconds.
        stop: tells after each step whether to give up; the result is None then.
    """
    began = time.perf_counter()
    while True:
        try:
            share = next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result
        if stop():
            steps.close()
            return None
        if time.perf_counter() - began >= SLICE:
            await rest(share)
            began = time.perf_counter()


class Miss(MetaPathFinder):
    """Notices the import of a module that is not installed; the last of Python's finders.

    Attributes:
        asked: whether it has been imported, without success.
    """

    def __init__(self, module: str) -> None:
        self._module, self.asked = module, False

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Note the import if it is of the module; never find anything."""
        self.asked = self.asked or fullname == self._module


@contextmanager
def missed(module: str) -> Iterator[Miss]:
    """Notice imports of a module that is not installed, however the importing code takes the error."""
    miss = Miss(module)
    sys.meta_path.append(miss)
    try:
        yield miss
    finally:
        sys.meta_path.remove(miss)
