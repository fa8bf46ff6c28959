"""The learning curves: accuracy and loss by epochs, of training and test, earlier runs as pale lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import panel as pn
from bokeh.models import (
    BasicTicker,
    ColumnDataSource,
    HoverTool,
    LogTicker,
    NumeralTickFormatter,
    Range1d,
)
from bokeh.models.annotations import Span
from bokeh.plotting import figure

from web.explanations import EXPLANATIONS
from web.lab import Lab
from web.runs import RunRecord
from web.snapshot import Snapshot
from web.views.controls import LOOK, WIDE, button

TEST = {False: "#4338ca", True: "#a5a0ff"}  # light, dark: the accent
TRAINING = {False: "#5d5a6b", True: "#a5a2b5"}  # soft text
EARLIER = {False: "#b9b2a6", True: "#55536a"}  # faint
MARK = {False: "#1b1a28", True: "#ece9f2"}  # ink: the moment that is shown
COLOURS = {"test": TEST, "training": TRAINING, "earlier": EARLIER}
MOST_EARLIER = 6
COLUMNS = ("accuracy", "loss")

SHEETS = [LOOK, "./look/train.css"]
DRESSED = WIDE | {"stylesheets": SHEETS}

# Bokeh's tooltip is white whatever the theme: the text brings its own ground along.
TIP = (
    "margin:-6px -12px;padding:6px 10px;background:var(--card);color:var(--ink);border-radius:3px;"
    "font:12px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums"
)


def hover(lines: Any, *words: str) -> HoverTool:
    """A few lines of plain text beside what is pointed at; ``@name`` stands for a column's value there."""
    return HoverTool(
        renderers=[lines], mode="mouse", tooltips=f'<div style="{TIP}">{"<br>".join(words)}</div>'
    )


def curve_figure(name: str, height: int, **params: Any) -> Any:
    """An empty plot, called ``name``, in the page's dress: a few grey lines, no toolbar, colours of axes and
    text from ``look/page.css``."""
    plot = figure(
        height=height,
        html_attributes={"role": "group", "aria-label": name},  # the Tab key comes by
        sizing_mode="stretch_width",
        toolbar_location=None,
        tools="",
        min_border=2,
        min_border_left=46,  # as wide as its numbers, so that plots above one another line up
        background_fill_alpha=0,
        border_fill_alpha=0,
        outline_line_alpha=0,
        # Bokeh clears its canvas from half a pixel on: what it draws at its left edge while it is laid out
        # anew, as when a phone's address bar goes away, would stay there.
        styles={"clip-path": "inset(-400px -400px -400px 2px)"},
        **params,
    )
    plot.xgrid.visible = False
    for axis in (plot.xaxis, plot.yaxis):
        axis.axis_line_alpha = axis.major_tick_line_alpha = axis.minor_tick_line_alpha = 0
        axis.major_label_text_font_size = "11px"
        axis.ticker = BasicTicker(desired_num_ticks=4)
    return plot


def rounded_up(epochs: float) -> int:
    """The whole number of epochs that an axis ends with: any up to 5, up to 10 every second, up to 20 every
    fourth, and so on. A fast network passes two in a second, and a new end draws the plot anew."""
    step = 2 ** max(0, math.floor(math.log2(max(epochs, 1) / 5)) + 1)
    return step * math.ceil(max(epochs, 1) / step)


