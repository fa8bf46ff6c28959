"""A checkpoint: the state of a training run beside its network, enough to continue it in another process.

The network's parameters are saved like any network's (``nncore.storage``); a checkpoint has the counters, the
place in the epoch and the optimiser's state. ``Trainer.checkpoint`` makes one and ``Trainer.resume`` takes
it.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from nncore.optimisers import Optimiser


class CheckpointError(ValueError):
    """Bytes or values that no run can be continued from; the message gives the reason."""


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The state of a training run between two steps.

    Attributes:
        epoch, steps, samples: the trainer's counters.
        share: the share of the current epoch that is done, 0 to below 1; 0 between two epochs.
        loss, accuracy: means over that share.
        updates: the number of updates that the optimiser has made.
        slots: the optimiser's vectors, float arrays ``(parameters,)``.
        history: the trainer's, as plain dicts.

    Raises:
        CheckpointError: if a value is not legal.
    """

    epoch: int
    steps: int
    samples: int
    share: float
    loss: float
    accuracy: float
    updates: int
    slots: tuple[np.ndarray, ...]
    history: tuple[dict[str, Any], ...]

    def __post_init__(self) -> None:
        for name in ("epoch", "steps", "samples", "updates"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                raise CheckpointError(f"{name} must be a whole number from 0 on, not {value!r}")
        for name in ("share", "loss", "accuracy"):
            value = getattr(self, name)
            if not isinstance(value, int | float) or not np.isfinite(value) or value < 0:
                raise CheckpointError(f"{name} must be a number from 0 on, not {value!r}")
        if self.share >= 1:
            raise CheckpointError(f"share must be below 1, not {self.share!r}")
        for number, slot in enumerate(self.slots):
            if slot.dtype.kind != "f" or slot.ndim != 1 or not np.isfinite(slot).all():
                raise CheckpointError(f"slot {number} of the optimiser is no vector of finite numbers")
        if not all(isinstance(entry, dict) for entry in self.history):
            raise CheckpointError("the history must be a list of objects")

    def check(self, optimiser: Optimiser, parameters: np.ndarray) -> None:
        """Check that the slots belong to this optimiser and these parameters.

        Raises:
            CheckpointError: if their number or a shape differs.
        """
        if [slot.shape for slot in self.slots] != [parameters.shape] * optimiser.slots:
            raise CheckpointError("the optimiser's memory is not of this network and optimiser")

    def to_bytes(self) -> bytes:
        """Return the checkpoint as an ``.npz`` file of plain arrays.

        It is not compressed, to be quick: the page makes one every other second.
        """
        about = vars(self) | {"slots": len(self.slots)}
        arrays = {f"slot{number}": slot for number, slot in enumerate(self.slots)}
        buffer = io.BytesIO()
        np.savez(buffer, about=np.array(json.dumps(about)), **arrays)  # type: ignore[arg-type]
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Checkpoint:
        """Read a checkpoint that ``to_bytes`` wrote.

        Raises:
            CheckpointError: for any other bytes.
        """
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as archive:
                about = json.loads(str(archive["about"]))
                slots = tuple(archive[f"slot{number}"] for number in range(about.pop("slots")))
            return cls(**about | {"slots": slots, "history": tuple(about["history"])})
        except CheckpointError:
            raise
        except Exception as error:  # a damaged archive can fail in any way, from BadZipFile to MemoryError
            raise CheckpointError("truncated or damaged: not the progress of a training run") from error
