"""Keeps the moments of the present run across visits, each in an entry of the store.

A moment never changes, so each is written once, a few with every save. Moments that the history has thinned
out are deleted at the same time. The moments that will stay longest are written first, so that after a crash
in the first seconds the saved ones are evenly spread, only fewer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

from nncore.storage import StorageError
from web.keeping.store import Store
from web.runner.background import yield_to_loop
from web.runs.history import WeightSnapshot
from web.runs.run import Run
from web.runs.run_codec import decode_moment, encode_moment

PAST = "past/"  # then the run's number, a slash, and the samples
AT_ONCE = 4_000_000  # bytes of weights in one save; half as many while a network learns
PATIENCE = 30.0  # seconds without a save after the browser refused


class KeptSnapshots:
    """Keeps the moments of one run after another in ``store``; its methods raise StoreError if the browser
    refuses."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # Name of an entry -> its moment, or None if it is to be deleted. Empty before ``read``.
        self._there: dict[str, WeightSnapshot | None] = {}
        self._busy = asyncio.Lock()
        self._ready = False
        self._again = 0.0  # time of the next attempt after a refusal

    async def read(self, run: Run | None, set_aside: Callable[[], Awaitable[int]]) -> None:
        """Give ``run`` the moments that an earlier visit kept.

        Damaged or unsuitable entries are left out, and deleted by the next save.

        Args:
            run: the restored run; None if there is none.
            set_aside: returns the number of the run that was set aside last; its moments are kept.
        """
        async with self._busy:
            self._there, self._ready = {}, False
            found: list[WeightSnapshot] = []
            names = [name for name in await self._store.names() if name.startswith(PAST)]
            mine = _prefix(run) if run else ""
            others = [name for name in names if not mine or not name.startswith(mine)]
            spared = f"{PAST}{await set_aside()}/" if others else ""
            self._there |= {name: None for name in others if not name.startswith(spared)}
            for name in names:
                if run and name.startswith(mine):
                    self._there[name] = None
                    if data := await self._store.get(name):
                        try:
                            found.append(decode_moment(data))
                            self._there[name] = found[-1]
                        except StorageError:
                            pass
                    await yield_to_loop()
            if run and found:
                run.history.bring_back(_fitting(run, found))
            self._ready = True

    async def save(self, run: Run, learning: bool = False) -> None:
        """Write some of the missing moments, and delete those that are no longer wanted.

        After a refusal of the browser nothing is written for ``PATIENCE`` seconds.

        Args:
            learning: whether a network is learning; less is written then.
        """
        if self._busy.locked() or time.monotonic() < self._again:
            return
        async with self._busy:
            moments = run.history.moments
            wanted = {f"{_prefix(run)}{moment.samples}": moment for moment in moments}
            missing = [name for name, moment in wanted.items() if self._there.get(name) is not moment]
            gone = [name for name in self._there if name not in wanted]
            if not self._ready or not (missing or gone):
                return
            places = {name: place for place, name in enumerate(wanted)}
            entries: dict[str, bytes] = {}
            room = AT_ONCE // 2 if learning else AT_ONCE
            for name in sorted(missing, key=lambda name: -_lasting(places[name])):
                moment = wanted[name]
                room -= moment.network.parameters.flat.nbytes
                if entries and room < 0:
                    break
                entries[name] = encode_moment(moment, run.preprocessing)
                await asyncio.sleep(0)
            self._again = time.monotonic() + PATIENCE
            await self._store.put_all(entries, gone)
            self._again = 0.0
            for name in gone:
                del self._there[name]
            self._there |= {name: wanted[name] for name in entries}

    async def give_up(self) -> bool:
        """Delete all moments from the store to make room; return False if there are none."""
        async with self._busy:
            if not self._there:
                return False
            self._again = time.monotonic() + PATIENCE
            await self._store.put_all({}, list(self._there))
            self._there.clear()
            return True


def _prefix(run: Run) -> str:
    """Return the beginning of the names of a run's entries."""
    return f"{PAST}{run.number}/"


def _fitting(run: Run, moments: Iterable[WeightSnapshot]) -> list[WeightSnapshot]:
    """Return the moments, oldest first, that can belong to the past of ``run``.

    Their networks have the run's settings, though perhaps other hidden layers, and their counters only grow
    up to the beginning of this visit.
    """
    now = run.history.moments
    end = now[0].samples if now else run.samples + 1
    spec = run.network.spec
    fitting: list[WeightSnapshot] = []
    for moment in sorted(moments, key=lambda moment: moment.samples):
        then, before = moment.network.spec, fitting[-1:]
        alike = replace(then, layers=spec.layers, activations=spec.activations) == spec
        ends = then.layers[0], then.layers[-1], then.activations[-1]
        same_ends = ends == (spec.layers[0], spec.layers[-1], spec.activations[-1])
        grows = all(one.steps <= moment.steps and one.at <= moment.at for one in before)
        if moment.samples < end and alike and same_ends and grows:
            fitting.append(moment)
    return fitting


def _lasting(place: int) -> int:
    """Return how long the moment at this position stays in a thinned-out history, as a power of two.

    The moment at an odd position goes at the first thinning, the first moment never.
    """
    return place & -place or 1 << 62
