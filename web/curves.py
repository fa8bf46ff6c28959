"""The learning curves of one run, in bounded memory.

Points come in many times a second for as long as somebody looks; a screen shows a few hundred. When there are
more than ``LIMIT``, neighbours are joined in pairs, so that an hour of training costs no more than a minute
and the oldest part is still there.
"""

from __future__ import annotations

from web.snapshot import Evaluation, LearningPoint

LIMIT = 600


class Curves:
    """``learning``: means over the mini-batches since the point before; ``evaluations``: every pass over
    held-out digits."""

    def __init__(self) -> None:
        self.learning: tuple[LearningPoint, ...] = ()
        self.evaluations: tuple[Evaluation, ...] = ()
        self._pending: list[tuple[int, float, float]] = []

    def add_step(self, samples: int, loss: float, accuracy: float) -> None:
        """The mean ``loss`` and ``accuracy`` of a step over ``samples`` samples; shown with the next
        ``mark``."""
        self._pending.append((samples, loss, accuracy))

    def mark(self, epoch: float) -> None:
        """Close one point of the learning curve at ``epoch``, if there were steps since the last."""
        if not self._pending:
            return
        total = sum(samples for samples, _, _ in self._pending)
        loss = sum(samples * value for samples, value, _ in self._pending) / total
        accuracy = sum(samples * value for samples, _, value in self._pending) / total
        self._pending.clear()
        points = (*self.learning, LearningPoint(epoch, loss, accuracy))
        self.learning = points if len(points) <= LIMIT else _halved(points)

    def until(self, epoch: float) -> Curves:
        """These curves as they were at ``epoch``."""
        past = Curves()
        past.learning = tuple(point for point in self.learning if point.epoch <= epoch)
        past.evaluations = tuple(point for point in self.evaluations if point.epoch <= epoch)
        return past

    def add_evaluation(self, evaluation: Evaluation) -> None:
        """A finished pass over held-out digits, of now or of the past; of too many, every second is dropped,
        never the newest."""
        points = (*self.evaluations, evaluation)
        if self.evaluations and evaluation.samples < self.evaluations[-1].samples:
            others = (known for known in self.evaluations if known.samples != evaluation.samples)
            points = tuple(sorted((*others, evaluation), key=lambda known: known.samples))
        self.evaluations = points if len(points) <= LIMIT else points[::-2][::-1]


def _halved(points: tuple[LearningPoint, ...]) -> tuple[LearningPoint, ...]:
    pairs = zip(points[0::2], points[::-2][::-1], strict=False)
    joined = tuple(
        LearningPoint(late.epoch, (early.loss + late.loss) / 2, (early.accuracy + late.accuracy) / 2)
        for early, late in pairs
    )
    return joined + (points[-1:] if len(points) % 2 else ())
