"""Where the digits come from: shards beside the page, one file at a time, checked against their manifest.

In the browser a shard is fetched from the site; under ``panel serve`` it is read from a built site's folder.
Either way the reader is ``nncore.datasets.shards``, which refuses bytes that don't match their SHA-256.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from nncore.datasets import Dataset
from nncore.datasets.shards import MANIFEST, Manifest, ShardEntry, read_manifest, read_shard

Fetch = Callable[[str], Awaitable[bytes]]


class MissingFile(OSError):
    """A file of the site that could not be had; the message names it and says why."""


def folder_fetch(folder: str | Path) -> Fetch:
    """A ``Fetch`` that reads from a local folder, for ``panel serve`` and tests."""

    async def fetch(name: str) -> bytes:
        try:
            return (Path(folder) / name).read_bytes()
        except OSError as error:
            raise MissingFile(f"{name}: {error.strerror}") from error

    return fetch


class ShardSource:
    """The shards of one site: ``manifest()`` once, then ``shard()`` for each entry."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def manifest(self) -> Manifest:
        """Raises MissingFile or nncore's DataError."""
        return read_manifest(await self._fetch(MANIFEST))

    async def shard(self, entry: ShardEntry, name: str) -> Dataset:
        """Raises MissingFile or nncore's DataError; both name the file."""
        images = await self._fetch(entry.images.file)
        labels = await self._fetch(entry.labels.file)
        return read_shard(entry, images, labels, name)
