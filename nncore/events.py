"""What a trainer reports: plain facts, frozen, for whoever draws curves or prints lines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StepEvent:
    """Some mini-batches were trained on.

    Attributes:
        epoch: the epoch that they belong to, counted from 1.
        step: updates made so far in the run.
        samples: images trained on so far in the run (an image counts every time).
        batch_count: how many mini-batches this event is about.
        loss: mean loss of their images, each before its batch's update, without the L2 penalty.
        accuracy: share of their images that were read rightly, 0 to 1, likewise before the updates.
        learning_rate: of the last of them.
        epoch_ended: whether the epoch is over with them.
    """

    epoch: int
    step: int
    samples: int
    batch_count: int
    loss: float
    accuracy: float
    learning_rate: float
    epoch_ended: bool


@dataclass(frozen=True)
class EpochEvent:
    """An epoch is over. Loss and accuracy are means over all of its images, each before its batch's
    update."""

    epoch: int
    step: int
    samples: int
    loss: float
    accuracy: float
    learning_rate: float


@dataclass(frozen=True)
class DivergenceEvent:
    """A loss or weight was no longer a finite number. The network is as it was before that step.

    Attributes:
        step: the update that failed, counted from 1.
        epoch: in which epoch, counted from 1.
        samples: images trained on before it.
        layer: the first weight layer in which it showed, counted from 1.
        cause: the likely reason, in a sentence.
    """

    step: int
    epoch: int
    samples: int
    layer: int
    cause: str
