"""What the runner works on: the digits that have arrived, the present network, and the one before it.

No clock and no asyncio here: beginning, changing, setting aside and bringing back are plain calls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nncore.datasets import Dataset
from nncore.datasets.digits8x8 import load_digits8x8
from nncore.network import Network
from nncore.preprocessing import Preprocessing
from nncore.presets import PRESETS
from nncore.surgery.reshape import towards
from nncore.training import Trainer
from nncore.training_spec import TrainingSpec
from web.pad.readers import Reader
from web.runs.history import WeightSnapshot
from web.runs.learning_curves import Curves
from web.runs.resumable import ResumableRun, SavedSession
from web.runs.run import Run
from web.state.choices import Choices
from web.state.choices_table import HOT_SETTINGS, VIEW_CHOICES
from web.state.lab_state import LabState
from web.state.reader_choices import YOURS
from web.state.snapshot import Evaluation


class Experiment:
    """The present ``run``, the ``previous`` one, and the digits."""

    def __init__(self, state: LabState) -> None:
        self._state = state
        self.begun = 0  # the last number given to a run
        # Data sets that are made when they are asked for: to train on and to test with.
        self.sources: dict[str, Callable[[], tuple[Dataset, Dataset]]] = {"digits8x8": load_digits8x8}
        self._sets: dict[str, list[Dataset | None]] = {}
        self.expected = 0  # digits to test with of MNIST that are on their way, where none is there yet
        self.previous: Run | None = None
        self.moment: WeightSnapshot | None = None  # of the run's past, in place of which it is shown
        self.run = self._new_run()

    # --- digits

    def digits(self, name: str) -> tuple[Dataset | None, Dataset | None]:
        """What is there of the data set ``name``: to train on and to test with."""
        if name in self.sources and name not in self._sets:
            self._sets[name] = list(self.sources[name]())
        train, test = self._sets.get(name, (None, None))
        return train, test

    @property
    def train(self) -> Dataset | None:
        """The digits to train on of the data set that is chosen."""
        return self.digits(self._state.dataset)[0]

    @property
    def test(self) -> Dataset | None:
        """Those to test with."""
        return self.digits(self._state.dataset)[1]

    @property
    def test_size(self) -> int:
        """How many digits there are to test with, or will be in a moment."""
        if self.test is not None:
            return len(self.test)
        return self.expected if self._state.dataset == "mnist" else 0

    def add_train(self, shard: Dataset, name: str = "mnist") -> None:
        """The first digits begin the training set; later ones join the present run at its next epoch."""
        self._join(name, 0, shard)
        if name == self._state.dataset:
            self._catch_up(self.run)

    def add_test(self, shard: Dataset, name: str = "mnist") -> None:
        """More digits to measure with, from the next evaluation on."""
        self._join(name, 1, shard)

    def put(self, name: str, train: Dataset, test: Dataset) -> None:
        """A whole data set, in place of another of that name."""
        self._sets[name] = [train, test]

    def forget(self, name: str) -> None:
        """The data set ``name`` has changed: it is made anew when it is asked for the next time."""
        self._sets.pop(name, None)

    def _join(self, name: str, part: int, shard: Dataset) -> None:
        parts = self._sets.setdefault(name, [None, None])
        there = parts[part]
        parts[part] = shard if there is None else there.concatenate(shard, name=there.name)

    def _catch_up(self, run: Run) -> None:
        """Give ``run``, whose choices are the state's, the digits that have come since it began."""
        train = self.train
        if run.trainer is None or train is None:
            run.trainer = self._trainer(run)
        elif (known := run.trainer.image_count) < len(train):
            run.trainer.extend(train.take(slice(known, None)))

    # --- networks

    def forget_first_weights(self) -> None:
        """Zeros until ``draw_first_weights``: chance is what no compression makes smaller."""
        self.run.network.parameters.flat.fill(0)

    def draw_first_weights(self) -> None:
        """Those that the seed gives, for the present network, which has learned nothing."""
        self.run.network = Network.create(self.run.network.spec, self._state.seed)

    @property
    def shown(self) -> Network:
        """The network that is shown: the present one, or, after a rewind, that of the past."""
        return self.moment.network if self.moment else self.run.network

    @property
    def shown_samples(self) -> int:
        """How many images the network that is shown was trained on."""
        return self.moment.samples if self.moment else self.run.samples

    def kept(self) -> ResumableRun:
        """The network that is shown, with all that it takes to go on with it. ``RuntimeError`` without digits
        to train on."""
        return self.run.kept(self.moment or self.run.now())

    def begin(self) -> bool:
        """Begin a new network from the state's choices; the old one is set aside if it had learned anything.

        Returns:
            Whether there is something to bring back.
        """
        old, self.run = self.run, self._new_run()
        if old.samples:
            self.previous = old
        return bool(old.samples)

    def bring_back(self) -> dict[str, Any]:
        """Exchange the present run with the previous one and return the choices that it belongs to."""
        assert self.previous is not None
        self.run, self.previous = self.previous, self.run
        if self.run.number == self.previous.number and self.run.samples != self.previous.samples:
            # One run before and after an edit, of which both have learned: from now on they are two.
            self.run.name = _branched(self.run.name, self.run.samples)
            self.run.number = self.next_number()
        return self.run.choices

    def catch_up(self) -> None:
        """The present run, whose choices the state has, gets the digits that came while another was here."""
        self._catch_up(self.run)

    def branch(self, moment: WeightSnapshot) -> dict[str, Any]:
        """Set the present run aside and begin another where it stood at ``moment``; returns its choices."""
        old = self.run
        self.resume(old.kept(moment), self.next_number())
        self.run.history = old.history.until(moment)
        self.run.name = _branched(old.name, moment.samples)
        return self.run.choices

    def resume(self, kept: ResumableRun, number: int) -> dict[str, Any]:
        """Set the present run aside and go on with one that was kept; returns its choices.

        Its network is as it was, and the same images come next; what the optimiser remembered is not kept.
        """
        train, _ = self.digits(kept.choices.get("dataset", "mnist"))
        assert train is not None
        network = kept.moment.network.copy()
        run = Run(number, kept.choices, network, kept.preprocessing, name=kept.name, past=kept.past)
        run.trainer = Trainer(network, train, kept.preprocessing, kept.training)
        then = kept.moment
        run.trainer.count_from(then.epoch, then.steps, then.samples, then.epoch_progress)
        run.curves, run.seconds = kept.curves.until(then.at), kept.seconds
        self.previous, self.run = self.run, run
        return run.choices

    def adopted(self, network: Network, reader: Reader, samples: int, evaluation: Evaluation) -> ResumableRun:
        """What it takes to go on with a network that was made of ``reader``'s: of the present run's, with its
        choices and curves; of a shipped one, with choices that describe it."""
        if reader.name == YOURS:
            now = self.run.now()
            kept = self.run.kept(now)
            moment = replace(now, network=network, samples=samples)
            curves, name = kept.curves, f"{self.run.name}, taught"
        else:
            moment, curves = WeightSnapshot(network, samples, 0, 0, 0.0), Curves()
            kept = ResumableRun(moment, *self._described(network, reader), curves, 0.0, "")
            name = f"{reader.name.capitalize()}, taught"
        curves.add_evaluation(evaluation)
        # What it was made of can't be told from a seed: it has no past that a script could repeat.
        return replace(kept, moment=moment, curves=curves, name=name, past=())

    def _described(
        self, network: Network, reader: Reader
    ) -> tuple[dict[str, Any], Preprocessing, TrainingSpec]:
        """Choices that stand for a shipped network, its preprocessing, and how it would be trained on."""
        spec = network.spec
        chosen = Choices.usual("fast", self._state.offers).changed(
            dataset=self._state.dataset,
            layers=spec.layers,
            activations=spec.activations[:-1],
            learning_rate=0.0005,
            **{name: getattr(self._state, name) for name in VIEW_CHOICES},
        )
        training = replace(chosen.core_settings()[2], schedule="constant")
        return dict(chosen.values), reader.preprocessing, training

    def next_number(self) -> int:
        """A number that no run has had."""
        self.begun += 1
        return self.begun

    def count_from(self, begun: int) -> None:
        """Earlier visits have given the numbers up to ``begun``. A run that has learned nothing takes another
        then; one that has keeps its own."""
        if self.begun < begun:
            self.begun = begun
        if not self.run.samples and self.run.number <= begun:
            self._number(self.run)

    def _number(self, run: Run) -> None:
        run.number = self.next_number()
        run.name = f"Run {run.number}, {PRESETS[self._state.preset].title}"

    def restore(self, saved: SavedSession) -> None:
        """Put a run of an earlier visit on the bench; the state has its choices by now.

        Raises:
            CheckpointError: if what was saved doesn't fit together; the run is not on the bench then.
        """
        self.begun = max(self.begun, saved.begun, saved.number)
        number = saved.number or self.next_number()
        run = Run(number, self._state.choices(), saved.network, saved.preprocessing, past=saved.past)
        run.curves, run.seconds, run.name, run.resumed = saved.curves.copy(), saved.seconds, saved.name, saved
        run.history.stride = saved.stride
        run.trainer = self._trainer(run)
        if self.run.samples:
            self.previous = self.run
        self.run = run

    def reshape(self) -> str:
        """Give the network the state's layers and activations, keeping what it learned; returns what that did
        to it. The run as it was before can be brought back, if it had learned anything."""
        spec, _, _ = self._state.core_settings()
        if self.run.trainer is None and self.run.resumed is None:
            self.run.network = Network.create(spec, self._state.seed)  # nothing is learned yet
            return ""
        before, notes = self.run.copy() if self.run.samples and self.run.trainer else None, []
        for surgery in towards(self.run.network, spec, self._state.seed):
            self.run.network = surgery.network
            if self.run.trainer is not None:
                self.run.trainer.replace_network(surgery)
            notes.append(surgery.note)
        if before is not None and notes:
            self.previous = before
        return " ".join(notes)

    def edit(self, names: set[str]) -> None:
        """Pass changed choices that are taken up at once on to the trainer, without a reset."""
        changed = {HOT_SETTINGS[name].partition(".")[2] for name in names if name in HOT_SETTINGS}
        if self.run.trainer is not None and changed:
            training = self._state.core_settings()[2]
            self.run.trainer.set(**{name: getattr(training, name) for name in sorted(changed)})
        self.note_choices()

    def note_choices(self) -> None:
        """The present choices are the present run's."""
        self.run.choices = self._state.choices()

    def _new_run(self) -> Run:
        spec, preprocessing, _ = self._state.core_settings()
        network = Network.create(spec, self._state.seed)
        run = Run(0, self._state.choices(), network, preprocessing)
        self._number(run)
        run.trainer = self._trainer(run)
        return run

    def _trainer(self, run: Run) -> Trainer | None:
        if self.train is None:
            return None
        _, preprocessing, training = self._state.core_settings()
        if run.resumed is None:
            return Trainer(run.network, self.train, preprocessing, training)
        # Its own settings: a learning rate set by hand has ended its schedule, which no choice says.
        trainer = Trainer(run.network, self.train, preprocessing, run.resumed.training)
        if run.resumed.progress is not None:
            trainer.resume(run.resumed.progress)
        run.resumed = None
        return trainer


def _branched(name: str, samples: int) -> str:
    """What a run is called that goes on from where the run ``name`` had learned from so many images."""
    return f"{name}, from {samples:,} images"
