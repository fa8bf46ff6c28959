"""Test the ranges of the plots' axes: for the present run, a part of it, all runs, and two compared runs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.runs.run_log import RunSummary
from web.state.snapshot import Evaluation, LearningPoint, Snapshot
from web.views.curve_ranges import (
    compared_spans,
    fitting,
    later_half,
    points_within,
    rounded_up,
    whole_run,
)


def run(number: int, accuracies: dict[float, float]) -> RunSummary:
    """Return a run with these test accuracies by epoch; each loss is 1 less the accuracy."""
    measured = tuple(
        Evaluation(int(epoch * 60_000), epoch, accuracy, accuracy, 1 - accuracy, (0.0, 1.0))
        for epoch, accuracy in accuracies.items()
    )
    return RunSummary(
        number, f"Run {number}", {}, measured[-1].samples, measured[-1].epoch, 1.0, evaluations=measured
    )


def learned(epochs: float) -> Snapshot:
    """Return a snapshot of a run that has trained for ``epochs`` and improved at every point."""
    points = tuple(
        LearningPoint(epoch=epochs * i / 100, loss=1 / (1 + i), accuracy=1 - 1 / (2 + i)) for i in range(101)
    )
    return Snapshot(learning=points)


def test_the_axis_follows_the_present_run_however_long_an_earlier_one_was() -> None:
    """Compute the axis of epochs: an earlier, longer run counts only if all runs are shown."""
    long = run(1, {float(epoch): 0.9 for epoch in range(70)})
    assert whole_run(learned(5.0), [long], all_runs=False) == (0, 5)
    assert whole_run(learned(5.0), [long], all_runs=True) == (0, rounded_up(69))
    assert whole_run(Snapshot(), [long], all_runs=False) == (0, 1)


def test_zooming_in_shows_the_later_half_of_what_there_is() -> None:
    snapshot = learned(2.2)  # its axis ends at 3
    once = later_half((0, 3), snapshot)
    assert once == pytest.approx((1.1, 2.2))
    assert later_half(once, snapshot) == pytest.approx((1.65, 2.2))
    for _ in range(60):
        once = later_half(once, snapshot)
    assert once[1] - once[0] > 0, "there is always something to see"


def test_a_part_is_shown_on_a_scale_that_fits_it() -> None:
    seen = points_within(learned(2.0), "accuracy", (1.0, 2.0))
    low, high = fitting(seen, (0, 1), 0.002, (0, 1))
    assert low > 0.95 and high <= 1
    assert fitting([], (0.0, 1.0), 0.1, (0, 1)) == (0.0, 1.0)
    assert fitting([math.nan, math.inf], (0.0, 1.0), 0.1, (0, 1)) == (0.0, 1.0)


@given(st.lists(st.floats(0, 1), min_size=1))
def test_an_axis_holds_all_that_it_is_fitted_to(values: list[float]) -> None:
    """Fit an axis to any values: it spans all of them and stays within 0 to 1."""
    low, high = fitting(values, (0, 1), 0.002, (0, 1))
    assert 0 <= low <= min(values) and max(values) <= high <= 1 and low < high


def test_two_runs_are_compared_on_their_own_scale() -> None:
    """Compare two runs: the axes fit their later values, not the steep beginning."""
    first = run(1, {0.05: 0.30, 1.0: 0.95, 2.0: 0.960, 3.0: 0.965})
    second = run(2, {0.05: 0.10, 1.0: 0.955, 2.0: 0.962, 3.0: 0.97})
    spans = compared_spans(first, second)
    low, high = spans["accuracy"]
    assert 0.94 < low < 0.95 and 0.97 < high < 0.98
    assert spans["loss"][1] < 0.06
    assert spans["epochs"] == (0, 3)
