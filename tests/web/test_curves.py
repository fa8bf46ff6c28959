"""Test that the learning curves keep a bounded number of points and both ends, however long a run is."""

from __future__ import annotations

import pytest

from web.runs.learning_curves import LIMIT, Curves
from web.state.snapshot import Evaluation


def test_a_point_is_the_mean_over_the_samples_since_somebody_looked() -> None:
    """Read the curve after two steps: they make one point, which is the mean weighted by their samples."""
    curves = Curves()
    curves.add_step(samples=1, epoch=0.25, loss=4.0, accuracy=0.0)
    curves.add_step(samples=3, epoch=0.5, loss=0.0, accuracy=1.0)
    [point] = curves.learning
    assert (point.epoch, point.loss, point.accuracy) == (0.5, 1.0, 0.75)
    assert curves.learning == (point,), "nothing was learned since"


@pytest.mark.parametrize("count", [LIMIT, LIMIT + 1, 5 * LIMIT + 3])
def test_memory_is_bounded_and_both_ends_are_kept(count: int) -> None:
    curves = Curves()
    for i in range(count):
        curves.add_step(1, float(i), float(i), 0.5)
        assert curves.learning[-1].epoch == i
        curves.add_evaluation(Evaluation(i, float(i), 0.5, 0.5, 1.0, (0.4, 0.6)))
    assert LIMIT // 2 <= len(curves.learning) <= LIMIT
    assert curves.learning[-1].epoch == count - 1 and curves.learning[0].epoch < count / 50
    assert len(curves.evaluations) <= LIMIT and curves.evaluations[-1].samples == count - 1
    epochs = [point.epoch for point in curves.learning]
    assert epochs == sorted(epochs)
