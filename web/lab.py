"""The lab as a whole: state, runner and the arrival of digits, with the commands that the page takes from
outside.

``window.inkling.command(name, args)`` ends here. Every command goes the way of the buttons: it sets the state
or calls the runner, and a value that isn't legal is an error that says what is.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from typing import Any

from nncore.backquery import BACKQUERIES, BackQuery
from nncore.datasets import DataError, Dataset
from nncore.datasets.shards import Manifest
from nncore.presets import PRESETS
from nncore.storage import StorageError
from web.arrivals import Arrivals
from web.data import Fetch, MissingFile, ShardSource
from web.keeper import Keeper
from web.mistakes import Cell, chosen, counts
from web.network_files import looks_like_network, read_network, write_network
from web.offers import OWN, Offer
from web.pad_desk import PadDesk
from web.pool import Pool
from web.repeat import notebook, script
from web.runner import Runner
from web.runs import differences
from web.share import check_parts, page_parameters, take_query, to_query
from web.shelf import GATE, Shelf
from web.snapshot import ink
from web.staging import Staging
from web.state import ALL_METHODS, CHOICES, LabState
from web.store import MemoryStore, Store
from web.sweeper import Sweeper
from web.threads import thread_pool

PAD_BOX = 500  # strokes are given in a box of this width and height


class Lab:
    """One learner's lab.

    Args:
        post: tells the page something: ``post(type="status", value=...)`` or
            ``post(type="problem", text=...)``.
        pool: trains the networks of a sweep; threads of this process unless given.
    """

    def __init__(self, post: Callable[..., None], pool: Pool | None = None) -> None:
        self._post = post
        self.state = LabState()
        self.runner = Runner(self.state, ask_page=lambda: post(type="published"))
        self.staging = Staging(self.state, lambda: self.runner.bench.run.samples > 0)
        self.fetch: Fetch = _nothing_to_fetch
        self.sweeper = Sweeper(self.state, pool or thread_pool(), self.digits)
        self.pad = PadDesk(self.runner)
        self.manifest: Manifest | None = None
        self.store: Store = MemoryStore()
        self.keeper: Keeper | None = None
        self._arrivals: Arrivals | None = None
        self._page_parameters: list[tuple[str, str]] = []
        self._best: asyncio.Task[None] | None = None
        self.state.param.watch(self._tell_status, "running")
        self.state.param.watch(lambda event: post(type="problem", text=event.new), "problem")
        self.state.param.watch(lambda *_: post(type="choices", query=self.query()), list(CHOICES))

    def _tell_status(self, *_: Any) -> None:
        self._post(type="status", value="training" if self.state.running else "ready")

    # --- the address

    def open_link(self, search: str) -> None:
        """Take the choices of the address that the page was opened with; what can't be used is told."""
        self._page_parameters = page_parameters(search)
        for fault in take_query(self.state, search) + check_parts(search):
            self._post(type="problem", text=fault)

    def query(self) -> str:
        """The part of the address after ``?`` that stands for the present choices."""
        return to_query(self.state, self._page_parameters)

    # --- kept across visits

    async def keep_in(self, store: Store) -> None:
        """Bring back what ``store`` holds of an earlier visit, and from now on keep there what is done."""
        self.store = store
        self.keeper = Keeper(self.runner, store, self._post)
        await self.keeper.restore(linked=to_query(self.state) != "")
        self.keeper.start()
        await self.pad.keep_in(store)

    # --- digits

    async def begin(self, source: ShardSource, shelf: Shelf | None = None, thrifty: bool = False) -> None:
        """Fetch the list of shards, the first of each kind, and from the ``shelf`` the small network that
        reads the pad and the one that tells what is no digit; the others follow while the learner is at
        work already.

        A file that doesn't come or isn't what it should be is named in a problem, and the lab goes on
        without it. ``thrifty``: on this connection the others wait to be asked for.
        """
        await asyncio.gather(self._begin_digits(source), self._begin_networks(shelf))
        if self._arrivals is not None:
            (self._arrivals.offer_rest if thrifty else self._arrivals.begin_rest)()
        if shelf is not None:
            self._best = asyncio.ensure_future(self._fetch_best(shelf))

    async def _begin_digits(self, source: ShardSource) -> None:
        try:
            self.manifest = await source.manifest()
        except (MissingFile, DataError) as error:
            self._post(type="problem", text=f"There are no digits to train on: {error}.", retry=True)
            return
        runner = self.runner
        self._arrivals = Arrivals(source, self.manifest, runner.add_train, runner.add_test, self._post)
        await self._arrivals.first()

    async def _begin_networks(self, shelf: Shelf | None) -> None:
        if shelf is None:
            return
        try:
            self.state.cards = await shelf.cards()
        except (MissingFile, StorageError) as error:
            self._post(type="problem", text=f"The networks that come with the page are missing: {error}.")
        await asyncio.gather(*(self._add_network(shelf, name) for name in (GATE, "small")))

    async def _add_network(self, shelf: Shelf, name: str) -> None:
        """One network from the shelf, if it is there."""
        if name not in self.state.cards:
            return
        try:
            saved = await shelf.network(self.state.cards[name])
            if name == GATE:
                self.runner.add_gate(saved)
            else:
                self.runner.add_reader(name, saved)
        except (MissingFile, ValueError) as error:
            self._post(type="problem", text=f"The network {name!r} is missing: {error}.")

    @property
    def arriving(self) -> bool:
        """Whether shards are still on their way."""
        return self._arrivals is not None and self._arrivals.under_way

    async def digits(self) -> tuple[Dataset, Dataset]:
        """All digits to train on and to test with of the data set that a sweep needs, once they have arrived.

        Raises:
            RuntimeError: if there are none.
        """
        if self._arrivals is not None:
            await self._arrivals.wait()
        preset = self.state.sweep_preset
        name = PRESETS[preset].dataset if preset else self.state.dataset
        train, test = self.runner.bench.digits(name)
        if train is None or test is None:
            raise RuntimeError("there are no digits to train on or none to test with")
        return train, test

    async def _fetch_best(self, shelf: Shelf) -> None:
        """The largest file comes last: until then the pad reads well with the small network."""
        if self._arrivals is not None:
            await self._arrivals.wait()
        await self._add_network(shelf, "best")

    # --- from outside

    async def call(self, name: str, args: Any) -> Any:
        """Answer the page: ``snapshot``, ``command`` with ``{"name", "args"}``, ``appearance`` with
        ``{"dark"}``, ``drawn``, which it says when it has drawn what was published, ``save``, before it is
        hidden, or ``online``, when there is a network again."""
        if name == "snapshot":
            return self.state.snapshot.public()
        if name == "appearance":
            self.state.dark = args["dark"]
            return None
        if name == "drawn":
            self.runner.publisher.page_has_drawn()
            return None
        if name == "online":
            if self._arrivals is not None:
                self._arrivals.back_online()
            return None
        if name == "save":
            return self.keeper is not None and await self.keeper.save()
        return await self.command(args["name"], args["args"])

    async def command(self, name: str, args: Any = None) -> Any:
        """Do what a button does.

        Raises:
            ValueError: if there is no such command, or its arguments aren't legal; the message says what is.
        """
        if name not in COMMANDS:
            raise ValueError(f"there is no command {name!r}; the commands are {', '.join(COMMANDS)}")
        return await COMMANDS[name](self, args)

    async def _play(self, args: Any) -> None:
        self.state.running = True

    async def _pause(self, args: Any) -> None:
        self.state.running = False

    async def _step(self, args: Any) -> None:
        self.runner.learning.step()

    async def _epoch(self, args: Any) -> None:
        await self.runner.learning.epoch()

    async def _reset(self, args: Any) -> None:
        self.runner.exchange.reset()

    async def _new_seed(self, args: Any) -> None:
        self.runner.exchange.new_seed()

    async def _rewind(self, args: Any) -> None:
        samples = args.get("samples") if isinstance(args, dict) else args
        moments = self.runner.bench.run.history.moments
        if samples is not None and (not isinstance(samples, int) or isinstance(samples, bool) or samples < 0):
            raise ValueError(f"rewind takes a number of images, or null for now, not {samples!r}")
        if samples is not None and not moments:
            raise ValueError("there is no past to go back to: nothing has been trained yet")
        self.state.rewind = samples

    async def _branch(self, args: Any) -> None:
        self.runner.exchange.branch()

    async def _reload(self, args: Any) -> None:
        self.runner.exchange.reload(args["run"] if isinstance(args, dict) else args)

    async def _rename(self, args: Any) -> None:
        if not isinstance(args, dict) or set(args) != {"run", "name"}:
            raise ValueError('rename takes {"run": its number, "name": a text}')
        self.runner.log.rename(args["run"], args["name"])

    async def _compare(self, args: Any) -> list[dict[str, Any]]:
        numbers = args.get("runs") if isinstance(args, dict) else args
        if not isinstance(numbers, list) or len(numbers) != 2:
            raise ValueError(f"compare takes the numbers of two runs, such as [1, 2], not {numbers!r}")
        first, second = (self.runner.log.find(number) for number in numbers)
        if first is None or second is None:
            raise ValueError(f"there is no run {numbers[0] if first is None else numbers[1]!r}")
        self.state.compared = numbers
        return [{"choice": name, "values": [a, b]} for name, a, b in differences(first, second)]

    async def _runs(self, args: Any) -> list[dict[str, Any]]:
        return [record.public() for record in self.state.runs]

    async def _undo(self, args: Any) -> None:
        self.runner.exchange.undo()

    async def _fresh(self, args: Any) -> None:
        if self.keeper is not None:
            await self.keeper.stop()
        await self.store.clear()
        self._post(type="reload")

    async def _fetch_digits(self, args: Any) -> None:
        if self._arrivals is not None:
            self._arrivals.begin_rest()

    async def _recall(self, args: Any) -> None:
        if self.keeper is None or not await self.keeper.recall():
            raise ValueError("no network of an earlier visit is set aside")

    async def _preset(self, args: Any) -> None:
        self.state.choose(preset=args["name"] if isinstance(args, dict) else args)

    async def _set(self, args: Any) -> None:
        if not isinstance(args, dict):
            raise ValueError('set takes choices by name, such as {"learning_rate": 0.1}')
        self.state.choose(**args)

    async def _draw(self, args: Any) -> None:
        self.state.strokes = checked_strokes(args["strokes"] if isinstance(args, dict) else args)

    async def _clear(self, args: Any) -> None:
        self.state.strokes = []
        self.state.picture = b""

    async def _backquery(self, args: Any) -> dict[str, Any]:
        answer = self._imagined(args)
        return {
            "method": answer.method,
            "target": answer.target.tolist(),
            "image": answer.image.tolist(),
            "outputs": answer.outputs.tolist(),
            "reads": answer.reads,
            "confidence": answer.confidence,
        }

    def _imagined(self, args: Any) -> BackQuery:
        args = args or {}
        chosen = self.state.method
        method = args.get("method", next(iter(BACKQUERIES)) if chosen == ALL_METHODS else chosen)
        if method not in BACKQUERIES:
            raise ValueError(f"there is no method {method!r}; the methods are {', '.join(BACKQUERIES)}")
        return self.runner.answers.imagine(checked_target(args.get("target")), method)

    async def _to_pad(self, args: Any) -> None:
        if isinstance(args, dict) and "test" in args:
            self.state.picture = self.runner.answers.test_digit(args["test"])
        else:
            self.state.picture = ink((self._imagined(args),), self.state.snapshot.input_range)

    async def _script(self, args: Any) -> str:
        return script(self.runner.answers.recipe())

    async def _notebook(self, args: Any) -> str:
        return notebook(self.runner.answers.recipe())

    async def _neuron(self, args: Any) -> dict[str, Any]:
        args = args or {}
        return self.runner.answers.neuron(args.get("layer", 1), args.get("neuron", 1))

    async def _mistakes(self, args: Any) -> dict[str, Any]:
        readings = self.state.snapshot.readings
        if readings is None:
            raise ValueError("nothing is measured yet: train the network first")
        found = chosen(readings, checked_cell((args or {}).get("cell")))
        columns = (
            found,
            readings.digits.labels[found],
            readings.predicted[found],
            readings.confidences[found],
        )
        return {
            "samples": readings.samples,
            "matrix": counts(readings).tolist(),
            "digits": [
                {"test": test, "label": label, "read": read, "confidence": sure}
                for test, label, read, sure in zip(*(column.tolist() for column in columns), strict=True)
            ],
        }

    async def _was(self, args: Any) -> None:
        self.pad.was(args["digit"] if isinstance(args, dict) else args)

    async def _my_digits(self, args: Any) -> list[dict[str, Any]]:
        labels = [digit.label for digit in self.state.my_digits]
        return [{"label": label, "read": read} for label, read in zip(labels, self.pad.reads(), strict=True)]

    async def _forget_digits(self, args: Any) -> None:
        self.pad.delete(args["numbers"] if isinstance(args, dict) else args)

    async def _restore_digits(self, args: Any) -> None:
        self.pad.undelete()

    async def _export_digits(self, args: Any) -> str:
        return self.pad.export()

    async def _import_digits(self, args: Any) -> int:
        text = args["text"] if isinstance(args, dict) else args
        if not isinstance(text, str):
            raise ValueError("import_digits takes a text, one drawing a line, as export_digits gives it")
        return self.pad.take(text.encode(), "what was given")

    async def _style_lesson(self, args: Any) -> dict[str, Any]:
        return await self.pad.styles.teach(args["style"] if isinstance(args, dict) else args)

    async def _teach(self, args: Any) -> dict[str, Any]:
        return await self.pad.teach()

    async def _sweep(self, args: Any) -> dict[str, Any]:
        if not isinstance(args or {}, dict):
            raise ValueError('sweep takes choices by name, such as {"setting": "l2", "values": [0, 0.001]}')
        choices = {"preset": "", "setting": "learning_rate", "seeds": 1, "epochs": 1} | (args or {})
        return await self.sweeper.run(**choices | {"preset": choices["preset"] or ""})

    async def _cancel_sweep(self, args: Any) -> None:
        self.sweeper.cancel()

    async def _save(self, args: Any) -> dict[str, Any]:
        kind = args.get("format", "npz") if isinstance(args, dict) else args or "npz"
        name, data = write_network(self.runner.bench.kept(), kind)
        self._post(type="download", name=name, data=base64.b64encode(data).decode())
        return {"name": name, "bytes": len(data)}

    async def _open(self, args: Any) -> dict[str, str]:
        files = args.get("files") if isinstance(args, dict) else None
        if not files or not all(isinstance(file, dict) and {"name", "url"} <= set(file) for file in files):
            raise ValueError('open takes {"files": [{"name": "my.npz", "url": its address}, ...]}')
        try:
            return await self._opened({file["name"]: await self.fetch(file["url"]) for file in files})
        except (StorageError, DataError, MissingFile) as error:
            self._post(type="problem", text=f"Nothing was opened. {error}.")
            raise

    async def _opened(self, files: dict[str, bytes]) -> dict[str, str]:
        """Take up what the files hold: one network, or digits."""
        if len(files) == 1 and looks_like_network(*next(iter(files.items()))):
            [(name, data)] = files.items()
            self.runner.exchange.open(read_network(data, name, self.state))
            return {"opened": "network", "name": name}
        from web.own_digits import read_own

        train, test = await read_own(files)
        name = ", ".join(files) if len(files) < 3 else f"{len(files)} files"
        self.runner.put_digits(Offer(OWN, name, train.pixels.shape[1], train.max_value, False), train, test)
        return {"opened": "digits", "name": name}

    async def _share(self, args: Any) -> dict[str, str]:
        return {"query": self.query()}


