"""Keeps the learner's work: saves it while it changes, brings it back on the next visit.

A crash, a closed tab or a reload costs at most the ``SAVE_EVERY`` seconds before it. Saving copies what is
to be kept at once, and packs it in slices between which training goes on. The network comes back before the
page works; the table of runs and the moments of the past, which may be large, come after. Where the browser
refuses - no room, or no storage in a private window - the past is given up first; that is said once, and the
lab works on without.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nncore.checkpoint import CheckpointError
from nncore.storage import StorageError
from web.run import Run
from web.runner import Runner
from web.saved import NETWORK, PROGRESS, Saved, unpack
from web.sentences import sentence
from web.store import Store, StoreError

if TYPE_CHECKING:
    from web.kept_past import KeptPast
    from web.kept_runs import KeptRuns

SAVE_EVERY = 1.0  # seconds; no more than two may be lost
ASIDE = "aside-"  # before the names of what a link has set aside
RETRY_AFTER = 30.0  # seconds between attempts while the browser refuses

LOST = "Your work can't be kept in this browser: {}. Inkling goes on, but a reload or a closed tab loses it."
SHORTENED = (
    "Your network is kept, but not all of its past: {}. After a reload there are fewer moments to go back to."
)


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
        self._told: set[str] = set()
        self._saved = self._signature()
        self._refused = True  # no network of this visit is in the store, or the last save failed
        self._restored: Run | None = None
        self._runs: KeptRuns | None = None
        self._past: KeptPast | None = None
        self._rest: asyncio.Task[None] | None = None
        self._arriving = self._stopped = False

    async def restore(self, linked: bool = False) -> bool:
        """Bring back what was kept, if anything; called before the first digits arrive.

        Args:
            linked: the page was opened by a link with choices in it. Work that was done with others is set
                aside then, for ``recall``, and not brought back.
        """
        return await self._bring_back("", linked)

    async def recall(self) -> bool:
        """Bring back what a link had set aside, if anything is."""
        recalled = await self._bring_back(ASIDE, False)
        if recalled and self._past is not None:
            await self._read_past(self._past)
        return recalled

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
                self._runner.bench.count_from(max(kept.begun, kept.number))
                self._post(type="set_aside", at=kept.saved_at)
                return False
            self._runner.exchange.restore(kept)
        except StoreError as error:
            self._tell(LOST, error)
            return False
        except (StorageError, CheckpointError, ValueError) as error:
            lost = f"Your network of the last visit can't be brought back: {sentence(error)}"
            self._post(type="problem", text=f"{lost} A new one begins.")
            return False
        self._restored = self._runner.bench.run
        if not prefix:
            self._saved, self._refused = self._signature(), False
        self._post(type="restored", at=kept.saved_at, trained=bool(kept.progress and kept.progress.samples))
        return True

    def follow(self) -> None:
        """Bring back the rest, now that the page works, and save what changes of it."""
        self._arriving = True
        self._rest = asyncio.ensure_future(self._follow())

    async def _follow(self) -> None:
        # A start has no need of these.
        from web.kept_past import KeptPast
        from web.kept_runs import KeptRuns

        self._runs, self._past = KeptRuns(self._runner, self._store), KeptPast(self._store)
        try:
            if bad := await self._runs.read(self._restored.number if self._restored else 0):
                self._post(
                    type="problem",
                    text=f"{bad} of the runs in the table of your last visit can't be brought back.",
                )
            await self._read_past(self._past)
        except StoreError as error:
            self._tell(LOST, error)
            return
        while True:
            await self.save_past()
            await asyncio.sleep(SAVE_EVERY)

    async def _read_past(self, past: KeptPast) -> None:
        await past.read(self._restored, self._number_aside)
        self._runner.publisher.publish()
        self._arriving = False

    async def _number_aside(self) -> int:
        """Of the run that a link has set aside, or 0."""
        try:
            network = await self._store.get(ASIDE + NETWORK)
            return unpack(network, None).number if network else 0
        except StorageError:
            return 0

    @property
    def arriving(self) -> bool:
        """Whether something of the last visit is still on its way."""
        return self._arriving and self._rest is not None and not self._rest.done()

    def start(self) -> None:
        """From now on save what changes."""
        self._task = asyncio.ensure_future(self._keep())

    async def stop(self) -> None:
        """Save no more; returns when the last save is done."""
        self._stopped = True
        for task in filter(None, (self._task, self._rest)):
            task.cancel()
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
            if self._stopped:
                return True
            try:
                await self._save_present()
            except StoreError as error:
                self._refused = True
                self._tell(LOST, error)
                return False
            self._told.discard(LOST)
            return True

    async def _save_present(self) -> None:
        """The network and the table of runs, as far as they have changed."""
        signature = self._signature()
        entries: dict[str, bytes] = {}
        without: list[str] = []
        if signature != self._saved:
            for name, pack in self._moment().packers().items():
                entries[name] = pack()
                await asyncio.sleep(0)
            without = [PROGRESS] if PROGRESS not in entries else []
        if self._runs is not None:
            entries |= await self._runs.entries()
        if not entries:
            return
        try:
            await self._store.put_all(entries, without)
        except StoreError:
            if self._past is None or not await self._past.give_up():
                raise
            await self._store.put_all(entries, without)
        self._saved, self._refused = signature, False
        if self._runs is not None:
            self._runs.written()

    async def save_past(self) -> None:
        """Keep some of the moments that one can go back to. They can be done without, so the network neither
        waits for them nor is anything of them kept where it can't be."""
        try:
            if self._past is not None and not self._refused and not self._stopped:
                await self._past.save(self._runner.bench.run, self._state.running)
        except StoreError as error:
            self._tell(SHORTENED, error)

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
            number=run.number,
            begun=self._runner.bench.begun,
            past=run.past,
            stride=run.history.stride,
        )

    def _signature(self) -> tuple[Any, ...]:
        """What differs when there is something to save. Before any digits have come there is nothing."""
        run, state = self._runner.bench.run, self._state
        return run.number, run.samples, len(run.curves.evaluations), str(state.choices()), str(state.strokes)

    def _tell(self, what: str, error: StoreError) -> None:
        if what not in self._told:
            self._told.add(what)
            self._post(type="problem", text=what.format(error))
