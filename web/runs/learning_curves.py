"""Keeps the learning curves of one run, in bounded memory.

Several points a second arrive, and a screen shows a few hundred. When there are more than ``LIMIT``,
neighbours are joined in pairs. So an hour of training takes no more memory than a minute, and the oldest part
is still there.
"""

from __future__ import annotations

from web.state.snapshot import Evaluation, LearningPoint

LIMIT = 600


class Curves:
    """The training curve (``learning``) and the test curve (``evaluations``) of a run.

    Attributes:
        evaluations: all passes over the test digits, in order.
    """

    def __init__(
        self, learning: tuple[LearningPoint, ...] = (), evaluations: tuple[Evaluation, ...] = ()
    ) -> None:
        self.evaluations = evaluations
        self._learning = learning
        self._steps: list[tuple[int, LearningPoint]] = []  # steps since the last point: images, means

    def add_step(self, samples: int, epoch: float, loss: float, accuracy: float) -> None:
        """Add a training step.

        Args:
            samples: images in the step.
            epoch: the epochs at its end.
            loss, accuracy: means over its images.
        """
        self._steps.append((samples, LearningPoint(epoch, loss, accuracy)))

    @property
    def learning(self) -> tuple[LearningPoint, ...]:
        """The training curve: means over the mini-batches since the point before.

        Reading this property ends a point, so that the curve contains all training up to now.
        """
        if self._steps:
            total = sum(samples for samples, _ in self._steps)
            loss = sum(samples * step.loss for samples, step in self._steps) / total
            accuracy = sum(samples * step.accuracy for samples, step in self._steps) / total
            points = (*self._learning, LearningPoint(self._steps[-1][1].epoch, loss, accuracy))
            self._learning = points if len(points) <= LIMIT else _halved(points)
            self._steps.clear()
        return self._learning

    def copy(self) -> Curves:
        """Return a copy of the curves that can continue differently."""
        return Curves(self.learning, self.evaluations)

    def until(self, epoch: float) -> Curves:
        """Return the curves as they were at ``epoch``."""
        return Curves(
            tuple(point for point in self.learning if point.epoch <= epoch),
            tuple(point for point in self.evaluations if point.epoch <= epoch),
        )

    def add_evaluation(self, evaluation: Evaluation) -> None:
        """Add a pass over the test digits, of the present or of an earlier moment.

        A second measure of the same network replaces the first. Where a network was edited several times
        without training in between, only the first and the last measure there are kept, so that the curve
        jumps once. When there are too many measures every second one is dropped, but not the newest.
        """
        others = [known for known in self.evaluations if _place(known) != _place(evaluation)]
        there = sorted((known for known in others if known.samples == evaluation.samples), key=_place)
        points = tuple(
            sorted((*(known for known in others if known not in there[1:]), evaluation), key=_place)
        )
        self.evaluations = points if len(points) <= LIMIT else points[::-2][::-1]


def _place(evaluation: Evaluation) -> tuple[int, int]:
    """Return the key of the network that was measured: images and edits."""
    return evaluation.samples, evaluation.edits


def _halved(points: tuple[LearningPoint, ...]) -> tuple[LearningPoint, ...]:
    """Join neighbouring points in pairs: the later epoch, the means of loss and accuracy."""
    pairs = zip(points[0::2], points[::-2][::-1], strict=False)
    joined = tuple(
        LearningPoint(late.epoch, (early.loss + late.loss) / 2, (early.accuracy + late.accuracy) / 2)
        for early, late in pairs
    )
    return joined + (points[-1:] if len(points) % 2 else ())
