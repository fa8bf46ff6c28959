"""Puts the parts of the runner together, takes in new digits and networks, and acts on changed choices."""

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
    """Trains the network that ``state`` describes on the digits that have arrived.

    Args:
        ask_page: as for ``Publisher``.

    Attributes:
        experiment: the present run, the previous one, and the digits.
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

    # --- digits and networks that arrive

    def add_train(self, shard: Dataset) -> None:
        """Add MNIST training digits; a run under way learns from them from its next epoch on."""
        self.experiment.add_train(shard)
        self._show_arrival()

    def add_test(self, shard: Dataset) -> None:
        """Add MNIST test digits."""
        self.experiment.add_test(shard)
        self._context.evaluator.forget()
        self._measure_again()
        self._show_arrival()

    def _show_arrival(self) -> None:
        """Publish, unless a network learns, which does so soon enough."""
        if not self.state.running:
            self.publisher.publish()

    def put_digits(self, offer: DatasetOption, train: Dataset, test: Dataset) -> None:
        """Offer a learner's own data set, and choose it, which begins a new network."""
        self.experiment.put(offer.name, train, test)
        self.state.offers = self.state.offers | {offer.name: offer}
        if self.state.dataset == offer.name:
            self.state.choose(layers=(offer.pixels, *self.state.layers[1:]))
            self.switcher.reset()
            self._tell_doubt()
        else:
            self.state.choose(dataset=offer.name)

    def _tell_doubt(self) -> None:
        """Report, before any training, a fault in a learner's own digits that would keep a network from
        learning them."""
        state, train = self.state, self.experiment.train
        if train is None or state.offers[state.dataset].shared or (found := doubt(train)) is None:
            return
        if found.serious and state.problem == found.sentence:
            state.param.trigger("problem")  # the same sentence again, for another file
        elif found.serious:
            state.problem = found.sentence
        else:
            state.notice = f"{state.notice} {found.sentence}".strip()

    def add_reader(self, name: str, saved: SavedNetwork) -> None:
        """Add a shipped network that can read the pad; its outputs are calibrated already."""
        self._context.readers.shipped[name] = Reader(
            name, saved.network, saved.preprocessing, temperature=1.0
        )
        self.publisher.publish()

    def expect_test(self, count: int) -> None:
        """Set the number of MNIST test digits that are on their way; 0 when they have arrived or failed
        to."""
        self.experiment.expected = count
        self.publisher.publish()

    def add_gate(self, saved: SavedNetwork) -> None:
        """Add the gate, the network that tells whether a drawing looks like a digit.

        Raises:
            ValueError: if the network is no gate.
        """
        self._context.readers.gate = Gate.of(saved)
        self.publisher.publish()

    # --- the learner's choices

    def _on_choices(self, *events: Any) -> None:
        """Act on changed choices: begin anew, edit the network, or pass settings to the training."""
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
        """Measure the network if its last measure no longer applies, as after an edit."""
        run = self.experiment.run
        if run.curves.evaluations and run.measured() is None and not self._context.evaluator.up_to_date:
            self.training_loop.work_on()

    def _on_pad(self, *events: Any) -> None:
        """Keep the newer of strokes and picture on the pad, and publish the answer to it."""
        self.training_loop.pen_moves()
        for event in events:
            if event.new and event.name == "strokes":
                self.state.picture = b""
            elif event.new:
                self.state.strokes = []
        self.publisher.publish_pad()

    def _on_tab(self, event: Any) -> None:
        """Publish a snapshot when a tab comes or goes whose contents are made only while it is in front."""
        if {event.old, event.new} & {INSIDE, SEEING}:
            self.publisher.publish()

    def _on_asked(self, *_: Any) -> None:
        """Make the large picture that was asked for."""
        self._context.backqueries.portray()
        self.publisher.publish()
