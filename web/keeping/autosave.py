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
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nncore.checkpoint import CheckpointError
from nncore.storage import StorageError
from web.keeping.store import Store, StoreError
from web.runner import Runner
from web.runs.resumable import SavedSession
from web.runs.run import Run
from web.runs.run_codec import NETWORK, PROGRESS, decode, entries
from web.runs.run_log import lasting
from web.state.address import in_a_link
from web.state.choices_table import VIEW_CHOICES
from web.state.dataset_options import OWN
from web.state.sentences import sentence

if TYPE_CHECKING:
    from web.keeping.past_snapshots import KeptSnapshots
    from web.keeping.run_table import KeptRunTable
    from web.keeping.set_aside import AsideNetwork, AsideNetworks

SAVE_EVERY = 1.0  # seconds; no more than two may be lost
RETRY_AFTER = 30.0  # seconds between attempts while the browser refuses

LOST = "Your work can't be kept in this browser: {}. Inkling goes on, but a reload or a closed tab loses it."
SHORTENED = (
    "Your network is kept, but not all of its past: {}. After a reload there are fewer moments to go back to."
)
NO_ROOM_ASIDE = (
    "The link was not opened: your own network can't be set aside in this browser ({}), and the link's would "
    "take its place. Save yours as a file and start afresh to open the link."
)
FILE_GONE = (
    "The digits that your network learned from came from a file, which is not kept. Open the file again to "
    "go on with them; until then it goes on with {}."
)


