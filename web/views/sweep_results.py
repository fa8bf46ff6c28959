"""Shows a sweep's results: test accuracy over the setting's values as a plot, and the numbers as a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import Any

import panel as pn
from bokeh.models import (
    CategoricalTicker,
    ColumnDataSource,
    FactorRange,
    NumeralTickFormatter,
    Range1d,
)

from nncore.jobs import JobResult
from web.lab import Lab
from web.state.sweep_settings import SETTINGS, shown
from web.state.sweep_snapshot import Outcome, SweepSnapshot
from web.views.controls import WIDE
from web.views.curves import TEST, TRAINING, curve_figure, hover


@dataclass(frozen=True)
class Summary:
    """The mean test accuracy of the networks of one value, and its spread, as shares from 0 to 1.

    With several seeds the spread goes from the lowest to the highest accuracy; with one network it is the
    95 % interval of its accuracy.
    """

    mean: float
    low: float
    high: float


def summary(outcomes: tuple[Outcome, ...]) -> Summary | None:
    """Return the summary of the networks that have a result; None if there is none yet."""
    results = [outcome for outcome in outcomes if isinstance(outcome, JobResult)]
    accuracies = [result.accuracy for result in results]
    if not results:
        return None
    low, high = (min(accuracies), max(accuracies)) if len(outcomes) > 1 else results[0].interval
    return Summary(sum(accuracies) / len(accuracies), low, high)


def table(sweep: SweepSnapshot) -> str:
    """Return a row for every value as HTML, with the best mean marked."""
    assert sweep.plan is not None
    summaries = [summary(outcomes) for _value, outcomes in sweep.rows()]
    best = max((known.mean for known in summaries if known), default=None)
    rows = ""
    for (value, outcomes), known in zip(sweep.rows(), summaries, strict=True):
        mark = ' class="best"' if known and known.mean == best else ""
        number = f"{100 * known.mean:.2f} %" if known else "–"
        spread = f"{100 * known.low:.2f} – {100 * known.high:.2f} %" if known else ""
        rows += f'<tr{mark}><th scope="row">{escape(shown(value))}</th><td>{number}</td>'
        rows += f"<td>{spread}</td></tr>{_fault(outcomes)}"
    heads = (
        SETTINGS[sweep.plan.setting].label,
        "Test accuracy" if sweep.plan.single else "Test accuracy, mean",
        "95 % interval" if sweep.plan.single else "Lowest to highest",
    )
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    return f'<table class="results"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _fault(outcomes: tuple[Outcome, ...]) -> str:
    """Return a row for the first fault among the networks of one value, as HTML; empty if there is none."""
    for outcome in outcomes:
        if isinstance(outcome, str):
            return f'<tr class="fault"><td colspan="3">failed: {escape(outcome)}</td></tr>'
        if outcome and outcome.diverged:
            return f'<tr class="fault"><td colspan="3">diverged: {escape(outcome.diverged)}</td></tr>'
    return ""


def legend(single: bool) -> str:
    """Return the meaning of the plot's colours as HTML."""
    quiet = "95 % interval" if single else "single networks"
    strong = "one network for each value" if single else "mean"
    lines = f'<i class="test"></i>{strong}<i class="training"></i>{quiet}'
    return f'<p class="plot-title"><b>Test accuracy</b>{lines}</p>'


class SweepPlot(pn.viewable.Viewer):
    """A dot for every network, a line through the means, and a bar for each value's spread.

    Values stand side by side in the order in which they were given, whether they are numbers or names.
    """

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._state = lab.state
        self._networks = ColumnDataSource({"value": [], "seed": [], "accuracy": []})
        self._means = ColumnDataSource({"value": [], "accuracy": [], "low": [], "high": []})
        self._values, self._accuracies = FactorRange(factors=[""]), Range1d(start=0, end=1)
        self._plot = self._make_plot(self._state.dark)
        self._legend = pn.pane.HTML("", **WIDE)
        self._state.param.watch(self._recolour, "dark")

    def _make_plot(self, dark: bool) -> Any:
        """Make the plot in the colours of the theme."""
        plot = curve_figure("Test accuracy by value", 220, x_range=self._values, y_range=self._accuracies)
        plot.xaxis.ticker = CategoricalTicker()
        plot.yaxis.formatter = NumeralTickFormatter(format="0.[0]%")
        quiet, strong = TRAINING[dark], TEST[dark]
        plot.segment("value", "low", "value", "high", source=self._means, line_color=quiet, line_width=1.2)
        dots = plot.scatter("value", "accuracy", source=self._networks, color=quiet, size=5)
        plot.line("value", "accuracy", source=self._means, line_color=strong, line_width=2.2, name="mean")
        means = plot.scatter("value", "accuracy", source=self._means, color=strong, size=6, name="mean")
        for glyphs, what in ((dots, "seed @seed"), (means, "mean")):
            plot.add_tools(hover(glyphs, "@value", what, "test accuracy @accuracy{0.00%}"))
        return plot

    def draw(self, sweep: SweepSnapshot) -> None:
        """Draw the results that ``sweep`` has so far."""
        assert sweep.plan is not None
        rows = [(shown(value), outcomes) for value, outcomes in sweep.rows()]
        networks = [
            (value, seed, outcome.accuracy)
            for value, outcomes in rows
            for seed, outcome in zip(sweep.plan.seeds, outcomes, strict=True)
            if isinstance(outcome, JobResult)
        ]
        means = [
            (value, known.mean, known.low, known.high)
            for value, outcomes in rows
            if (known := summary(outcomes))
        ]
        self._values.factors = [value for value, _outcomes in rows]
        self._fit([end for _value, _mean, low, high in means for end in (low, high)])
        self._legend.object = legend(sweep.plan.single)
        self._networks.data = _columns(("value", "seed", "accuracy"), networks)
        self._means.data = _columns(("value", "accuracy", "low", "high"), means)

    def _fit(self, accuracies: list[float]) -> None:
        """Set the range to hold all ``accuracies`` with some room, on whole per cent."""
        low, high = min(accuracies, default=0.0), max(accuracies, default=1.0)
        room = max(0.005, (high - low) / 10)
        self._accuracies.update(
            start=max(0.0, math.floor(100 * (low - room)) / 100),
            end=min(1.0, math.ceil(100 * (high + room)) / 100),
        )

    def _recolour(self, _event: Any) -> None:
        """Give the dots and lines the colours of the theme."""
        for renderer in self._plot.renderers:
            colour = (TEST if renderer.name == "mean" else TRAINING)[self._state.dark]
            renderer.glyph.line_color = colour
            if hasattr(renderer.glyph, "fill_color"):
                renderer.glyph.fill_color = colour

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(
            self._legend,
            pn.pane.Bokeh(self._plot, sizing_mode="stretch_width", margin=0),
            **WIDE | {"css_classes": ["sweep-plot"]},
        )


def _columns(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """Return rows as a mapping from column name to values."""
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}
