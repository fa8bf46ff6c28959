"""Puts the lab together: state, runner, sweeper, downloads, storage, and the answers to calls from outside.

``window.inkling.command(name, args)`` ends in ``Lab.command``; the commands themselves are in
``web.commands``. No view is created here, so that tests and scripts can use a lab without a page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from nncore.datasets import DataError, Dataset
from nncore.datasets.shards import Manifest
from nncore.presets import PRESETS
from nncore.storage import StorageError
from web.commands import COMMANDS
from web.delivery.shard_downloader import ShardDownloader, first_shards
from web.delivery.shipped_models import GATE, ShippedModels
from web.delivery.site_files import Fetch, MissingFile, ShardSource
from web.keeping.autosave import Autosave
from web.keeping.store import MemoryStore, Store
from web.opening.files_desk import FilesDesk
from web.runner import Runner
from web.runner.announcer import Announcer
from web.state.address import carried, check_parts, take_query
from web.state.choices_table import CHOICES
from web.state.dataset_options import FEW
from web.state.joined_views import FIRST, Session
from web.state.lab_state import LabState
from web.state.sentences import sentence
from web.state.staging import Staging
from web.sweeps.pool import Pool
from web.sweeps.sweeper import Sweeper
from web.sweeps.thread_workers import thread_pool
from web.teaching.my_digits_desk import MyDigitsDesk

LITTLE_MEMORY = 2  # gigabytes up to which a device keeps fewer digits


class Lab:
    """The lab of one learner.

    Args:
        post: sends a message to the page: ``post(type="status", value=...)``, ``post(type="problem",
            text=...)`` and others; ``boot/messages.js`` lists them.
        pool: trains the networks of a sweep; threads of this process unless given.
    """

    def __init__(self, post: Callable[..., None], pool: Pool | None = None) -> None:
        self.post = post
        self.state = LabState()
        self.runner = Runner(self.state, ask_page=lambda: post(type="published"))
        self.staging = Staging(
            self.state, lambda: self.runner.experiment.run.samples > 0, self.runner.switcher.choose
        )
        self.fetch: Fetch = _nothing_to_fetch
        self.sweeper = Sweeper(self.state, pool or thread_pool(), self.digits)
        self.my_digits = MyDigitsDesk(self.runner)
        self.files = FilesDesk(self.runner, self.my_digits, post)
        self.manifest: Manifest | None = None
        self.store: Store = MemoryStore()
        self.autosave: Autosave | None = None
        self.arrivals: ShardDownloader | None = None
        self._carried: frozenset[str] = frozenset()  # names of the choices in the link
        self.session = Session(self.state, post)
        self._models: ShippedModels | None = None
        self._others: asyncio.Task[None] | None = None
        self.announcer = Announcer(self.state, lambda text: post(type="announce", text=text))
        self.state.param.watch(self._tell_status, "running")
        self.state.param.watch(lambda event: post(type="problem", text=event.new), "problem")
        self.state.param.watch(self.session.tell_choices, list(CHOICES))

    def _tell_status(self, *_: Any) -> None:
        """Post whether the lab is training or ready."""
        self.post(type="status", value="training" if self.state.running else "ready")

    # --- the address

    def open_link(self, search: str) -> None:
        """Set the choices in the address that the page was opened with, and post a problem for each unusable
        part.

        Args:
            search: the address from ``?`` on.
        """
        self._carried = carried(self.state, search)
        self.session.add(FIRST, search)
        for fault in take_query(self.state, search) + check_parts(search):
            self.post(type="problem", text=fault)

    def query(self) -> str:
        """Return the part of the address after ``?`` that stands for the present choices."""
        return self.session.query()

    # --- kept across visits

    async def keep_in(self, store: Store, reloaded: bool = False) -> None:
        """Restore the work of an earlier visit from ``store``, and save changes there from now on.

        Args:
            reloaded: whether the page wrote its address itself on that visit, or Python restarts in a page
                that was in use. Such an address opens no other network, even where a crash left address and
                store different.
        """
        self.store = store
        await self.my_digits.keep_in(store)  # first: the network may be learning from these digits
        self.autosave = Autosave(self.runner, store, self.post)
        await self.autosave.restore(frozenset() if reloaded else self._carried)
        self.autosave.start()

    # --- digits

    def know_memory(self, gigabytes: float | None) -> None:
        """Keep fewer digits if the device has little memory; call it before ``begin``.

        Args:
            gigabytes: what the device has; None if that is unknown.
        """
        self.state.few_digits = gigabytes is not None and gigabytes <= LITTLE_MEMORY

    async def begin(self, source: ShardSource, models: ShippedModels | None = None) -> None:
        """Fetch the list of shards, the first training digits and the small network that reads the pad.

        After this the lab can train and read. A file that is missing or damaged is named in a problem, and
        the lab works without it.

        Args:
            source: the shards of digits.
            models: the networks that come with the site; None where there are none.
        """
        self._models = models
        with self.runner.publisher.once():
            await asyncio.gather(self._begin_digits(source), self._begin_networks(models))

    def follow(self, thrifty: bool = False) -> None:
        """Fetch in the background the files that ``begin`` left out, and restore the rest of the last visit's
        work.

        Args:
            thrifty: whether the connection is slow or metered; the learner is then asked before the other
                digits are fetched.
        """
        if self.arrivals is not None:
            self.arrivals.follow(thrifty)
        if self.autosave is not None:
            self.autosave.follow()
        if self._models is not None:
            self._others = asyncio.ensure_future(self._fetch_others(self._models))

    async def _begin_digits(self, source: ShardSource) -> None:
        """Fetch the list of shards and the first training digits."""
        try:
            self.manifest = await source.manifest()
        except (MissingFile, DataError) as error:
            self.post(type="problem", text=f"There are no digits to train on: {sentence(error)}", retry=True)
            return
        runner = self.runner
        wanted = first_shards(self.manifest, FEW) if self.state.few_digits else self.manifest
        runner.experiment.make_room(wanted.train_count, wanted.test_count)
        self.arrivals = ShardDownloader(
            source,
            wanted,
            runner.add_train,
            runner.add_test,
            runner.expect_test,
            self.post,
            lambda: self.state.running,
        )
        await self.arrivals.first()

    async def _begin_networks(self, models: ShippedModels | None) -> None:
        """Fetch the cards of the shipped networks, and the small network."""
        if models is None:
            return
        try:
            self.state.cards = await models.cards()
        except (MissingFile, StorageError) as error:
            missing = f"The networks that come with the page are missing: {sentence(error)}"
            self.post(type="problem", text=missing)
        await self._add_network(models, "small")

    async def _add_network(self, models: ShippedModels, name: str) -> None:
        """Fetch the shipped network ``name`` and add it to the readers; do nothing if it has no card."""
        if name not in self.state.cards:
            return
        try:
            saved = await models.network(self.state.cards[name])
            if name == GATE:
                self.runner.add_gate(saved)
            else:
                self.runner.add_reader(name, saved)
        except (MissingFile, ValueError) as error:
            self.post(type="problem", text=f"The network {name!r} is missing: {sentence(error)}")

    @property
    def arriving(self) -> bool:
        """Whether digits, networks or saved work of the last visit are still on their way."""
        others = self._others is not None and not self._others.done()
        kept = self.autosave is not None and self.autosave.arriving
        return others or kept or (self.arrivals is not None and self.arrivals.under_way)

    async def digits(self) -> tuple[Dataset, Dataset]:
        """Return all training and test digits for a sweep, once they have arrived.

        The data set is that of the sweep's preset, or the chosen one.

        Raises:
            RuntimeError: if there are no training digits or no test digits.
        """
        if self.arrivals is not None:
            await self.arrivals.wait()
        preset = self.state.sweep_preset
        name = PRESETS[preset].dataset if preset else self.state.dataset
        train, test = self.runner.experiment.digits(name)
        if train is None or test is None:
            raise RuntimeError("there are no digits to train on or none to test with")
        return train, test

    async def _fetch_others(self, models: ShippedModels) -> None:
        """Fetch the gate, then, after the digits, the best reader.

        The best reader is the largest file, and until it arrives the small network reads the pad well.
        """
        await self._add_network(models, GATE)
        if self.arrivals is not None:
            await self.arrivals.wait()
        await self._add_network(models, "best")

    # --- from outside

    async def call(self, name: str, args: Any) -> Any:
        """Answer a call of the page.

        Args:
            name: one of these: ``snapshot`` returns the public snapshot; ``command`` runs the command
                ``args["name"]`` with ``args["args"]``; ``appearance`` sets whether the page is
                ``args["dark"]``; ``drawn`` says that the page has drawn the last snapshot; ``save`` saves the
                work, before the page is hidden; ``online`` says that the browser has a connection again.
            args: as above, or None.

        Returns:
            Plain values that fit into JSON.

        Raises:
            ValueError: as ``command`` does.
        """
        if name == "snapshot":
            return self.state.snapshot.public()
        if name == "appearance":
            self.state.dark = args["dark"]
            return None
        if name == "drawn":
            self.runner.publisher.page_has_drawn()
            return None
        if name == "online":
            if self.arrivals is not None:
                self.arrivals.back_online()
            return None
        if name == "save":
            return self.autosave is not None and await self.autosave.save()
        return await self.command(args["name"], args["args"])

    async def command(self, name: str, args: Any = None) -> Any:
        """Run a command of ``window.inkling``, which does the same as a button.

        Raises:
            ValueError: if there is no such command or its arguments are illegal; the message names the legal
                ones.
        """
        if name not in COMMANDS:
            raise ValueError(f"there is no command {name!r}; the commands are {', '.join(COMMANDS)}")
        return await COMMANDS[name].run(self, args)


async def _nothing_to_fetch(address: str) -> bytes:
    """Raise MissingFile: the ``fetch`` of a lab outside the browser."""
    raise MissingFile(f"{address} can't be opened: only the page in a browser can open files")
