"""Defines the store, which keeps bytes by name across visits.

In the page it is the browser's own storage (``web.browser.browser_store``, IndexedDB); tests and
``panel serve`` use a ``MemoryStore``. Each tab has names of its own, so that tabs don't overwrite one
another. Values are bytes in plain data formats (``.npz``, JSON), never a pickle.

Other parts that need to survive a reload use the lab's store under a name of their own::

    await lab.store.put("my-digits", data)
    data = await lab.store.get("my-digits")  # None if nothing is kept
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol


class StoreError(OSError):
    """An error for a refusal of the browser; the message gives the reason, in words for the learner."""


class Store(Protocol):
    """The methods of a store; each raises StoreError if the browser refuses."""

    slot: int
    """The number of this tab, from 1; each tab has names of its own."""

    async def get(self, name: str) -> bytes | None:
        """Return the bytes kept under ``name``, or None."""

    async def put(self, name: str, data: bytes) -> None:
        """Keep ``data`` under ``name``, in place of earlier bytes."""

    async def put_all(self, entries: Mapping[str, bytes], without: Iterable[str] = ()) -> None:
        """Keep several entries and delete those named by ``without``, all or none."""

    async def names(self) -> list[str]:
        """Return the names of all entries of this tab, in order."""

    async def clear(self) -> None:
        """Delete all entries of this tab."""


class MemoryStore:
    """A ``Store`` that lasts as long as the process."""

    def __init__(self) -> None:
        self.slot = 1
        self.entries: dict[str, bytes] = {}

    async def get(self, name: str) -> bytes | None:
        """Return the bytes kept under ``name``, or None."""
        return self.entries.get(name)

    async def put(self, name: str, data: bytes) -> None:
        """Keep ``data`` under ``name``."""
        await self.put_all({name: data})

    async def put_all(self, entries: Mapping[str, bytes], without: Iterable[str] = ()) -> None:
        """Keep several entries and delete those named by ``without``."""
        for name in without:
            self.entries.pop(name, None)
        self.entries |= entries

    async def names(self) -> list[str]:
        """Return the names of all entries, in order."""
        return sorted(self.entries)

    async def clear(self) -> None:
        """Delete all entries."""
        self.entries.clear()
