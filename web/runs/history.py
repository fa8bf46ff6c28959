"""Keeps the moments of a run to rewind to, in bounded memory.

A moment is a copy of all weights, exact to the bit. When there are more than fit into ``MEMORY``, every
second one is dropped and from then on only every second is kept. So moments are spread evenly over the whole
training, however long it is, and the first is always there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nncore.checkpoint import Checkpoint
from nncore.network import Network

MEMORY = 32_000_000  # bytes for the moments of one run


@dataclass(frozen=True, eq=False)
class WeightSnapshot:
    """A network at one moment of its training.

    Attributes:
        network: a copy that no longer changes.
        samples, steps: training images and steps up to then.
        epoch, epoch_progress: whole epochs, and the share of the next, 0 to 1.
    """

    network: Network
    samples: int
    steps: int
    epoch: int
    epoch_progress: float

    @classmethod
    def of_progress(cls, network: Network, progress: Checkpoint | None) -> WeightSnapshot:
        """Return the moment at which a network's training stands; the beginning if ``progress`` is None."""
        if progress is None:
            return cls(network, 0, 0, 0, 0.0)
        return cls(network, progress.samples, progress.steps, progress.epoch, progress.share)

    @property
    def at(self) -> float:
        """Epochs trained, as a decimal number."""
        return self.epoch + self.epoch_progress


class History:
    """The moments of one run, oldest first.

    Attributes:
        moments: the moments that are kept.
        pinned: a moment that is kept however many follow it, or None.
        stride: of the moments offered, every ``stride``-th is kept.
    """

    def __init__(self, memory: int = MEMORY) -> None:
        self.moments: tuple[WeightSnapshot, ...] = ()
        self.pinned: WeightSnapshot | None = None
        self._memory = memory
        self.stride, self._offered = 1, 0

    def offer(self, network: Network, samples: int, steps: int, epoch: int, epoch_progress: float) -> None:
        """Keep a copy of this network if it has learned since the last moment and ``stride`` lets it through.

        Args:
            network, samples, steps, epoch, epoch_progress: as in ``WeightSnapshot``.
        """
        if self.moments and samples <= self.moments[-1].samples:
            return
        self._offered += 1
        if (self._offered - 1) % self.stride:
            return
        moment = WeightSnapshot(network.copy(), samples, steps, epoch, epoch_progress)
        self.moments = (*self.moments, moment)
        self._thin_out()

    def pin(self, moment: WeightSnapshot) -> None:
        """Keep ``moment`` until another is pinned."""
        others = (kept for kept in self.moments if kept.samples != moment.samples)
        self.moments = tuple(sorted((*others, moment), key=lambda kept: kept.samples))
        self.pinned = moment
        self._thin_out()

    def bring_back(self, moments: Iterable[WeightSnapshot]) -> None:
        """Put moments of an earlier visit, oldest first, before those of this one."""
        self.moments = (*moments, *self.moments)
        self._thin_out()

    def _thin_out(self) -> None:
        """Drop every second moment, but not the pinned one, until the rest fits into memory."""
        fewest = 3 if self.pinned in self.moments else 2
        while self.bytes > self._memory and len(self.moments) > fewest:
            places = enumerate(self.moments)
            self.moments = tuple(kept for n, kept in places if n % 2 == 0 or kept is self.pinned)
            self.stride *= 2

    def nearest(self, samples: int) -> WeightSnapshot | None:
        """Return the moment that is closest to ``samples`` images; None if there are no moments."""
        return min(self.moments, key=lambda moment: abs(moment.samples - samples), default=None)

    def until(self, moment: WeightSnapshot) -> History:
        """Return a history that ends with ``moment``, for a run that branches off there."""
        branch = self.copy()
        branch.moments = tuple(kept for kept in self.moments if kept.samples <= moment.samples)
        return branch

    def copy(self) -> History:
        """Return a history of the same moments, for a run that continues differently."""
        other = History(self._memory)
        other.moments, other.stride, other._offered = self.moments, self.stride, self._offered
        other.pinned = self.pinned
        return other

    @property
    def bytes(self) -> int:
        """The size of all moments, in bytes."""
        return sum(moment.network.parameters.flat.nbytes for moment in self.moments)


def history_until(history: Sequence[dict[str, Any]], moment: WeightSnapshot) -> tuple[dict[str, Any], ...]:
    """Return the training events up to ``moment``, for a run that branches off there.

    Of the events at that very moment, only the edits that made its network are included.

    Args:
        history: events as in ``Trainer.history``, oldest first.
    """
    before = [event for event in history if event["samples"] < moment.samples or event["event"] == "start"]
    present = [event for event in history if event["samples"] == moment.samples]
    spec = moment.network.spec
    made = [
        number
        for number, event in enumerate(present)
        if event["event"] == "network"
        and (tuple(event["layers"]), tuple(event["activations"])) == (spec.layers, spec.activations)
    ]
    kept = [event for event in present[: made[-1] + 1 if made else 0] if event["event"] == "network"]
    return (*before, *kept, {"event": "leave", "samples": moment.samples, "step": moment.steps})
