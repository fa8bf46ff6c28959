"""Fetches files of the site, above all shards of digits, which are checked against their manifest.

In the browser a shard is fetched from the site; under ``panel serve`` it is read from a built site's folder.
In both cases ``nncore.datasets.shards`` reads it, and refuses bytes with another SHA-256 than the manifest's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from nncore.datasets.shards import MANIFEST, Manifest, ShardEntry, read_manifest

Fetch = Callable[[str], Awaitable[bytes]]
"""Name of a file -> its bytes; raises MissingFile."""


class MissingFile(OSError):
    """An error for a file of the site that can't be fetched; the message names the file and the reason."""


def folder_fetch(folder: str | Path) -> Fetch:
    """Return a ``Fetch`` that reads from a local folder, for ``panel serve`` and tests."""

    async def fetch(name: str) -> bytes:
        try:
            return (Path(folder) / name).read_bytes()
        except OSError as error:
            raise MissingFile(f"{name}: {error.strerror}") from error

    return fetch


class ShardSource:
    """The shards of one site: call ``manifest()`` once, then ``files()`` for each entry."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def manifest(self) -> Manifest:
        """Fetch the list of shards.

        Raises:
            MissingFile, DataError: if it can't be fetched or is damaged.
        """
        return read_manifest(await self._fetch(MANIFEST))

    async def files(self, entry: ShardEntry) -> tuple[bytes, bytes]:
        """Fetch the images and labels of one shard, for ``read_shard``.

        Args:
            entry: the shard's entry in the manifest.

        Raises:
            MissingFile: if a file can't be fetched; it names the file.
        """
        return await self._fetch(entry.images.file), await self._fetch(entry.labels.file)