COMMANDS = {
    "play": Lab._play,
    "pause": Lab._pause,
    "step": Lab._step,
    "epoch": Lab._epoch,
    "reset": Lab._reset,
    "undo": Lab._undo,
    "new_seed": Lab._new_seed,
    "rewind": Lab._rewind,
    "branch": Lab._branch,
    "runs": Lab._runs,
    "compare": Lab._compare,
    "reload": Lab._reload,
    "rename": Lab._rename,
    "fresh": Lab._fresh,
    "recall": Lab._recall,
    "fetch_digits": Lab._fetch_digits,
    "preset": Lab._preset,
    "set": Lab._set,
    "draw": Lab._draw,
    "clear": Lab._clear,
    "backquery": Lab._backquery,
    "to_pad": Lab._to_pad,
    "mistakes": Lab._mistakes,
    "neuron": Lab._neuron,
    "script": Lab._script,
    "notebook": Lab._notebook,
    "was": Lab._was,
    "my_digits": Lab._my_digits,
    "forget_digits": Lab._forget_digits,
    "restore_digits": Lab._restore_digits,
    "export_digits": Lab._export_digits,
    "import_digits": Lab._import_digits,
    "teach": Lab._teach,
    "style_lesson": Lab._style_lesson,
    "sweep": Lab._sweep,
    "cancel_sweep": Lab._cancel_sweep,
    "share": Lab._share,
    "save": Lab._save,
    "open": Lab._open,
}


