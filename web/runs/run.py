"""Holds one run: a network with its trainer, its curves and its past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nncore.checkpoint import Checkpoint
from nncore.network import Network
from nncore.preprocessing import Preprocessing
from nncore.training import Trainer
from nncore.training_spec import TrainingSpec
from web.runs.history import History, WeightSnapshot, history_until
from web.runs.learning_curves import Curves
from web.runs.resumable import ResumableRun, SavedSession
from web.state.snapshot import Evaluation


@dataclass
class Run:
    """A network from its first weights on, with the choices that it was begun with.

    Attributes:
        number: unique among the runs of the lab.
        choices: names of the learner's choices -> values.
        network: trained in place by ``trainer``.
        preprocessing: of the network.
        trainer: None until training digits have arrived.
        curves, history: its learning curves, and the moments to rewind to.
        seconds: time spent training.
        name: shown in the table of runs.
        resumed: where a restored run stood, until it has its trainer.
        past: training events of the runs that it branched off from.
    """

    number: int
    choices: dict[str, Any]
    network: Network
    preprocessing: Preprocessing
    trainer: Trainer | None = None
    curves: Curves = field(default_factory=Curves)
    history: History = field(default_factory=History)
    seconds: float = 0.0
    name: str = ""
    resumed: SavedSession | None = None  # None once the trainer has taken it over
    past: tuple[dict[str, Any], ...] = ()

    @property
    def samples(self) -> int:
        """The number of images that the network was trained on."""
        if self.trainer:
            return self.trainer.samples
        return self.resumed.progress.samples if self.resumed and self.resumed.progress else 0

    @property
    def epoch(self) -> float:
        """Epochs trained, as a decimal number; 0 without a trainer."""
        return self.trainer.epoch + self.trainer.epoch_progress if self.trainer else 0.0

    @property
    def edits(self) -> int:
        """The number of edits: changes of the network by other means than training."""
        if self.trainer:
            return self._edits_before + self.trainer.edits
        progress = self.resumed.progress if self.resumed else None
        return self._edits_before + (_edits(progress.history) if progress else 0)

    @cached_property
    def _edits_before(self) -> int:
        """The number of edits in the runs that it branched off from."""
        return _edits(self.past)

    def edits_until(self, moment: WeightSnapshot) -> int:
        """Return the number of edits up to ``moment``.

        Raises:
            RuntimeError: if no training digits have arrived.
        """
        return _edits(history_until((*self.past, *self.need_trainer().history), moment))

    def measured(self, moment: WeightSnapshot | None = None) -> Evaluation | None:
        """Return the newest measure of the network as it is now, or was at ``moment``.

        The measure was taken at that time or earlier, with no edit in between. None if there is none.
        """
        samples = moment.samples if moment else self.samples
        edits = self.edits_until(moment) if moment else self.edits
        known = self.curves.evaluations
        of_it = [measure for measure in known if (measure.samples, measure.edits) == (samples, edits)]
        earlier = [measure for measure in known if measure.samples < samples]
        newest = (of_it or earlier)[-1:]
        return newest[0] if newest and newest[0].edits == edits else None

    def need_trainer(self) -> Trainer:
        """Return the trainer.

        Raises:
            RuntimeError: if no training digits have arrived.
        """
        if self.trainer is None:
            raise RuntimeError("no digits have arrived yet: wait until the page is ready")
        return self.trainer

    def remember(self) -> None:
        """Offer the present network to the history."""
        if (trainer := self.trainer) is not None:
            progress = trainer.epoch_progress
            self.history.offer(self.network, trainer.samples, trainer.steps, trainer.epoch, progress)

    def now(self) -> WeightSnapshot:
        """Return a copy of the present network as a moment.

        Raises:
            RuntimeError: if no training digits have arrived.
        """
        trainer = self.need_trainer()
        network = self.network.copy()
        return WeightSnapshot(network, trainer.samples, trainer.steps, trainer.epoch, trainer.epoch_progress)

    def standing(self, choices: dict[str, Any], training: TrainingSpec, **more: Any) -> SavedSession:
        """Return the run as it is now, with copies of the network and of the optimiser's memory.

        Args:
            choices: the choices to continue with.
            training: settings for a run that was never trained; any other run's own are taken.
            **more: fields of ``SavedSession`` that a run lacks.
        """
        progress = self.progress()
        if own := self.trainer.spec if self.trainer else self.resumed and self.resumed.training:
            training = own
        return SavedSession(
            moment=WeightSnapshot.of_progress(self.network.copy(), progress),
            choices=choices,
            preprocessing=self.preprocessing,
            training=training,
            curves=self.curves.copy(),
            seconds=self.seconds,
            name=self.name,
            past=self.past,
            progress=progress,
            number=self.number,
            stride=self.history.stride,
            **more,
        )

    def progress(self) -> Checkpoint | None:
        """Return the counters of the training and the optimiser's memory.

        A restored run without a trainer returns those that it was saved with. None for a network that was
        never trained, or was edited before its digits arrived.
        """
        if self.trainer:
            return self.trainer.checkpoint()
        same = self.resumed is not None and self.resumed.network.spec == self.network.spec
        return self.resumed.progress if self.resumed and same else None

    def copy(self) -> Run:
        """Return a copy of the run, to be continued later.

        Raises:
            RuntimeError: if no training digits have arrived.
        """
        saved = self.standing(self.choices, self.need_trainer().spec)
        return Run(
            self.number,
            self.choices,
            saved.network,
            self.preprocessing,
            curves=saved.curves.copy(),
            history=self.history.copy(),
            seconds=self.seconds,
            name=self.name,
            resumed=saved,
            past=self.past,
        )

    def kept(self, moment: WeightSnapshot) -> ResumableRun:
        """Return everything that is needed to continue from ``moment``.

        Raises:
            RuntimeError: if no training digits have arrived.
        """
        spec, trainer = moment.network.spec, self.need_trainer()
        shape = {"layers": spec.layers, "activations": spec.activations[:-1]}
        share = moment.samples / trainer.samples if trainer.samples else 0.0
        return ResumableRun(
            moment,
            self.choices | shape,
            self.preprocessing,
            trainer.spec,
            self.curves.until(moment.at),
            self.seconds * share,
            self.name,
            history_until((*self.past, *trainer.history), moment),
        )


def _edits(events: Iterable[dict[str, Any]]) -> int:
    """Return the number of edits among training events."""
    return sum(event["event"] == "network" for event in events)
