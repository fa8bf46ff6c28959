"""The events that a trainer reports: frozen facts, to draw as curves or to print as lines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StepEvent:
    """A report on some mini-batches that were trained on.

    Attributes:
        epoch: their epoch, counted from 1.
        step: updates made so far in the run.
        samples: images trained on so far in the run (an image counts every time).
        batch_count: the number of mini-batches in this event.
        loss: the mean loss of their images, each before its batch's update, without the L2 penalty.
        accuracy: the share of their images that were read rightly, 0 to 1, likewise before the updates.
        learning_rate: the rate of the last of them.
        epoch_ended: whether they complete the epoch.
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
    """A report on an epoch that is complete.

    Loss and accuracy are means over all of its images, each before its batch's update.
    """

    epoch: int
    step: int
    samples: int
    loss: float
    accuracy: float
    learning_rate: float


@dataclass(frozen=True)
class DivergenceEvent:
    """A report on a loss or weight that was no longer finite. The network is as it was before that step.

    Attributes:
        step: the update that failed, counted from 1.
        epoch: its epoch, counted from 1.
        samples: the images trained on before it.
        layer: the first weight layer with such a number, counted from 1.
        cause: the likely reason, in a sentence.
    """

    step: int
    epoch: int
    samples: int
    layer: int
    cause: str
