"""Downloads the shards of digits: the first training shard at once, the others in the background.

A shard that is missing, or differs from the manifest, is named in a problem, and the lab works without it. It
is requested again after a while, and as soon as the browser is online again; when it has arrived the problem
is withdrawn. On a slow or metered connection the learner is asked before all but the first shards are
fetched.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from itertools import accumulate, chain, repeat

from nncore.datasets import DataError, Dataset
from nncore.datasets.shards import Manifest, ShardEntry, read_shard
from web.delivery.site_files import MissingFile, ShardSource
from web.state.sentences import sentence

SHARE = 0.3  # largest share of the time that shards take while a network learns
PAUSES = (5.0, 15.0, 60.0, 300.0)  # seconds before a missing shard is requested again; the last one repeats

Add = Callable[[Dataset], None]
Missing = list[tuple[ShardEntry, Add, str]]


def first_shards(manifest: Manifest, count: int) -> Manifest:
    """Return a manifest without the training shards that come after the first ``count`` digits."""
    starts = accumulate((entry.count for entry in manifest.train), initial=0)
    return replace(
        manifest, train=tuple(e for e, start in zip(manifest.train, starts, strict=False) if start < count)
    )


class ShardDownloader:
    """Downloads the shards of ``source``, as its ``manifest`` lists them.

    Args:
        add_train, add_test: take a shard that has arrived.
        expect_test: takes the number of test digits that are on their way, while none has arrived.
        post: sends a message to the page: ``problem`` and ``mended`` with ``text``, ``ask_digits`` with
            ``count`` and ``bytes``.
        busy: tells whether a network learns, which shards must not hold up.
    """

    def __init__(
        self,
        source: ShardSource,
        manifest: Manifest,
        add_train: Add,
        add_test: Add,
        expect_test: Callable[[int], None],
        post: Callable[..., None],
        busy: Callable[[], bool],
    ) -> None:
        self.manifest = manifest
        self._source, self._post, self._busy = source, post, busy
        self._add_train, self._add_test, self._expect_test = add_train, add_test, expect_test
        self._tests: asyncio.Task[None] | None = None
        self._rest: asyncio.Task[None] | None = None
        self._again: asyncio.Task[None] | None = None
        self._missing: Missing = []
        self._online = asyncio.Event()

    async def first(self) -> None:
        """Fetch the first training digits, which are enough to begin."""
        self._expect_test(sum(entry.count for entry in self.manifest.test[:1]))
        await self._arrive(self.manifest.train[:1], self._add_train)

    def follow(self, thrifty: bool) -> None:
        """Fetch the first test digits, then all other shards in the background.

        Args:
            thrifty: whether to ask the learner before the other shards are fetched.
        """
        self._tests = asyncio.ensure_future(self._fetch_first_tests())
        (self._offer_rest if thrifty else self.begin_rest)()

    def _offer_rest(self) -> None:
        """Ask the learner whether to fetch the other shards."""
        entries = (*self.manifest.train[1:], *self.manifest.test[1:])
        if entries:
            size = sum(entry.images.bytes + entry.labels.bytes for entry in entries)
            self._post(type="ask_digits", count=sum(entry.count for entry in entries), bytes=size)

    def begin_rest(self) -> None:
        """Start to fetch all other shards, unless that has started already."""
        if self._rest is None:
            self._rest = asyncio.ensure_future(self._fetch_rest())

    @property
    def under_way(self) -> bool:
        """Whether shards are still on their way; missing ones don't count."""
        return any(not task.done() for task in self._tasks)

    async def wait(self) -> None:
        """Wait until no shard is on its way."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    @property
    def _tasks(self) -> list[asyncio.Task[None]]:
        """The downloads that have started."""
        return [task for task in (self._tests, self._rest) if task is not None]

    def back_online(self) -> None:
        """Request missing shards now, because the browser is online again."""
        self._online.set()

    async def _fetch_first_tests(self) -> None:
        """Fetch the first test digits."""
        await self._arrive(self.manifest.test[:1], self._add_test)
        self._expect_test(0)

    async def _fetch_rest(self) -> None:
        """Fetch all other shards, test digits first."""
        if self._tests is not None:
            await self._tests
        await self._arrive(self.manifest.test[1:], self._add_test)
        await self._arrive(self.manifest.train[1:], self._add_train)

    async def _arrive(self, entries: Iterable[ShardEntry], add: Add) -> None:
        """Fetch shards and add them; report missing ones and request them again later."""
        # All are requested at once, and added in the manifest's order whichever arrives first.
        entries = list(entries)
        files = [asyncio.ensure_future(self._source.files(entry)) for entry in entries]
        for entry, fetched in zip(entries, files, strict=True):
            try:
                images, labels = await fetched
                began = time.perf_counter()
                add(read_shard(entry, images, labels, self.manifest.title))
                await self._pause(time.perf_counter() - began)
            except (MissingFile, DataError) as error:
                onward = "waits for them" if self.manifest.train == (entry,) else "goes on with the others"
                text = f"{entry.count:,} digits are missing: {sentence(error)} Training {onward}."
                self._post(type="problem", text=text)
                self._missing.append((entry, add, text))
            except MemoryError:
                text = f"There is no memory for {entry.count:,} digits; the page goes on without them."
                self._post(type="problem", text=text)
        if self._missing and self._again is None:
            self._again = asyncio.ensure_future(self._ask_again())

    async def _pause(self, seconds: float) -> None:
        """Let the network learn for a while, after a shard took ``seconds`` from it."""
        if self._busy():
            await asyncio.sleep(seconds * (1 / SHARE - 1))

    async def _ask_again(self) -> None:
        """Request missing shards again and again until none is missing."""
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            with suppress(TimeoutError, asyncio.TimeoutError):
                await asyncio.wait_for(self._online.wait(), pause)
            self._online.clear()
            for entry, add, text in list(self._missing):
                with suppress(MissingFile, DataError):
                    add(read_shard(entry, *await self._source.files(entry), self.manifest.title))
                    self._missing.remove((entry, add, text))
                    self._post(type="mended", text=text)
            if not self._missing:
                self._again = None
                return
