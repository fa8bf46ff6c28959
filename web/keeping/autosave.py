"""Saves the learner's work while it changes, and restores it on the next visit.

A crash, a closed tab or a reload costs at most the last ``SAVE_EVERY`` seconds. A save copies everything at
once and encodes it in slices, between which training goes on. The network is restored before the page works;
the table of runs and the moments of the past, which may be large, are restored later. When the browser
refuses - no room, or no storage in a private window - the moments are dropped first to make room. A failure
is reported once, and the lab works without storage.
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

SAVE_EVERY = 1.0  # seconds; a crash may cost two at most
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
    """Saves and restores the work of one lab in ``store``.

    Args:
        post: sends a message to the page: ``restored`` and ``set_aside`` with ``at`` (seconds since 1970),
            ``problem`` with ``text``.
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
        """Restore the kept network, if there is one; must be called before the first digits arrive.

        Args:
            carried: names of the choices in the page's address. If they describe another network, the kept
                one is set aside for ``recall``; display choices among them replace the kept ones.

        Returns:
            Whether a network was restored.
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
        self._saved = () if views else self._signature()  # the link's display choices are still to be saved
        return True

    def _opens_another(self, kept: SavedSession, carried: Collection[str]) -> bool:
        """Return whether a link with these choices describes another network than the kept one."""
        if set(carried) <= set(VIEW_CHOICES):
            return False
        offers = self._state.offers
        wanted, had = (lasting(in_a_link(one, offers)) for one in (self._state.choices(), kept.choices))
        return wanted != had

    async def _set_aside(self, kept: SavedSession, network: bytes, progress: bytes | None) -> bool:
        """Set the kept network aside to make room for a link's.

        Returns:
            False if the browser refuses; the kept network must then be restored.
        """
        self._runner.experiment.count_from(max(kept.begun, kept.number))
        if not (kept.strokes or kept.picture or kept.samples):
            return True  # nothing was learned or drawn, so nothing is lost
        try:
            entry = await self._networks_aside().add(network, progress)
        except StoreError as error:
            self._tell(NO_ROOM_ASIDE, error)
            return False
        self._post(type="set_aside", at=kept.saved_at, number=entry.number)
        return True

    def _unpacked(self, network: bytes, progress: bytes | None) -> SavedSession | None:
        """Decode two entries of a session; report damaged ones and return None."""
        try:
            return decode(network, "what was saved", progress)
        except (StorageError, CheckpointError) as error:
            self._tell_damaged(error)
            return None

    def _put_back(self, kept: SavedSession) -> bool:
        """Continue a kept network; if that is impossible, report it and return False."""
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
        """Report that the kept network can't be restored."""
        text = f"Your network of the last visit can't be brought back: {sentence(error)} A new one begins."
        self._post(type="problem", text=text)

    # --- networks set aside by links

    def _networks_aside(self) -> AsideNetworks:
        """Return the networks set aside in the store."""
        from web.keeping.set_aside import AsideNetworks  # imported late: a start doesn't need it

        return AsideNetworks(self._store)

    async def aside(self) -> tuple[AsideNetwork, ...]:
        """Read the list of networks set aside, the latest first, into the state, and return it.

        Raises:
            StoreError: if the browser refuses.
        """
        self._state.aside = await self._networks_aside().list()
        return self._state.aside

    async def recall(self, number: int | None = None) -> bool:
        """Bring back a network that was set aside, and set the present one aside if it has learned anything.

        Args:
            number: as ``aside`` returns it; None for the latest one that is not the present run.

        Returns:
            Whether the network is back.

        Raises:
            StoreError: if the browser refuses.
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
        """Delete a network that was set aside, for good; return False if there is none of this number.

        Raises:
            StoreError: if the browser refuses.
        """
        if number not in [entry.number for entry in await self.aside()]:
            return False
        await self._networks_aside().delete(number)
        await self.aside()
        return True

    def follow(self) -> None:
        """Restore the table of runs and the moments, and save changes of the moments from now on."""
        self._arriving = True
        self._rest = asyncio.ensure_future(self._follow())

    async def _follow(self) -> None:
        """Restore table and moments, then save moments every ``SAVE_EVERY`` seconds."""
        # Imported late: a start doesn't need them.
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
        """Restore the moments of the restored run, and publish them."""
        await past.read(self._restored, self._number_aside)
        self._runner.publisher.publish()
        self._arriving = False

    async def _number_aside(self) -> int:
        """Return the number of the run that was set aside last, or 0.

        Of all runs set aside, only this one keeps its moments.
        """
        newest = (await self._networks_aside().list())[:1]
        return newest[0].run if newest else 0

    @property
    def arriving(self) -> bool:
        """Whether the table of runs or the moments of the last visit are still to be restored."""
        return self._arriving and self._rest is not None and not self._rest.done()

    def start(self) -> None:
        """Save changes from now on."""
        self._task = asyncio.ensure_future(self._keep())

    async def stop(self) -> None:
        """Stop saving; return when the last save is done."""
        self._stopped = True
        for task in filter(None, (self._task, self._rest)):
            task.cancel()
        async with self._saving:
            pass

    async def _keep(self) -> None:
        """Save every ``SAVE_EVERY`` seconds, or ``RETRY_AFTER`` while the browser refuses."""
        while True:
            began = time.monotonic()
            saved = await self.save()
            await asyncio.sleep((began + SAVE_EVERY if saved else began + RETRY_AFTER) - time.monotonic())

    async def save(self) -> bool:
        """Save the present work, unless it is saved already; return False if the browser refuses."""
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
        """Save the network and the table of runs, as far as they have changed."""
        signature = self._signature()
        packed: dict[str, bytes] = {}
        without: list[str] = []
        if signature != self._saved:
            waiting = list(entries(self._session()).items())
            while waiting:  # lets go of each when it is packed
                name, pack = waiting.pop()
                packed[name] = pack()
                del pack
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
        """Save some of the moments to rewind to.

        The lab can do without them, so the network's save never waits for them, and none is saved while the
        network itself can't be.
        """
        try:
            if self._past is not None and not self._refused and not self._stopped:
                await self._past.save(self._runner.experiment.run, self._state.running)
        except StoreError as error:
            self._tell(SHORTENED, error)

    def _session(self) -> SavedSession:
        """Return the present run with the drawing, ready to be saved."""
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
        """Return a value that changes with the work to be saved: training, choices and drawing."""
        run, state = self._runner.experiment.run, self._state
        learned = run.number, run.samples, run.curves.evaluations[-1:]
        return *learned, str(state.choices()), str(state.strokes), state.picture

    def _tell(self, what: str, error: StoreError) -> None:
        """Report a failure of the store, once for each kind."""
        if what not in self._told:
            self._told.add(what)
            self._post(type="problem", text=what.format(error))
