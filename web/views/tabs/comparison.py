"""Draws the curves of two runs in one plot: the first solid, the second dashed."""

from __future__ import annotations

from html import escape
from typing import Any

import panel as pn
from bokeh.models import ColumnDataSource, NumeralTickFormatter, Range1d

from web.lab import Lab
from web.runs.run_log import RunSummary
from web.views.controls import WIDE
from web.views.curve_ranges import compared_spans
from web.views.curves import TEST, TRAINING, curve_figure, hover, label_epochs

STYLES = (("first", TEST, "solid"), ("second", TRAINING, "dashed"))


class ComparedCurves(pn.viewable.Viewer):
    """Test accuracy and loss of two runs over epochs."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._state = lab.state
        empty: dict[str, list[Any]] = {"epoch": [], "accuracy": [], "loss": []}
        self._sources = [ColumnDataSource(empty), ColumnDataSource(empty)]
        self._epochs = Range1d(start=0, end=1)
        self._ranges = {"accuracy": Range1d(start=0, end=1), "loss": Range1d(start=0, end=1)}
        self._plots = [self._plot("accuracy", "0.00%"), self._plot("loss", "0.0000")]
        self._plots[0].yaxis.formatter = NumeralTickFormatter(format="0.[0]%")
        self._plots[0].xaxis.visible = False
        label_epochs(self._plots[1])
        self._legend = pn.pane.HTML("", **WIDE)
        self._panes = [pn.pane.Bokeh(plot, sizing_mode="stretch_width", margin=0) for plot in self._plots]
        self._state.param.watch(self._recolour, "dark")

    def _plot(self, column: str, number: str) -> Any:
        """Make the plot of ``column``, with ``number`` as the format of its values."""
        plot = curve_figure(
            f"Test {column} by epochs", 150, x_range=self._epochs, y_range=self._ranges[column]
        )
        for source, (name, colours, dash) in zip(self._sources, STYLES, strict=True):
            line = plot.line(
                "epoch", column, source=source, line_color=colours[self._state.dark], line_dash=dash,
                line_width=1.8, name=name,
            )  # fmt: skip
            plot.add_tools(hover(line, name, "epoch @epoch{0.00}", f"{column} @{column}{{{number}}}"))
        return plot

    def draw(self, first: RunSummary, second: RunSummary) -> None:
        """Draw the curves of these two runs."""
        for source, record in zip(self._sources, (first, second), strict=True):
            points = record.evaluations
            source.data = {
                "epoch": [point.epoch for point in points],
                "accuracy": [point.test_accuracy for point in points],
                "loss": [point.test_loss for point in points],
            }
        spans = compared_spans(first, second)
        for axis, name in ((self._epochs, "epochs"), *((self._ranges[name], name) for name in self._ranges)):
            start, end = spans[name]
            axis.update(start=start, end=end)
        without = [record.name for record in (first, second) if len(record.evaluations) < 2]
        note = f" (no curve of {escape(' or '.join(without))})" if without else ""
        for pane in self._panes:
            pane.visible = len(without) < 2
        names = f"{escape(first.name)}, solid; {escape(second.name)}, dashed{note}"
        self._legend.object = f'<p class="plot-title"><b>Test accuracy and loss</b>{names}</p>'

    def _recolour(self, _event: Any) -> None:
        """Give the lines the colours of the theme."""
        colours = {name: colour for name, colour, _dash in STYLES}
        for plot in self._plots:
            for renderer in plot.renderers:
                renderer.glyph.line_color = colours[renderer.name][self._state.dark]

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(self._legend, *self._panes, **WIDE | {"css_classes": ["sweep-plot"]})
