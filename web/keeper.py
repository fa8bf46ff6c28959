"""Keeps the learner's work: saves it while it changes, brings it back on the next visit.

A crash, a closed tab or a reload costs at most the ``SAVE_EVERY`` seconds before it. Saving copies what is
to be kept at once, and packs it in slices between which training goes on. Where the browser refuses - no
room, or no storage in a private window - that is said once, and the lab works on without.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from nncore.checkpoint import CheckpointError
from nncore.storage import StorageError
from web.runner import Runner
from web.saved import NETWORK, PROGRESS, Saved, unpack
from web.store import Store, StoreError

SAVE_EVERY = 1.0  # seconds; no more than two may be lost
ASIDE = "aside-"  # before the names of what a link has set aside
RETRY_AFTER = 30.0  # seconds between attempts while the browser refuses


class Keeper:
    """Looks after one lab's work in ``store``.

    Args:
        post: tells the page ``restored`` and ``set_aside`` with ``at`` (seconds since 1970), ``problem``
            with ``text``.
    """

    def __init__(self, runner: Runner, store: Store, post: Callable[..., None]) -> None:
        self._runner, self._store, self._post = runner, store, post
        self._state = runner.state
        self._task: asyncio.Task[None] | None = None
        self._saving = asyncio.Lock()
        self._told = False
        self._saved = self._signature()

    async def restore(self, linked: bool = False) -> bool:
        """Bring back what was kept, if anything; called before the first digits arrive.

        Args:
            linked: the page was opened by a link with choices in it. Work that was done with others is set
                aside then, for ``recall``, and not brought back.
        """
        return await self._bring_back("", linked)

    async def recall(self) -> bool:
        """Bring back what a link had set aside, if anything is."""
        return await self._bring_back(ASIDE, False)

    async def _bring_back(self, prefix: str, linked: bool) -> bool:
        try:
            network = await self._store.get(prefix + NETWORK)
            progress = await self._store.get(prefix + PROGRESS)
            if network is None:
                return False
            kept = unpack(network, progress)
            if linked and kept.choices != self._state.choices():
                entries = {NETWORK: network} | ({PROGRESS: progress} if progress else {})
                await self._store.put_all({ASIDE + name: data for name, data in entries.items()})
                self._post(type="set_aside", at=kept.saved_at)
                return False
            self._runner.exchange.restore(kept)
        except StoreError as error:
            self._tell(error)
            return False
        except (StorageError, CheckpointError, ValueError) as error:
            self._post(
                type="problem",
                text=f"Your network of the last visit can't be brought back: {error}. A new one begins.",
            )
            return False
        if not prefix:
            self._saved = self._signature()
        self._post(type="restored", at=kept.saved_at, trained=bool(kept.progress and kept.progress.samples))
        return True

    def start(self) -> None:
        """From now on save what changes."""
        self._task = asyncio.ensure_future(self._keep())

    async def stop(self) -> None:
        """Save no more; returns when the last save is done."""
        if self._task is not None:
            self._task.cancel()
        async with self._saving:
            pass

    async def _keep(self) -> None:
        while True:
            began = time.monotonic()
            saved = await self.save()
            await asyncio.sleep((began + SAVE_EVERY if saved else began + RETRY_AFTER) - time.monotonic())

    async def save(self) -> bool:
        """Keep the present moment, unless it is kept already; False if the browser refused."""
        async with self._saving:
            signature = self._signature()
            if signature == self._saved:
                return True
            packers = self._moment().packers()
            entries = {}
            for name, pack in packers.items():
                entries[name] = pack()
                await asyncio.sleep(0)
            try:
                if PROGRESS not in entries:
                    await self._store.delete(PROGRESS)
                await self._store.put_all(entries)
            except StoreError as error:
                self._tell(error)
                return False
            self._saved, self._told = signature, False
            return True

    def _moment(self) -> Saved:
        run = self._runner.bench.run
        _, _, training = self._state.experiment()
        return Saved(
            network=run.network.copy(),
            preprocessing=run.preprocessing,
            training=run.trainer.spec if run.trainer else training,
            progress=run.trainer.checkpoint() if run.trainer else None,
            choices=self._state.choices(),
            strokes=self._state.strokes,
            learning=run.curves.learning,
            evaluations=run.curves.evaluations,
            saved_at=time.time(),
            name=run.name,
            seconds=run.seconds,
        )

    def _signature(self) -> tuple[Any, ...]:
        """What differs when there is something to save. Before any digits have come there is nothing."""
        run, state = self._runner.bench.run, self._state
        return run.number, run.samples, len(run.curves.evaluations), str(state.choices()), str(state.strokes)

    def _tell(self, error: StoreError) -> None:
        if not self._told:
            self._told = True
            self._post(
                type="problem",
                text=f"Your work can't be kept in this browser: {error}. "
                "Inkling goes on, but a reload or a closed tab loses it.",
            )
