"""Bytes kept by name across visits: what the lab keeps its work in, whatever keeps them.

In the page it is the browser's own storage (``web.browser``, IndexedDB); tests and ``panel serve`` use a
``MemoryStore``. Each tab has names of its own, so that tabs don't overwrite one another. Values are bytes in
formats that are data and nothing else (``.npz``, JSON): never a pickle.

Anything else that wants to survive a reload uses the lab's store under a name of its own::

    await lab.store.put("my-digits", data)
    data = await lab.store.get("my-digits")  # None if nothing is kept
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol


class StoreError(OSError):
    """The browser refused to keep or to give back; the message says why, in words for the learner."""


class Store(Protocol):
    """Every method raises StoreError if the browser refuses."""

    slot: int
    """Which of the browser's tabs this is, from 1; each has names of its own."""

    async def get(self, name: str) -> bytes | None:
        """What was kept under ``name``, or None."""

    async def put(self, name: str, data: bytes) -> None:
        """Keep ``data`` under ``name``, in place of what was there."""

    async def put_all(self, entries: Mapping[str, bytes], without: Iterable[str] = ()) -> None:
        """Keep several, and forget those named by ``without``, at once: all of it happens or nothing."""

    async def names(self) -> list[str]:
        """Of everything that this tab kept, in order."""

    async def clear(self) -> None:
        """Forget everything that this tab kept."""


class MemoryStore:
    """A ``Store`` that lasts as long as the process."""

    def __init__(self) -> None:
        self.slot = 1
        self.entries: dict[str, bytes] = {}

    async def get(self, name: str) -> bytes | None:
        return self.entries.get(name)

    async def put(self, name: str, data: bytes) -> None:
        await self.put_all({name: data})

    async def put_all(self, entries: Mapping[str, bytes], without: Iterable[str] = ()) -> None:
        for name in without:
            self.entries.pop(name, None)
        self.entries |= entries

    async def names(self) -> list[str]:
        return sorted(self.entries)

    async def clear(self) -> None:
        self.entries.clear()
