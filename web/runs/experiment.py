"""Holds the objects that the runner works on: the digits that have arrived, the present run, and the previous
one.

There is no clock and no asyncio here: beginning, changing, setting aside and restoring runs are plain calls,
which tests can make one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nncore.datasets import Dataset
from nncore.datasets.digits8x8 import load_digits8x8
from nncore.datasets.growing import GrowingDataset
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
from web.state.dataset_options import FEW
from web.state.lab_state import LabState
from web.state.reader_choices import YOURS
from web.state.snapshot import Evaluation


class Experiment:
    """The present ``run``, the ``previous`` one, and the digits.

    Attributes:
        run: the present run.
        previous: the run that ``bring_back`` restores, or None.
        moment: the moment of the run's past that is shown after a rewind; None for the present.
        begun: the last number given to a run.
        sources: name -> function that makes a data set when it is first needed: training and test digits.
        expected: number of MNIST test digits that are on their way, while none has arrived.
    """

    def __init__(self, state: LabState) -> None:
        self._state = state
        self.begun = 0  # the last number given to a run
        # Functions that return training and test digits, called when the data set is first needed.
        self.sources: dict[str, Callable[[], tuple[Dataset, Dataset]]] = {"digits8x8": load_digits8x8}
        self._sets: dict[str, list[Dataset | None]] = {}
        self._growing: dict[tuple[str, int], GrowingDataset] = {}
        self._coming: dict[str, int] = {}  # data set -> its training digits when all have arrived
        self.expected = 0  # MNIST test digits on their way, while none has arrived
        self.previous: Run | None = None
        self.moment: WeightSnapshot | None = None  # shown in place of the present network after a rewind
        self.run = self._new_run()

    # --- digits

    def digits(self, name: str) -> tuple[Dataset | None, Dataset | None]:
        """Return the training and the test digits of the data set ``name``; None for a part that has not
        arrived."""
        if name in self.sources and name not in self._sets:
            self._sets[name] = list(self.sources[name]())
        train, test = self._sets.get(name, (None, None))
        return train, test

    @property
    def train(self) -> Dataset | None:
        """The training digits of the chosen data set; None before any have arrived."""
        return self.digits(self._state.dataset)[0]

    @property
    def test(self) -> Dataset | None:
        """The test digits of the chosen data set; None before any have arrived."""
        return self.digits(self._state.dataset)[1]

    @property
    def test_size(self) -> int:
        """The number of test digits that are there, or on their way."""
        if self.test is not None:
            return len(self.test)
        return self.expected if self._state.dataset == "mnist" else 0

    def add_train(self, shard: Dataset, name: str = "mnist") -> None:
        """Add training digits; the present run learns from them from its next epoch on.

        Args:
            shard: the digits.
            name: their data set.
        """
        self._join(name, 0, shard)
        if name == self._state.dataset:
            self._catch_up(self.run)

    def add_test(self, shard: Dataset, name: str = "mnist") -> None:
        """Add test digits, which the next evaluation uses."""
        self._join(name, 1, shard)

    def put(self, name: str, train: Dataset, test: Dataset) -> None:
        """Add a whole data set, in place of another of that name."""
        self._sets[name] = [train, test]
        self._forget_growing(name)

    def forget(self, name: str) -> None:
        """Drop the data set ``name`` because it has changed; ``digits`` makes it anew when it is needed."""
        self._sets.pop(name, None)
        self._forget_growing(name)

    def _forget_growing(self, name: str) -> None:
        """Drop what arrived of a data set part by part."""
        self._growing = {key: there for key, there in self._growing.items() if key[0] != name}

    def make_room(self, train: int, test: int, name: str = "mnist") -> None:
        """Note how many digits of a data set will arrive part by part, so that each is kept once."""
        for part, count in enumerate((train, test)):
            if count:
                self._growing[name, part] = GrowingDataset(count)

    def expect(self, train: int, name: str = "mnist") -> None:
        """Note that a data set will have ``train`` training digits: so many images are an epoch from now on.

        The first digits are a twelfth of MNIST. An epoch of these alone would look like a failure.
        """
        self._coming[name] = train
        if name == self._state.dataset and self.run.trainer is not None:
            self._expect(self.run.trainer, name)

    def _expect(self, trainer: Trainer, name: str) -> None:
        """Tell ``trainer`` how many digits its data set will have, if they are on their way."""
        coming = self._coming.get(name, 0)
        if self._state.few_digits:
            coming = min(coming, FEW)
        if coming not in (0, trainer.expected):
            trainer.expect(coming)

    def _join(self, name: str, part: int, shard: Dataset) -> None:
        """Append ``shard`` to the training digits (``part`` 0) or test digits (1) of a data set.

        Where there is little memory, at most ``FEW`` training digits are kept.

        Raises:
            MemoryError: if there is no room even for these.
        """
        parts = self._sets.setdefault(name, [None, None])
        there = len(parts[part] or ())
        try:
            parts[part] = self._grown(name, part, shard, there) or parts[part]
        except MemoryError:
            if part or self._state.few_digits:
                raise
            self._state.few_digits = True
            if not there:  # it was the room for all of them that could not be had
                self.make_room(FEW, 0, name)
                parts[part] = self._grown(name, part, shard, there)

    def _grown(self, name: str, part: int, shard: Dataset, there: int) -> Dataset | None:
        """Return the digits with those of ``shard`` that are kept; None if none of them is."""
        if self._state.few_digits and not part:
            shard = shard.take(slice(0, max(0, FEW - there)))
        growing = self._growing.setdefault((name, part), GrowingDataset())
        return growing.append(shard) if len(shard) else None

    def _catch_up(self, run: Run) -> None:
        """Give ``run`` the training digits that have arrived since it began; the state must have the run's
        choices."""
        train = self.train
        if run.trainer is None or train is None:
            run.trainer = self._trainer(run)
            return
        self._expect(run.trainer, self._state.dataset)
        if (known := run.trainer.image_count) < len(train):
            run.trainer.extend(train.take(slice(known, None)))

    # --- networks

    def forget_first_weights(self) -> None:
        """Set the first weights to zero until ``draw_first_weights``, because random numbers don't
        compress."""
        self.run.network.parameters.flat.fill(0)

    def draw_first_weights(self) -> None:
        """Draw the first weights from the seed again, for the present network, which has learned nothing."""
        self.run.network = Network.create(self.run.network.spec, self._state.seed)

    @property
    def shown(self) -> Network:
        """The network that is shown: the present one or, after a rewind, one of its past."""
        return self.moment.network if self.moment else self.run.network

    @property
    def shown_samples(self) -> int:
        """The number of images that the shown network was trained on."""
        return self.moment.samples if self.moment else self.run.samples

    def kept(self) -> ResumableRun:
        """Return the network that is shown, with everything needed to continue it later.

        Raises:
            RuntimeError: if no training digits have arrived.
        """
        return self.run.kept(self.moment or self.run.now())

    def begin(self) -> bool:
        """Begin a new run from the state's choices; the old one becomes ``previous`` if it has learned
        anything.

        Returns:
            Whether the old run can be brought back.
        """
        old, self.run = self.run, self._new_run()
        if old.samples:
            self.previous = old
        return bool(old.samples)

    def bring_back(self) -> dict[str, Any]:
        """Exchange the present run with the previous one and return the choices of the restored run."""
        assert self.previous is not None
        self.run, self.previous = self.previous, self.run
        if self.run.number == self.previous.number and self.run.samples != self.previous.samples:
            # The same run before and after an edit, and both have learned since: now they are two runs.
            self.run.name = _branched(self.run.name, self.run.samples)
            self.run.number = self.next_number()
        return self.run.choices

    def catch_up(self) -> None:
        """Give the present run the digits that arrived while another was present; the state must have its
        choices."""
        self._catch_up(self.run)

    def branch(self, moment: WeightSnapshot) -> dict[str, Any]:
        """Set the present run aside, begin another from its network at ``moment``, and return the choices."""
        old = self.run
        self.resume(old.kept(moment), self.next_number())
        self.run.history = old.history.until(moment)
        self.run.name = _branched(old.name, moment.samples)
        return self.run.choices

    def resume(self, kept: ResumableRun, number: int) -> dict[str, Any]:
        """Set the present run aside, continue a kept one, and return its choices.

        The network is the same and the same images come next; the optimiser's memory begins anew.

        Args:
            kept: the run; its training digits must be there.
            number: the number that the continued run gets.
        """
        train, _ = self.digits(kept.choices.get("dataset", "mnist"))
        assert train is not None
        network = kept.moment.network.copy()
        run = Run(number, kept.choices, network, kept.preprocessing, name=kept.name, past=kept.past)
        run.trainer = Trainer(network, train, kept.preprocessing, kept.training)
        self._expect(run.trainer, kept.choices.get("dataset", "mnist"))
        then = kept.moment
        run.trainer.count_from(then.epoch, then.steps, then.samples, then.epoch_progress)
        run.curves, run.seconds = kept.curves.until(then.at), kept.seconds
        self.previous, self.run = self.run, run
        return run.choices

    def adopted(self, network: Network, reader: Reader, samples: int, evaluation: Evaluation) -> ResumableRun:
        """Return a fine-tuned network as a run that can be continued.

        Args:
            network: the fine-tuned network.
            reader: the network that it was made of. If that is the present run's, its choices and curves are
                taken; for a shipped one, choices that describe it.
            samples: training images in all.
            evaluation: a measure of ``network``, added to the curves.
        """
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
        # No script can repeat it from a seed, so it has no past.
        return replace(kept, moment=moment, curves=curves, name=name, past=())

    def _described(
        self, network: Network, reader: Reader
    ) -> tuple[dict[str, Any], Preprocessing, TrainingSpec]:
        """Return choices that describe a shipped network, its preprocessing, and settings to train it
        further."""
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
        """Return a number that no run has had."""
        self.begun += 1
        return self.begun

    def count_from(self, begun: int) -> None:
        """Skip the run numbers up to ``begun``, which earlier visits gave.

        The present run gets a new number if it has learned nothing; otherwise it keeps its own.
        """
        if self.begun < begun:
            self.begun = begun
        if not self.run.samples and self.run.number <= begun:
            self._number(self.run)

    def _number(self, run: Run) -> None:
        """Give ``run`` the next number and a name made of it."""
        run.number = self.next_number()
        run.name = f"Run {run.number}, {PRESETS[self._state.preset].title}"

    def restore(self, saved: SavedSession) -> None:
        """Continue the run of an earlier visit; the state must have its choices already.

        Raises:
            CheckpointError: if the saved parts contradict each other; the present run stays then.
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
        """Give the network the state's layers and activations, and keep its weights as far as possible.

        The run before the change becomes ``previous`` if it has learned anything.

        Returns:
            A sentence on each change; empty if nothing was learned yet.
        """
        spec, _, _ = self._state.core_settings()
        if self.run.trainer is None and self.run.resumed is None:
            self.run.network = Network.create(spec, self._state.seed)  # nothing learned would be lost
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
        """Pass changed choices to the running training, as far as it takes them up at once.

        Args:
            names: names of the changed choices.
        """
        changed = {HOT_SETTINGS[name].partition(".")[2] for name in names if name in HOT_SETTINGS}
        if self.run.trainer is not None and changed:
            training = self._state.core_settings()[2]
            self.run.trainer.set(**{name: getattr(training, name) for name in sorted(changed)})
        self.note_choices()

    def note_choices(self) -> None:
        """Store the state's choices as those of the present run."""
        self.run.choices = self._state.choices()

    def _new_run(self) -> Run:
        """Return a new run with the state's choices and the next number."""
        spec, preprocessing, _ = self._state.core_settings()
        network = Network.create(spec, self._state.seed)
        run = Run(0, self._state.choices(), network, preprocessing)
        self._number(run)
        run.trainer = self._trainer(run)
        return run

    def _trainer(self, run: Run) -> Trainer | None:
        """Return a trainer for ``run``, which continues where a restored run stood; None without training
        digits."""
        if self.train is None:
            return None
        _, preprocessing, training = self._state.core_settings()
        if run.resumed is not None:
            # Its saved settings, not the choices': they also say whether a learning rate set by hand ended
            # the schedule.
            training = run.resumed.training
        trainer = Trainer(run.network, self.train, preprocessing, training)
        self._expect(trainer, self._state.dataset)
        if run.resumed is not None and run.resumed.progress is not None:
            trainer.resume(run.resumed.progress)
        run.resumed = None
        return trainer


def _branched(name: str, samples: int) -> str:
    """Return the name of a run that continues the run ``name`` after ``samples`` images."""
    return f"{name}, from {samples:,} images"
