"""Learning: the buttons, four measures, and the curves of loss and accuracy."""

from __future__ import annotations

import math
from typing import Any

import panel as pn
from bokeh.models import BasicTicker, ColumnDataSource, HoverTool, NumeralTickFormatter, Range1d
from bokeh.plotting import figure

from web.lab import Lab
from web.snapshot import Snapshot
from web.views.controls import WIDE, button, wrapping_row

TEST = {False: "#4338ca", True: "#a5a0ff"}  # light, dark: the accent
TRAINING = {False: "#5d5a6b", True: "#a5a2b5"}  # soft text


def measures(snapshot: Snapshot) -> str:
    """The four numbers and the bar of the epoch, as HTML; the texts that others read are the spans of class
    lab-metric-*."""
    evaluation = snapshot.evaluation
    loss = "–" if snapshot.loss is None else f"{snapshot.loss:.4f}"
    test = train = "–"
    spread = "%"
    if evaluation:
        low, high = evaluation.interval
        test, train = f"{100 * evaluation.test_accuracy:.2f}", f"{100 * evaluation.train_accuracy:.2f}"
        spread = f"% ± {50 * (high - low):.2f}"
    return f"""
      <dl class="measures">
        <div><dt>Epoch</dt><dd><span class="lab-metric-epoch">{snapshot.epoch}</span></dd></div>
        <div><dt>Seen</dt><dd><span class="lab-metric-samples">{snapshot.samples:,}</span></dd></div>
        <div><dt>Loss</dt><dd><span class="lab-metric-loss">{loss}</span></dd></div>
        <div><dt>Training accuracy</dt>
          <dd><span class="lab-metric-train-accuracy">{train}</span> <small>%</small></dd></div>
        <div><dt>Test accuracy</dt>
          <dd><span class="lab-metric-test-accuracy">{test}</span> <small>{spread}</small></dd></div>
      </dl>
      <div class="epoch-bar"><i style="width:{100 * snapshot.epoch_progress:.1f}%"></i></div>"""


def speed(snapshot: Snapshot) -> str:
    """Images a second while it trains, as HTML; otherwise nothing."""
    if snapshot.images_per_second is None:
        return '<p class="speed"><span class="lab-metric-speed"></span></p>'
    number = f'<span class="lab-metric-speed">{snapshot.images_per_second:,.0f}</span>'
    return f'<p class="speed">{number} images a second</p>'


def curve_figure(height: int, **params: Any) -> Any:
    """An empty plot in the page's dress: a few grey lines, no toolbar, colours of axes and text from
    ``look/page.css``."""
    plot = figure(
        height=height,
        sizing_mode="stretch_width",
        toolbar_location=None,
        tools="",
        min_border=2,
        background_fill_alpha=0,
        border_fill_alpha=0,
        outline_line_alpha=0,
        **params,
    )
    plot.xgrid.visible = False
    for axis in (plot.xaxis, plot.yaxis):
        axis.axis_line_alpha = axis.major_tick_line_alpha = axis.minor_tick_line_alpha = 0
        axis.major_label_text_font_size = "11px"
        axis.ticker = BasicTicker(desired_num_ticks=4)
    return plot


