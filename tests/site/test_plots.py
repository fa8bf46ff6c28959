"""Checks the plots of learning: both share one axis, which can be zoomed and shows this run or all runs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.site.driving import command, wait_until

SPANS = """() => {
  const plots = Bokeh.documents.flatMap((one) => [...one._all_models.values()])
    .filter((model) => model.x_range && model.y_range && model.title?.text !== undefined)
  return plots.map(({ x_range }) => [x_range.start, x_range.end])
}"""


def axis(page: Any, holds: Any, what: str) -> tuple[float, float]:
    """Return the range of the x-axis once both plots have the same and ``holds`` is true of it."""

    def alike(_seen: Any) -> bool:
        spans = page.evaluate(SPANS)
        return len(spans) >= 2 and spans[0] == spans[1] and holds(*spans[0])

    wait_until(page, alike, 30, what)
    return tuple(page.evaluate(SPANS)[0])


@pytest.fixture
def trained(lab: Any) -> Any:
    command(lab, "set", {"layers": [784, 16, 10], "epochs": 0})
    for _ in range(3):
        command(lab, "epoch")
    return lab


def test_both_plots_are_zoomed_in_and_shown_whole_again(trained: Any) -> None:
    whole = axis(trained, lambda start, end: start == 0 and end >= 3, "the whole run")
    out = trained.locator(".lab-zoom-out button")
    assert out.is_disabled()
    trained.locator(".lab-zoom-in button").click()
    later = axis(trained, lambda start, _end: start > 0, "the later half")
    assert whole[0] < later[0] < later[1] <= whole[1]
    trained.locator(".lab-zoom-in button").click()
    axis(trained, lambda start, _end: start > later[0], "the later half of that")
    out.click()
    assert axis(trained, lambda start, _end: start == 0, "the whole run again") == whole
    assert out.is_disabled()


def test_the_axis_is_the_present_runs_until_all_are_asked_for(trained: Any) -> None:
    command(trained, "reset")
    command(trained, "step")
    axis(trained, lambda start, end: (start, end) == (0, 1), "the run that has just begun")
    trained.locator(".lab-all-runs button").click()
    axis(trained, lambda start, end: start == 0 and end >= 3, "the longer run from before")
    trained.locator(".lab-all-runs button").click()
    axis(trained, lambda start, end: (start, end) == (0, 1), "this run again")
