"""Keeps the learner's work in the browser's own storage (``boot/worker/store.mjs``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pyodide.ffi import JsException, to_js

from web.keeping.store import StoreError

# Names of the browser's errors when it refuses storage -> words for the learner.
REFUSALS = {
    "QuotaExceededError": "there is no room left",
    "SecurityError": "it forbids storage here, as private windows do",
    "InvalidStateError": "it forbids storage here, as private windows do",
}


class BrowserStore:
    """A ``web.keeping.store.Store`` in the browser's own storage."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.slot = int(store.slot)

    async def get(self, name: str) -> bytes | None:
        """Return the bytes kept under ``name``, or None."""
        with _refusals():
            value = await self._store.get(name)
        return value.to_bytes() if value else None

    async def put(self, name: str, data: bytes) -> None:
        """Keep ``data`` under ``name``."""
        await self.put_all({name: data})

    async def put_all(self, entries: Mapping[str, bytes], without: Iterable[str] = ()) -> None:
        """Keep several entries and delete those named by ``without``, in one transaction."""
        with _refusals():
            await self._store.put(to_js(list(entries)), to_js(list(entries.values())), to_js(list(without)))

    async def names(self) -> list[str]:
        """Return the names of all entries of this tab, in order."""
        with _refusals():
            names = await self._store.names()
        return [str(name) for name in names.to_py()]

    async def clear(self) -> None:
        """Delete all entries of this tab."""
        with _refusals():
            await self._store.clear()


@contextmanager
def _refusals() -> Iterator[None]:
    """Raise StoreError in place of an error of the browser's storage."""
    try:
        yield
    except JsException as error:
        raise StoreError(REFUSALS.get(error.name, f"the browser said: {error.message}")) from error
