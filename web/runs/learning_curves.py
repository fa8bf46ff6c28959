"""The learning curves of one run, in bounded memory.

Points come in many times a second for as long as somebody looks; a screen shows a few hundred. When there are
more than ``LIMIT``, neighbours are joined in pairs, so that an hour of training costs no more than a minute
and the oldest part is still there.
"""

from __future__ import annotations

from web.state.snapshot import Evaluation, LearningPoint

LIMIT = 600


class Curves:
    """``evaluations``: every pass over held-out digits."""

    def __init__(
        self, learning: tuple[LearningPoint, ...] = (), evaluations: tuple[Evaluation, ...] = ()
    ) -> None:
        self.evaluations = evaluations
        self._learning = learning
        self._steps: list[tuple[int, LearningPoint]] = []  # since the last point, with the samples of each

    def add_step(self, samples: int, epoch: float, loss: float, accuracy: float) -> None:
        """The mean ``loss`` and ``accuracy`` of a step over ``samples`` samples, which ended at ``epoch``."""
        self._steps.append((samples, LearningPoint(epoch, loss, accuracy)))

    @property
    def learning(self) -> tuple[LearningPoint, ...]:
        """Means over the mini-batches since the point before. A point ends when somebody looks, so that
        whoever shows or keeps the curve has all that was learned by then."""
        if self._steps:
            total = sum(samples for samples, _ in self._steps)
            loss = sum(samples * step.loss for samples, step in self._steps) / total
            accuracy = sum(samples * step.accuracy for samples, step in self._steps) / total
            points = (*self._learning, LearningPoint(self._steps[-1][1].epoch, loss, accuracy))
            self._learning = points if len(points) <= LIMIT else _halved(points)
            self._steps.clear()
        return self._learning

    def copy(self) -> Curves:
        """The same curves, to go on otherwise."""
        return Curves(self.learning, self.evaluations)

    def until(self, epoch: float) -> Curves:
        """These curves as they were at ``epoch``."""
        return Curves(
            tuple(point for point in self.learning if point.epoch <= epoch),
            tuple(point for point in self.evaluations if point.epoch <= epoch),
        )

    def add_evaluation(self, evaluation: Evaluation) -> None:
        """Put in a finished pass over held-out digits, of now or of the past.

        A second measure of the same network takes the place of the first. Where a network was edited several
        times without training in between, the first and the last measure there are kept: the curve jumps
        once. Of too many measures every second is dropped, never the newest.
        """
        others = [known for known in self.evaluations if _place(known) != _place(evaluation)]
        there = sorted((known for known in others if known.samples == evaluation.samples), key=_place)
        points = tuple(
            sorted((*(known for known in others if known not in there[1:]), evaluation), key=_place)
        )
        self.evaluations = points if len(points) <= LIMIT else points[::-2][::-1]


def _place(evaluation: Evaluation) -> tuple[int, int]:
    """Which network of the run was measured."""
    return evaluation.samples, evaluation.edits


def _halved(points: tuple[LearningPoint, ...]) -> tuple[LearningPoint, ...]:
    pairs = zip(points[0::2], points[::-2][::-1], strict=False)
    joined = tuple(
        LearningPoint(late.epoch, (early.loss + late.loss) / 2, (early.accuracy + late.accuracy) / 2)
        for early, late in pairs
    )
    return joined + (points[-1:] if len(points) % 2 else ())
