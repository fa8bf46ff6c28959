"""The learner's work as bytes, and back: what ``web.keeping.autosave`` puts into the store every other
second.

Two entries belong together and are kept at once: ``network``, an ``.npz`` file as anybody could open it
(``nncore.storage``) with the choices, the curves and the strokes among its notes; and ``progress``, where its
training stands. Everything is checked again on the way back: it may come from an older version, or from a
disk that forgot a byte.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nncore.checkpoint import Checkpoint, CheckpointError
from nncore.network import Network
from nncore.pen import SIZE
from nncore.preprocessing import Preprocessing
from nncore.storage import SavedNetwork, StorageError, from_npz, to_npz
from nncore.training_spec import TrainingSpec
from web.runs.learning_curves import Curves
from web.state.choices import normalised
from web.state.snapshot import Evaluation, LearningPoint

NETWORK, PROGRESS = "network", "progress"


@dataclass(frozen=True, eq=False)
class SavedSession:
    """One moment of the lab. ``progress`` is None for a network that has not met any digits; ``saved_at`` is
    in seconds since 1970, only to be shown; ``seconds`` were spent training. ``number`` is the run's and
    ``begun`` the last one given to any, 0 where an older version didn't say; ``past`` as in ``Run``;
    ``stride`` as in ``History``. On the pad are ``strokes`` or a ``picture``, as in ``LabState``."""

    network: Network
    preprocessing: Preprocessing
    training: TrainingSpec
    progress: Checkpoint | None
    choices: dict[str, Any]
    strokes: list[Any]
    learning: tuple[LearningPoint, ...]
    evaluations: tuple[Evaluation, ...]
    saved_at: float
    name: str = ""
    seconds: float = 0.0
    number: int = 0
    begun: int = 0
    past: tuple[dict[str, Any], ...] = ()
    stride: int = 1
    picture: bytes = b""

    @property
    def samples(self) -> int:
        """How many images the network was trained on."""
        return self.progress.samples if self.progress else 0

    @property
    def curves(self) -> Curves:
        """The learning curves, to be gone on with."""
        return Curves(self.learning, self.evaluations)

    def packers(self) -> dict[str, Callable[[], bytes]]:
        """What makes each entry's bytes: a few milliseconds each, so that other work can go in between."""
        notes = {
            "choices": self.choices,
            "strokes": self.strokes,
            "picture": self.picture.hex(),
            "saved_at": self.saved_at,
            "name": self.name,
            "seconds": self.seconds,
            "number": self.number,
            "begun": self.begun,
            "past": list(self.past),
            "stride": self.stride,
        } | plain_curves(self.learning, self.evaluations)
        saved = SavedNetwork(self.network, self.preprocessing, self.training, notes=notes)
        packers = {NETWORK: lambda: to_npz(saved, compress=False)}
        if self.progress is not None:
            packers[PROGRESS] = self.progress.to_bytes
        return packers


def plain_curves(
    learning: tuple[LearningPoint, ...], evaluations: tuple[Evaluation, ...]
) -> dict[str, list[Any]]:
    """Curves as JSON can say them."""
    return {
        "learning": [[p.epoch, p.loss, p.accuracy] for p in learning],
        "evaluations": [vars(evaluation) for evaluation in evaluations],
    }


def curves_in(plain: dict[str, Any]) -> dict[str, Any]:
    """The way back from ``plain_curves``: both as tuples, by name. Raises KeyError, TypeError or ValueError
    for anything else."""
    return {
        "learning": tuple(LearningPoint(*map(float, values)) for values in plain["learning"]),
        "evaluations": tuple(
            Evaluation(**values | {"interval": tuple(map(float, values["interval"]))})
            for values in plain["evaluations"]
        ),
    }


def _picture_in(text: str) -> bytes:
    """A picture of the pad from its hexadecimal digits; none if it is not of the pad's size."""
    try:
        picture = bytes.fromhex(text)
    except (TypeError, ValueError):
        return b""
    return picture if len(picture) == SIZE * SIZE else b""


def unpack(network: bytes, progress: bytes | None) -> SavedSession:
    """Raises StorageError or CheckpointError, saying what is wrong."""
    saved = from_npz(network, "what was saved")
    try:
        notes = saved.notes
        return SavedSession(
            network=saved.network,
            preprocessing=saved.preprocessing,
            training=saved.training or TrainingSpec(),
            progress=Checkpoint.from_bytes(progress) if progress else None,
            choices=normalised({"layers": saved.network.spec.layers} | notes["choices"]),
            strokes=list(notes["strokes"]),
            **curves_in(notes),
            saved_at=float(notes["saved_at"]),
            name=str(notes["name"]),
            seconds=float(notes["seconds"]),
            number=int(notes.get("number", 0)),
            begun=int(notes.get("begun", 0)),
            past=tuple(notes.get("past", ())),
            stride=max(1, int(notes.get("stride", 1))),
            picture=_picture_in(notes.get("picture", "")),
        )
    except CheckpointError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise StorageError("what was saved is damaged: choices, curves or counters are missing") from error