class Autosave:
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
        self._runs: KeptRunTable | None = None
        self._past: KeptSnapshots | None = None
        self._rest: asyncio.Task[None] | None = None
        self._arriving = self._stopped = False

    async def restore(self, carried: Collection[str] = ()) -> bool:
        """Bring back what was kept, if anything; called before the first digits arrive.

        Args:
            carried: names of the choices that the page's address says outright. If they stand for another
                network, the one that was kept is set aside for ``recall``; choices of what is only shown
                replace those that were kept.
        """
        try:
            network, progress = await self._store.get(NETWORK), await self._store.get(PROGRESS)
        except StoreError as error:
            self._tell(LOST, error)
            return False
        if network is None or (kept := self._unpacked(network, progress)) is None:
            return False
        if self._opens_another(kept, carried) and await self._set_aside(kept, network, progress):
            return False
        views = {name: getattr(self._state, name) for name in VIEW_CHOICES if name in carried}
        if not self._put_back(replace(kept, choices=kept.choices | views)):
            return False
        self._refused = False
        self._saved = () if views else self._signature()  # what the link says of them is not in the store yet
        return True

    def _opens_another(self, kept: SavedSession, carried: Collection[str]) -> bool:
        """Whether a link that carries these choices stands for another network than the one kept."""
        if set(carried) <= set(VIEW_CHOICES):
            return False
        offers = self._state.offers
        wanted, had = (lasting(in_a_link(one, offers)) for one in (self._state.choices(), kept.choices))
        return wanted != had

    async def _set_aside(self, kept: SavedSession, network: bytes, progress: bytes | None) -> bool:
        """Make room for a link's network; False if the browser refuses, and the one kept is to stay."""
        self._runner.experiment.count_from(max(kept.begun, kept.number))
        if not (kept.strokes or kept.picture or kept.samples):
            return True  # it has learned nothing, and nothing was drawn
        try:
            entry = await self._networks_aside().add(network, progress)
        except StoreError as error:
            self._tell(NO_ROOM_ASIDE, error)
            return False
        self._post(type="set_aside", at=kept.saved_at, number=entry.number)
        return True

    def _unpacked(self, network: bytes, progress: bytes | None) -> SavedSession | None:
        """What two entries hold; None, after it was told, if they are damaged."""
        try:
            return decode(network, "what was saved", progress)
        except (StorageError, CheckpointError) as error:
            self._tell_damaged(error)
            return None

    def _put_back(self, kept: SavedSession) -> bool:
        """Go on with a network that was kept; False, after it was told, if that can't be."""
        try:
            self._runner.switcher.restore(kept)
        except (StorageError, CheckpointError, ValueError) as error:
            self._tell_damaged(error)
            return False
        if kept.choices.get("dataset") == OWN and self._state.dataset != OWN:
            there = self._state.offers[self._state.dataset].label
            self._post(type="problem", text=FILE_GONE.format(there))
        self._restored = self._runner.experiment.run
        self._post(type="restored", at=kept.saved_at, trained=kept.samples > 0)
        return True

    def _tell_damaged(self, error: Exception) -> None:
        text = f"Your network of the last visit can't be brought back: {sentence(error)} A new one begins."
        self._post(type="problem", text=text)

    # --- what links have set aside

    def _networks_aside(self) -> AsideNetworks:
        from web.keeping.set_aside import AsideNetworks  # a start has no need of it

        return AsideNetworks(self._store)

    async def aside(self) -> tuple[AsideNetwork, ...]:
        """Find the networks set aside, the one set aside last first; the state has them from then on, too.
        Raises StoreError."""
        self._state.aside = await self._networks_aside().list()
        return self._state.aside

    async def recall(self, number: int | None = None) -> bool:
        """Bring back a network that was set aside; the present one is set aside in its turn.

        Args:
            number: as ``aside`` gives it; None for the one set aside last, other than the present one.

        Returns:
            Whether it is back. StoreError if the browser refuses.
        """
        present, networks = self._runner.experiment.run, self._networks_aside()
        known = [entry for entry in await self.aside() if number or entry.run != present.number]
        entry = next((entry for entry in known if number in (None, entry.number)), None)
        if entry is None or (data := await networks.get(entry.number)) is None:
            return False
        if (kept := self._unpacked(*data)) is None:
            return False
        if present.samples and (present.number, present.samples) != (entry.run, entry.samples):
            packed = {name: pack() for name, pack in entries(self._session()).items()}
            await networks.add(packed[NETWORK], packed.get(PROGRESS), spared=entry.number)
        recalled = self._put_back(kept)
        await self.aside()
        if recalled and self._past is not None:
            await self._read_past(self._past)
        return recalled

    async def forget_aside(self, number: int) -> bool:
        """Delete a network that was set aside, for good; False if there is none of this number."""
        if number not in [entry.number for entry in await self.aside()]:
            return False
        await self._networks_aside().delete(number)
        await self.aside()
        return True

    def follow(self) -> None:
        """Bring back the rest, now that the page works, and save what changes of it."""
        self._arriving = True
        self._rest = asyncio.ensure_future(self._follow())

    async def _follow(self) -> None:
        # A start has no need of these.
        from web.keeping.past_snapshots import KeptSnapshots
        from web.keeping.run_table import KeptRunTable

        self._runs, self._past = KeptRunTable(self._runner, self._store), KeptSnapshots(self._store)
        try:
            if bad := await self._runs.read(self._restored.number if self._restored else 0):
                self._post(
                    type="problem",
                    text=f"{bad} of the runs in the table of your last visit can't be brought back.",
                )
            await self._read_past(self._past)
            await self.aside()
        except StoreError as error:
            self._tell(LOST, error)
            return
        while True:
            await self.save_past()
            await asyncio.sleep(SAVE_EVERY)

    async def _read_past(self, past: KeptSnapshots) -> None:
        await past.read(self._restored, self._number_aside)
        self._runner.publisher.publish()
        self._arriving = False

    async def _number_aside(self) -> int:
        """Of the run that was set aside last, or 0: the moments of others set aside are not kept."""
        newest = (await self._networks_aside().list())[:1]
        return newest[0].run if newest else 0

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
        packed: dict[str, bytes] = {}
        without: list[str] = []
        if signature != self._saved:
            for name, pack in entries(self._session()).items():
                packed[name] = pack()
                await asyncio.sleep(0)
            without = [PROGRESS] if PROGRESS not in packed else []
        if self._runs is not None:
            packed |= await self._runs.entries()
        if not packed:
            return
        try:
            await self._store.put_all(packed, without)
        except StoreError:
            if self._past is None or not await self._past.give_up():
                raise
            await self._store.put_all(packed, without)
        self._saved, self._refused = signature, False
        if self._runs is not None:
            self._runs.written()

    async def save_past(self) -> None:
        """Keep some of the moments that one can go back to. They can be done without, so the network neither
        waits for them nor is anything of them kept where it can't be."""
        try:
            if self._past is not None and not self._refused and not self._stopped:
                await self._past.save(self._runner.experiment.run, self._state.running)
        except StoreError as error:
            self._tell(SHORTENED, error)

    def _session(self) -> SavedSession:
        state, experiment = self._state, self._runner.experiment
        _, _, training = state.core_settings()
        return experiment.run.standing(
            state.choices(),
            training,
            strokes=state.strokes,
            picture=state.picture,
            saved_at=time.time(),
            begun=experiment.begun,
        )

    def _signature(self) -> tuple[Any, ...]:
        """What differs when there is something to save. Before any digits have come there is nothing."""
        run, state = self._runner.experiment.run, self._state
        learned = run.number, run.samples, run.curves.evaluations[-1:]
        return *learned, str(state.choices()), str(state.strokes), state.picture

    def _tell(self, what: str, error: StoreError) -> None:
        if what not in self._told:
            self._told.add(what)
            self._post(type="problem", text=what.format(error))
