"""The runner: its parts put together, what arrives for it, and what it does when a choice changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nncore.datasets import Dataset
from nncore.datasets.doubts import doubt
from nncore.gate import Gate
from nncore.storage import SavedNetwork
from web.pad.readers import Reader
from web.runner.context import RunnerContext
from web.runner.idle_work import IdleWork
from web.runner.pad_reading import Pad
from web.runner.publisher import Publisher
from web.runner.queries import Queries
from web.runner.rewinder import Rewinder
from web.runner.run_switcher import RunSwitcher
from web.runner.training_loop import TrainingLoop
from web.state.choices_table import (
    BEGINNING_ANEW,
    CHOICES,
    DISTORTIONS,
    HOT_SETTINGS,
    SHAPE_CHOICES,
    STOPPING,
    in_group,
)
from web.state.dataset_options import DatasetOption
from web.state.lab_state import LabState
from web.state.tabs import INSIDE, SEEING


class Runner:
    """Trains the network that ``state`` asks for on the digits that have arrived.

    Args:
        ask_page: see ``Publisher``.

    Attributes:
        bench: the present network, and the digits.
        log: every run so far.
        training_loop, switcher, pad, publisher, queries: see their modules.
    """

    def __init__(self, state: LabState, ask_page: Callable[[], None] | None = None) -> None:
        self.state = state
        self._context = RunnerContext.of(state)
        self.experiment, self.log = self._context.experiment, self._context.log
        self.pad = Pad(self._context)
        self.publisher = Publisher(self._context, self.pad, ask_page)
        self.training_loop = TrainingLoop(self._context, self.publisher)
        self.switcher = RunSwitcher(self._context, self.publisher, self.training_loop)
        self.queries = Queries(self.experiment)
        self._idle_work = IdleWork(self._context, self.publisher)
        self._rewinder = Rewinder(self._context, self.publisher, self._idle_work)
        state.param.watch(self._on_choices, list(CHOICES))
        state.param.watch(self._on_pad, ["strokes", "picture"])
        state.param.watch(self._on_asked, "asked")
        state.param.watch(lambda *_: self.publisher.publish(), "looking")
        state.param.watch(self._on_tab, "tab")
        self.publisher.publish()

    # --- what arrives

    def add_train(self, shard: Dataset) -> None:
        """Digits to train on; they join a run under way at its next epoch."""
        self.experiment.add_train(shard)
        self.publisher.publish()

    def add_test(self, shard: Dataset) -> None:
        """Digits to measure with."""
        self.experiment.add_test(shard)
        self._context.evaluator.forget()
        self._measure_again()
        self.publisher.publish()

    def put_digits(self, offer: DatasetOption, train: Dataset, test: Dataset) -> None:
        """Offer other digits, and begin to learn from them."""
        self.experiment.put(offer.name, train, test)
        self.state.offers = self.state.offers | {offer.name: offer}
        if self.state.dataset == offer.name:
            self.state.choose(layers=(offer.pixels, *self.state.layers[1:]))
            self.switcher.reset()
            self._tell_doubt()
        else:
            self.state.choose(dataset=offer.name)

    def _tell_doubt(self) -> None:
        """Say before any training what keeps a network from learning the digits that a learner brought."""
        state, train = self.state, self.experiment.train
        if train is None or state.offers[state.dataset].shared or (found := doubt(train)) is None:
            return
        if found.serious and state.problem == found.sentence:
            state.param.trigger("problem")  # said of the last file, and of this one too
        elif found.serious:
            state.problem = found.sentence
        else:
            state.notice = f"{state.notice} {found.sentence}".strip()

    def add_reader(self, name: str, saved: SavedNetwork) -> None:
        """A shipped network that can read the pad; its percentages are calibrated already."""
        self._context.readers.shipped[name] = Reader(
            name, saved.network, saved.preprocessing, temperature=1.0
        )
        self.publisher.publish()

    def expect_test(self, count: int) -> None:
        """So many digits to test with will be there in a moment, the first ones; 0 when they are, or won't
        be."""
        self.experiment.expected = count
        self.publisher.publish()

    def add_gate(self, saved: SavedNetwork) -> None:
        """The network that tells what is no digit. ``ValueError`` for one that doesn't."""
        self._context.readers.gate = Gate.of(saved)
        self.publisher.publish()

    # --- what the learner chooses

    def _on_choices(self, *events: Any) -> None:
        changed = {event.name for event in events}
        if self.switcher.under_way:
            return
        if changed <= set(in_group("pad")):
            self.publisher.publish()
            return
        if changed <= set(STOPPING):
            self.experiment.note_choices()
            self.publisher.publish()
            return
        self.state.rewind = None
        if changed & set(BEGINNING_ANEW):
            self.switcher.reset()
            if "dataset" in changed:
                self._tell_doubt()
            return
        if changed & set(SHAPE_CHOICES):
            note = self.experiment.reshape()
            self.state.param.update(notice=note, undoable=bool(note) and self.experiment.run.samples > 0)
            self._measure_again()
        self.experiment.edit(changed)
        if changed & {*HOT_SETTINGS, *SHAPE_CHOICES}:
            self._context.doctor.forget()
        if changed & set(DISTORTIONS):
            self._context.throughput.batches = 1  # a batch may take many times as long now
        if changed & {"method", *SHAPE_CHOICES}:
            self._context.backqueries.begin()
        self.publisher.publish()

    def _measure_again(self) -> None:
        """Measure the network if what was measured of it doesn't hold any more, as after an edit."""
        run = self.experiment.run
        if run.curves.evaluations and run.measured() is None and not self._context.evaluator.up_to_date:
            self.training_loop.work_on()

    def _on_pad(self, *events: Any) -> None:
        """What was drawn last is on the pad: strokes, or a picture."""
        self.training_loop.pen_moves()
        for event in events:
            if event.new and event.name == "strokes":
                self.state.picture = b""
            elif event.new:
                self.state.strokes = []
        self.publisher.publish_pad()

    def _on_tab(self, event: Any) -> None:
        """Two tabs show what comes only while they are in front."""
        if {event.old, event.new} & {INSIDE, SEEING}:
            self.publisher.publish()

    def _on_asked(self, *_: Any) -> None:
        self._context.backqueries.portray()
        self.publisher.publish()
