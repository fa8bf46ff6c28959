"""What the runner works on: the digits that have arrived, the present network, and the one before it.

No clock and no asyncio here: beginning, changing, setting aside and bringing back are plain calls.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nncore.datasets import Dataset
from nncore.network import Network
from nncore.preprocessing import Preprocessing
from nncore.reshape import towards
from nncore.training import Trainer
from web.curves import Curves
from web.state import HOT_CHOICES, LabState


@dataclass
class Run:
    """A network from its first weights on, with the choices it was begun with and what has become of it."""

    number: int
    choices: dict[str, Any]
    network: Network
    preprocessing: Preprocessing
    trainer: Trainer | None = None
    curves: Curves = field(default_factory=Curves)

    @property
    def samples(self) -> int:
        return self.trainer.samples if self.trainer else 0

    @property
    def epoch(self) -> float:
        """Epochs trained, with the part of the present one."""
        return self.trainer.epoch + self.trainer.epoch_progress if self.trainer else 0.0


class Workbench:
    """The present ``run``, the ``previous`` one, and the digits."""

    def __init__(self, state: LabState) -> None:
        self._state = state
        self._runs_begun = 0
        self.train: Dataset | None = None
        self.test: Dataset | None = None
        self.previous: Run | None = None
        self.run = self._new_run()

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
        return self.run.choices

    def reshape(self) -> str:
        """Give the network the state's layers and activations, keeping what it learned; returns what that did
        to it."""
        spec, _, _ = self._state.experiment()
        notes = []
        for surgery in towards(self.run.network, spec, self._state.seed):
            self.run.network = surgery.network
            if self.run.trainer is not None:
                self.run.trainer.replace_network(surgery)
            notes.append(surgery.note)
        return " ".join(notes)

    def edit(self, names: set[str]) -> None:
        """Pass changed hot choices on to the trainer, without a reset."""
        if self.run.trainer is not None and (hot := names & set(HOT_CHOICES)):
            self.run.trainer.set(**{name: getattr(self._state, name) for name in sorted(hot)})
        self.note_choices()

    def note_choices(self) -> None:
        """The present choices are the present run's."""
        self.run.choices = self._state.choices()

    def add_train(self, shard: Dataset) -> None:
        """The first digits begin the training set; later ones join the present run at its next epoch."""
        self.train = shard if self.train is None else self.train.concatenate(shard, name=self.train.name)
        if self.run.trainer is None:
            self.run.trainer = self._trainer(self.run)
        else:
            self.run.trainer.extend(shard)

    def add_test(self, shard: Dataset) -> None:
        """More digits to measure with, from the next evaluation on."""
        self.test = shard if self.test is None else self.test.concatenate(shard, name=self.test.name)

    def _new_run(self) -> Run:
        spec, preprocessing, _ = self._state.experiment()
        self._runs_begun += 1
        network = Network.create(spec, self._state.seed)
        run = Run(self._runs_begun, self._state.choices(), network, preprocessing)
        run.trainer = self._trainer(run)
        return run

    def _trainer(self, run: Run) -> Trainer | None:
        if self.train is None:
            return None
        _, preprocessing, training = self._state.experiment()
        return Trainer(run.network, self.train, preprocessing, training)