async def _nothing_to_fetch(address: str) -> bytes:
    raise MissingFile(f"{address} can't be had: files are opened in the browser's page only")


def checked_strokes(strokes: Any) -> list[list[list[float]]]:
    """``strokes`` as a list of lists of ``[x, y]`` within the pad's box.

    Raises:
        ValueError: if they are anything else.
    """
    try:
        checked = [[[float(x), float(y)] for x, y in stroke] for stroke in strokes]
    except (TypeError, ValueError):
        raise ValueError(
            "strokes must be a list of strokes, each a list of [x, y], such as [[[100, 80], [120, 300]]]"
        ) from None
    if not all(0 <= value <= PAD_BOX for stroke in checked for point in stroke for value in point):
        raise ValueError(f"the points of a stroke lie in a box of {PAD_BOX} x {PAD_BOX}")
    return [stroke for stroke in checked if stroke]


def checked_target(target: Any) -> Any:
    """A digit 0 to 9, or ten numbers from 0 to 1.

    Raises:
        ValueError: if it is anything else.
    """
    if isinstance(target, int) and not isinstance(target, bool) and 0 <= target <= 9:
        return target
    try:
        numbers = [float(value) for value in target]
    except (TypeError, ValueError):
        numbers = []
    if len(numbers) != 10 or not all(0 <= value <= 1 for value in numbers):
        raise ValueError(f"target must be a digit from 0 to 9 or ten numbers from 0 to 1, not {target!r}")
    return numbers


def checked_cell(cell: Any) -> Cell | None:
    """A cell of the confusion matrix, ``[digit written, digit read]``, or None.

    Raises:
        ValueError: if it is anything else.
    """
    if cell is None:
        return None
    digits = list(cell) if isinstance(cell, list | tuple) else []
    if len(digits) != 2 or not all(digit in range(10) for digit in digits):
        raise ValueError(f"cell must be two digits from 0 to 9, written and read as, not {cell!r}")
    return int(digits[0]), int(digits[1])