class TrainView(pn.viewable.Viewer):
    """Redrawn from each snapshot: the numbers as text, the curves as two column data sources."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        state, runner = lab.state, lab.runner
        self._state = state

        def play() -> None:
            state.running = True

        def pause() -> None:
            state.running = False

        self._play = button("▶  Train", "play", play, "Train until you pause (nothing is lost)", primary=True)
        self._pause = button(
            "❚❚  Pause",
            "pause",
            pause,
            "Pause; the network keeps what it learned",
            primary=True,
            visible=False,
        )
        self._speed = pn.pane.HTML(speed(state.snapshot), **WIDE | {"sizing_mode": None})
        self._buttons = wrapping_row(
            self._play,
            self._pause,
            button("Step", "step", runner.step, "Train one mini-batch"),
            button("Epoch", "epoch", runner.epoch, "Train to the end of this epoch, then measure"),
            button("Reset", "reset", runner.reset, "Begin again from the same first weights; can be undone"),
            self._speed,
        )
        self._measures = pn.pane.HTML(measures(state.snapshot), **WIDE)
        self._learning = ColumnDataSource({"epoch": [], "loss": [], "accuracy": []})
        self._evaluations = ColumnDataSource({"epoch": [], "loss": [], "accuracy": []})
        # Ranges are set from Python: Bokeh's own, which follow the data, complain while there is none.
        self._accuracies = Range1d(start=0, end=1)
        self._epochs, self._losses = Range1d(start=0, end=1), Range1d(start=0, end=1)
        self._accuracy_plot = self._plot("accuracy", 150, x_range=self._epochs, y_range=self._accuracies)
        self._accuracy_plot.yaxis.formatter = NumeralTickFormatter(format="0%")
        self._loss_plot = self._plot("loss", 130, x_range=self._epochs, y_range=self._losses)
        self._accuracy_plot.xaxis.visible = False
        self._shown: Snapshot = Snapshot()
        state.param.watch(self._show, "snapshot")
        state.param.watch(self._recolour, "dark")

    def _plot(self, column: str, height: int, **params: Any) -> Any:
        plot = curve_figure(height, **params)
        dark = self._state.dark
        training = plot.line(
            "epoch",
            column,
            source=self._learning,
            line_color=TRAINING[dark],
            line_width=1.2,
            line_alpha=0.8,
            name="training",
        )
        plot.line(
            "epoch", column, source=self._evaluations, line_color=TEST[dark], line_width=2.2, name="test"
        )
        dots = plot.scatter("epoch", column, source=self._evaluations, color=TEST[dark], size=4, name="test")
        number = "0.00%" if column == "accuracy" else "0.0000"
        for lines, what in ((training, "training"), (dots, "test")):
            plot.add_tools(
                HoverTool(
                    renderers=[lines],
                    mode="mouse",
                    tooltips=[("", f"{what}"), ("epoch", "@epoch{0.00}"), (column, f"@{column}{{{number}}}")],
                )
            )
        return plot

    def _recolour(self, _event: Any) -> None:
        for plot in (self._accuracy_plot, self._loss_plot):
            for renderer in plot.renderers:
                colour = (TEST if renderer.name == "test" else TRAINING)[self._state.dark]
                renderer.glyph.line_color = colour
                if hasattr(renderer.glyph, "fill_color"):
                    renderer.glyph.fill_color = colour

    def _show(self, _event: Any) -> None:
        snapshot, before = self._state.snapshot, self._shown
        self._shown = snapshot
        self._fit(snapshot)
        self._measures.object = measures(snapshot)
        self._speed.object = speed(snapshot)
        self._play.visible, self._pause.visible = not snapshot.running, snapshot.running
        if snapshot.learning != before.learning:
            points = snapshot.learning
            self._learning.data = {
                "epoch": [p.epoch for p in points],
                "loss": [p.loss for p in points],
                "accuracy": [p.accuracy for p in points],
            }
        if snapshot.evaluations != before.evaluations:
            passes = snapshot.evaluations
            self._evaluations.data = {
                "epoch": [e.epoch for e in passes],
                "loss": [e.test_loss for e in passes],
                "accuracy": [e.test_accuracy for e in passes],
            }

    def _fit(self, snapshot: Snapshot) -> None:
        """Ranges that hold all points, on whole steps, so that axes don't twitch with every snapshot."""
        points = snapshot.learning
        # Once it reads well, the last fifth is where the difference is.
        recent = points[len(points) // 2 :]
        reads_well = bool(recent) and min(point.accuracy for point in recent) > 0.85
        self._accuracies.start = 0.8 if reads_well else 0
        highest = max((point.loss for point in points), default=1.0)
        self._epochs.end = max(1, math.ceil(points[-1].epoch)) if points else 1
        self._losses.end = max(0.1, math.ceil(10 * highest) / 10)

    def __panel__(self) -> pn.viewable.Viewable:
        legend = '<i class="test"></i>test<i class="training"></i>training, mean of the mini-batches'
        return pn.Column(
            self._buttons,
            self._measures,
            pn.pane.HTML(f'<p class="plot-title"><b>Accuracy</b>{legend}</p>', **WIDE),
            pn.pane.Bokeh(self._accuracy_plot, sizing_mode="stretch_width", margin=0),
            pn.pane.HTML('<p class="plot-title"><b>Loss</b>by epochs</p>', **WIDE),
            pn.pane.Bokeh(self._loss_plot, sizing_mode="stretch_width", margin=0),
            **WIDE,
        )