class CurvesView(pn.viewable.Viewer):
    """Three plots over one axis of epochs: accuracy, and loss on a linear and on a logarithmic scale, of
    which one is seen."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._state = lab.state
        self._learning = {name: ColumnDataSource({"epoch": [], name: []}) for name in COLUMNS}
        self._tests = {name: ColumnDataSource({"epoch": [], name: []}) for name in COLUMNS}
        self._drawn = dict.fromkeys(COLUMNS, Snapshot())
        self._turn = 0
        self._earlier = ColumnDataSource({"epoch": [], "loss": [], "accuracy": [], "name": []})
        # Ranges are set from Python: Bokeh's own, which follow the data, complain while there is none.
        # Each plot has its own, though both show the same epochs: a range in common would draw both at once.
        self._epochs = {name: Range1d(start=0, end=1) for name in COLUMNS}
        self._accuracies = Range1d(start=0, end=1)
        self._losses, self._log_losses = Range1d(start=0, end=1), Range1d(start=0.01, end=10)
        self._accuracy = self._plot("accuracy", 142, y_range=self._accuracies)
        self._accuracy.yaxis.formatter = NumeralTickFormatter(format="0%")
        self._accuracy.xaxis.visible = False
        self._loss = self._plot("loss", 124, y_range=self._losses)
        self._loss_pane = pn.pane.Bokeh(self._loss, sizing_mode="stretch_width", margin=0)
        self._log_pane: pn.pane.Bokeh | None = None  # made when somebody asks for it
        self._plots = [self._accuracy, self._loss]
        self._room = pn.Column(self._loss_pane, **WIDE)
        self._scale = button("Log scale", "loss-scale", self._choose_scale, EXPLANATIONS["loss_scale"])
        self._scale.stylesheets = [*self._scale.stylesheets, "./look/train.css"]
        self._legend = pn.pane.HTML(legend(earlier=False), **DRESSED)
        self._shown = Snapshot()
        self._drawn_runs: list[RunRecord] = []
        self._state.param.watch(self._show, "snapshot")
        self._state.param.watch(self._show_scale, "loss_scale")
        self._state.param.watch(self._recolour, "dark")

    def _plot(self, column: str, height: int, **params: Any) -> Any:
        plot = curve_figure(
            f"{column.capitalize()} by epochs", height, x_range=self._epochs[column], **params
        )
        dark = self._state.dark
        earlier = plot.multi_line(
            "epoch", column, source=self._earlier, line_color=EARLIER[dark], line_width=1.5, name="earlier"
        )
        training = plot.line(
            "epoch", column, source=self._learning[column], line_color=TRAINING[dark], line_width=1.2,
            line_alpha=0.8, name="training",
        )  # fmt: skip
        tests = self._tests[column]
        plot.line("epoch", column, source=tests, line_color=TEST[dark], line_width=2.2, name="test")
        dots = plot.scatter("epoch", column, source=tests, color=TEST[dark], size=4, name="test")
        number = "0.00%" if column == "accuracy" else "0.0000"
        for lines, what in ((training, "training"), (dots, "test")):
            plot.add_tools(hover(lines, what, "epoch @epoch{0.00}", f"{column} @{column}{{{number}}}"))
        plot.add_tools(hover(earlier, "earlier", "@name"))
        plot.add_layout(
            Span(dimension="height", location=0, line_color=MARK[dark], line_width=1, visible=False)
        )
        return plot

    # --- following the snapshots

    def _show(self, _event: Any) -> None:
        snapshot, before = self._state.snapshot, self._shown
        self._shown = snapshot
        earlier = earlier_runs(self._state.runs, snapshot.run)
        self._turn += 1
        for place, name in enumerate(COLUMNS):
            # While it trains the two plots take turns: drawing both at once would be the page's longest task.
            if not snapshot.running or (self._turn + place) % 2 == 0:
                self._fit(name, snapshot, earlier)
                self._draw(name, snapshot)
        if earlier != self._drawn_runs:
            self._drawn_runs = earlier
            self._draw_earlier(earlier)
        if snapshot.rewound != before.rewound:
            self._mark(snapshot)

    def _draw(self, name: str, snapshot: Snapshot) -> None:
        """Bring the curves of ``name`` up to ``snapshot``."""
        before, self._drawn[name] = self._drawn[name], snapshot
        if snapshot.learning is not before.learning:
            points = snapshot.learning
            self._learning[name].data = {
                "epoch": [point.epoch for point in points],
                name: [getattr(point, name) for point in points],
            }
        if snapshot.evaluations is not before.evaluations:
            passes = snapshot.evaluations
            self._tests[name].data = {
                "epoch": [measured.epoch for measured in passes],
                name: [getattr(measured, f"test_{name}") for measured in passes],
            }

    def _draw_earlier(self, runs: list[RunRecord]) -> None:
        curves = [run.evaluations for run in runs]
        self._earlier.data = {
            "epoch": [[e.epoch for e in curve] for curve in curves],
            "loss": [[e.test_loss for e in curve] for curve in curves],
            "accuracy": [[e.test_accuracy for e in curve] for curve in curves],
            "name": [run.name for run in runs],
        }
        self._legend.object = legend(earlier=bool(runs))

    def _mark(self, snapshot: Snapshot) -> None:
        """A line at the moment of the past that is shown."""
        for plot in self._plots:
            for span in plot.select({"type": Span}):
                span.update(
                    location=snapshot.epoch + snapshot.epoch_progress, visible=snapshot.rewound is not None
                )

    def _fit(self, name: str, snapshot: Snapshot, earlier: list[RunRecord]) -> None:
        """Ranges that hold all points, on whole steps, so that axes don't twitch with every snapshot."""
        points, tests = snapshot.learning, snapshot.evaluations
        ends = [points[-1].epoch] if points else []
        ends += [run.evaluations[-1].epoch for run in earlier]
        self._epochs[name].end = rounded_up(max(ends, default=1))
        if name == "accuracy":
            # Once it reads well, the last fifth is where the difference is.
            recent = points[len(points) // 2 :]
            reads_well = bool(recent) and min(point.accuracy for point in recent) > 0.85
            self._accuracies.start = 0.8 if reads_well else 0
            return
        losses = [point.loss for point in points] + [e.test_loss for e in tests]
        highest, lowest = max(losses, default=1.0), min(losses, default=0.01)
        self._losses.end = max(0.1, math.ceil(10 * highest) / 10)
        low, high = max(lowest, 1e-6), max(highest, 1e-5)
        self._log_losses.update(
            start=10 ** (math.floor(2 * math.log10(low)) / 2), end=10 ** (math.ceil(2 * math.log10(high)) / 2)
        )

    # --- what the learner chooses

    def _choose_scale(self) -> None:
        self._state.loss_scale = "linear" if self._state.loss_scale == "log" else "log"

    def _show_scale(self, _event: Any) -> None:
        log = self._state.loss_scale == "log"
        self._scale.name = "Linear scale" if log else "Log scale"
        if log and self._log_pane is None:
            plot = self._plot("loss", 124, y_range=self._log_losses, y_axis_type="log")
            plot.yaxis.ticker = plot.ygrid.ticker = LogTicker(desired_num_ticks=4, mantissas=[1, 3])
            plot.yaxis.formatter = NumeralTickFormatter(format="0.[00000]")
            self._plots.append(plot)
            self._mark(self._shown)
            self._log_pane = pn.pane.Bokeh(plot, sizing_mode="stretch_width", margin=0)
        self._room[:] = [self._log_pane if log else self._loss_pane]

    def _recolour(self, _event: Any) -> None:
        dark = self._state.dark
        for plot in self._plots:
            for renderer in plot.renderers:
                colour = COLOURS[renderer.name][dark]
                renderer.glyph.line_color = colour
                if hasattr(renderer.glyph, "fill_color"):
                    renderer.glyph.fill_color = colour
            for span in plot.select({"type": Span}):
                span.line_color = MARK[dark]

    def __panel__(self) -> pn.viewable.Viewable:
        title = '<p class="plot-title"><b>Loss</b>by epochs</p>'
        loss = pn.pane.HTML(title, **DRESSED | {"sizing_mode": None})
        return pn.Column(
            self._legend,
            pn.pane.Bokeh(self._accuracy, sizing_mode="stretch_width", margin=0),
            pn.Row(loss, self._scale, css_classes=["loss-head"], **DRESSED),
            self._room,
            **WIDE,
        )


def earlier_runs(runs: Sequence[RunRecord], present: int) -> list[RunRecord]:
    """The newest of the other runs that have a curve, at most ``MOST_EARLIER``."""
    return [run for run in runs if run.number != present and len(run.evaluations) > 1][-MOST_EARLIER:]


def legend(earlier: bool) -> str:
    """What the colours mean, as HTML."""
    lines = '<i class="test"></i>test<i class="training"></i>training, mean of the mini-batches'
    if earlier:
        lines += '<i class="earlier"></i>earlier runs, test'
    return f'<p class="plot-title"><b>Accuracy</b>{lines}</p>'
