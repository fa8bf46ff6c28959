"""Defines a run in the form in which it is kept, to be continued after another run, from a file, or on the
next visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nncore.checkpoint import Checkpoint
from nncore.network import Network
from nncore.preprocessing import Preprocessing
from nncore.training_spec import TrainingSpec
from web.runs.history import WeightSnapshot
from web.runs.learning_curves import Curves


@dataclass(frozen=True, eq=False)
class ResumableRun:
    """A run as it was at one moment, without the optimiser's memory.

    Attributes:
        moment: the network and its counters.
        choices: names of the learner's choices -> values, as ``LabState.choices`` returns them.
        preprocessing, training: settings of the core.
        curves: the learning curves up to the moment.
        seconds: time spent training.
        name: the run's name, or that of its file.
        past: the training events up to the moment (``Trainer.history``), as plain dicts. In a
            ``SavedSession`` only the events of the runs that it branched off from; the rest is in
            ``progress``.
    """

    moment: WeightSnapshot
    choices: dict[str, Any]
    preprocessing: Preprocessing
    training: TrainingSpec
    curves: Curves
    seconds: float
    name: str
    past: tuple[dict[str, Any], ...] = ()

    @property
    def network(self) -> Network:
        """The network at the moment."""
        return self.moment.network

    @property
    def samples(self) -> int:
        """The number of images that the network was trained on."""
        return self.moment.samples


@dataclass(frozen=True, eq=False)
class SavedSession(ResumableRun):
    """The present run with everything that the next visit needs.

    Attributes:
        progress: the trainer's counters and the optimiser's memory; None for a network that was not trained
            here yet, or comes from a file.
        strokes, picture: the drawing on the pad, as in ``LabState``.
        saved_at: when it was saved, in seconds since 1970; only shown.
        number: the run's number; 0 where an older version did not say.
        begun: the last number given to any run; 0 where an older version did not say.
        stride: as in ``History``.
    """

    progress: Checkpoint | None = None
    strokes: tuple[Any, ...] | list[Any] = ()
    picture: bytes = b""
    saved_at: float = 0.0
    number: int = 0
    begun: int = 0
    stride: int = 1
