"""The moments of the present run across visits: an entry of the store for each.

A moment never changes, so each is written once, a few with every save; those that the history has thinned out
are forgotten at the same time. First come those that will outlast the others, so that a crash in the first
seconds leaves moments evenly spread, only fewer of them.
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
AT_ONCE = 4_000_000  # bytes of weights that one save writes, while a network learns half of it
PATIENCE = 30.0  # seconds


class KeptSnapshots:
    """Keeps the moments of one run after another in ``store``. Methods raise StoreError."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # What the store has under each name; None for what nobody wants. Nothing is known before ``read``.
        self._there: dict[str, WeightSnapshot | None] = {}
        self._busy = asyncio.Lock()
        self._ready = False
        self._again = 0.0  # when to try again, after a refusal

    async def read(self, run: Run | None, set_aside: Callable[[], Awaitable[int]]) -> None:
        """Give ``run`` the moments that an earlier visit kept of it; whatever is damaged or doesn't belong is
        left out, to be forgotten with the next save.

        Args:
            run: that has been brought back, or None if none has.
            set_aside: finds the number of a run whose moments stay as they are.
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
        """Write some of the moments that are missing, and forget those that are no longer wanted. A refusal
        is raised once, and for ``PATIENCE`` nothing is written."""
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
        """Forget all of them, to make room; False if there are none."""
        async with self._busy:
            if not self._there:
                return False
            self._again = time.monotonic() + PATIENCE
            await self._store.put_all({}, list(self._there))
            self._there.clear()
            return True


def _prefix(run: Run) -> str:
    return f"{PAST}{run.number}/"


def _fitting(run: Run, moments: Iterable[WeightSnapshot]) -> list[WeightSnapshot]:
    """In order, those that can have led to where this visit began: networks of the run's kind, which may have
    had other layers, and counters that only grow."""
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
    """How often a history can be thinned out before the moment at this place goes, as a power of two: the
    first never does, and an odd one goes at once."""
    return place & -place or 1 << 62
