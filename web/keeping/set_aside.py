"""Keeps the networks that links have set aside, each under its own number, until they are deleted.

A set-aside network has up to three entries in the store: ``aside/7/network`` and ``aside/7/progress``, as
``web.runs.run_codec`` encodes them, and ``aside/7/about``, a small JSON object from which *Runs* makes its
list without reading any weights. The newest ``MOST`` are kept, as long as they fit into ``MEMORY``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from nncore.checkpoint import CheckpointError
from nncore.storage import StorageError
from web.keeping.store import Store
from web.runs.resumable import SavedSession
from web.runs.run_codec import NETWORK, PROGRESS, decode

ASIDE = "aside/"  # then the number, a slash, and one of NETWORK, PROGRESS and ABOUT
ABOUT = "about"
OLD = "aside-"  # before NETWORK and PROGRESS: names in earlier versions, which kept only one network
MOST = 10
MEMORY = 64_000_000  # bytes; the newest is kept however large it is


@dataclass(frozen=True)
class AsideNetwork:
    """The facts about one network set aside, for the list.

    Attributes:
        number: the number by which it is brought back or deleted.
        run: the number of its run; 0 where an older version did not say.
        name: the name of its run.
        saved_at: when it was saved last, in seconds since 1970.
        samples: number of images that it was trained on.
        layers: numbers of neurons, inputs first.
        test_accuracy: its newest measure, 0 to 1, or None.
        bytes: its size in the store.
    """

    number: int
    run: int
    name: str
    saved_at: float
    samples: int
    layers: tuple[int, ...]
    test_accuracy: float | None
    bytes: int

    def public(self) -> dict[str, Any]:
        """Return it as plain values, for the command ``aside``."""
        return vars(self) | {"layers": list(self.layers)}


class AsideNetworks:
    """Stores and finds the networks set aside; its methods raise StoreError if the browser refuses."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def list(self) -> tuple[AsideNetwork, ...]:
        """Return all of them, the latest first; damaged entries are left out."""
        await self._adopt_old()
        return await self._known()

    async def add(self, network: bytes, progress: bytes | None, spared: int = 0) -> AsideNetwork:
        """Set a network aside. It replaces an older state of the same run, and the oldest are deleted for
        lack of room.

        Args:
            network, progress: the two entries of a session, as ``web.runs.run_codec`` encodes them.
            spared: the number of a network that stays, however old it is.

        Raises:
            StorageError, CheckpointError: if the entries are damaged; nothing is stored then.
        """
        await self._adopt_old()
        return await self._put(network, progress, spared=spared)

    async def _known(self) -> tuple[AsideNetwork, ...]:
        """Return all networks whose facts are readable, the latest first."""
        found = []
        for name in await self._store.names():
            if name.startswith(ASIDE) and name.endswith(f"/{ABOUT}"):
                data = await self._store.get(name)
                if data and (entry := _read_about(data)):
                    found.append(entry)
        return tuple(sorted(found, key=lambda entry: -entry.number))

    async def _put(
        self, network: bytes, progress: bytes | None, without: tuple[str, ...] = (), spared: int = 0
    ) -> AsideNetwork:
        """Write the entries of a network, and delete ``without`` and the surplus in the same transaction."""
        kept, known = decode(network, "what was saved", progress), await self._known()
        number = max((other.number for other in known), default=0) + 1
        entry = _about(number, kept, len(network) + len(progress or b""))
        entries = {f"{ASIDE}{number}/{NETWORK}": network}
        if progress:
            entries[f"{ASIDE}{number}/{PROGRESS}"] = progress
        entries[f"{ASIDE}{number}/{ABOUT}"] = json.dumps(entry.public()).encode()
        gone = [other.number for other in _surplus(entry, known) if other.number != spared]
        await self._store.put_all(entries, [*without, *(name for one in gone for name in _names(one))])
        return entry

    async def get(self, number: int) -> tuple[bytes, bytes | None] | None:
        """Return the entries of the network ``number``, or None if there is none."""
        network = await self._store.get(f"{ASIDE}{number}/{NETWORK}")
        if network is None:
            return None
        return network, await self._store.get(f"{ASIDE}{number}/{PROGRESS}")

    async def delete(self, number: int) -> None:
        """Delete the network ``number`` for good."""
        await self._store.put_all({}, _names(number))

    async def _adopt_old(self) -> None:
        """Move the network that an earlier version set aside to a number of its own."""
        network = await self._store.get(OLD + NETWORK)
        if network is None:
            return
        old = OLD + NETWORK, OLD + PROGRESS
        try:
            await self._put(network, await self._store.get(OLD + PROGRESS), old)
        except (StorageError, CheckpointError):
            await self._store.put_all({}, old)


def _about(number: int, kept: SavedSession, size: int) -> AsideNetwork:
    """Return the facts about a network of ``size`` bytes."""
    measured = kept.curves.evaluations[-1:]
    return AsideNetwork(
        number=number,
        run=kept.number,
        name=kept.name,
        saved_at=kept.saved_at,
        samples=kept.samples,
        layers=kept.network.spec.layers,
        test_accuracy=measured[0].test_accuracy if measured else None,
        bytes=size,
    )


def _read_about(data: bytes) -> AsideNetwork | None:
    """Return the facts in an entry, or None if it is damaged."""
    try:
        plain = json.loads(data)
        return AsideNetwork(**plain | {"layers": tuple(plain["layers"])})
    except (ValueError, KeyError, TypeError):
        return None


def _surplus(new: AsideNetwork, known: tuple[AsideNetwork, ...]) -> list[AsideNetwork]:
    """Return those of the ``known`` networks, latest first, that are deleted when ``new`` is added."""
    same = [other for other in known if other.run == new.run > 0]
    others = [other for other in known if other not in same]
    room, staying = MEMORY - new.bytes, 1
    for place, other in enumerate(others):
        room -= other.bytes
        staying += 1
        if staying > MOST or room < 0:
            return same + others[place:]
    return same


def _names(number: int) -> list[str]:
    """Return the names of the entries of a network."""
    return [f"{ASIDE}{number}/{part}" for part in (ABOUT, NETWORK, PROGRESS)]
