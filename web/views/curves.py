"""Draws the learning curves: training and test accuracy and loss over epochs.

Earlier runs are pale lines behind the present one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import panel as pn
from bokeh.events import DoubleTap, RangesUpdate
from bokeh.models import (
    BasicTicker,
    BoxZoomTool,
    ColumnDataSource,
    HoverTool,
    LogTicker,
    NumeralTickFormatter,
    Range1d,
)
from bokeh.models.annotations import Span
from bokeh.plotting import figure

from web.lab import Lab
from web.runs.run_log import RunSummary
from web.state.choices_table import CHOICES
from web.state.snapshot import Snapshot
from web.views.controls import LOOK, WIDE, button, put_away
from web.views.curve_ranges import (
    accuracy_span,
    fitting,
    later_half,
    log_loss_span,
    loss_span,
    points_within,
    whole_run,
)

TEST = {False: "#4338ca", True: "#a5a0ff"}  # light, dark: the accent
TRAINING = {False: "#5d5a6b", True: "#a5a2b5"}  # soft text
EARLIER = {False: "#b9b2a6", True: "#55536a"}  # faint
MARK = {False: "#1b1a28", True: "#ece9f2"}  # ink: the moment shown after rewinding
COLOURS = {"test": TEST, "training": TRAINING, "earlier": EARLIER}
MOST_EARLIER = 6
COLUMNS = ("accuracy", "loss")

ZOOM_IN = "Show the later half in both plots, with scales to fit. Or drag across a plot."
ZOOM_OUT = "Show the whole run again. A double click on a plot does so too."

SHEETS = [LOOK, "./look/train.css"]
DRESSED = WIDE | {"stylesheets": SHEETS}

# Bokeh's tooltip is white in both themes, so the text sets its own background.
TIP = (
    "margin:-6px -12px;padding:6px 10px;background:var(--card);color:var(--ink);border-radius:3px;"
    "font:calc(12px * var(--size, 1))/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums"
)

# Bokeh measures in the window's pixels, so the page's own zoom is undone here, and these rules make the plots
# grow with it instead. (boot/page/plots.js does the same for the parts that no style sheet reaches.)
SIZED = """:host {{
  --height: calc({height}px * var(--size, 1) * var(--plots, 1)); height: var(--height) !important;
  flex-basis: var(--height) !important; zoom: calc(1 / var(--size, 1));
}}"""


def hover(lines: Any, *words: str) -> HoverTool:
    """Make a tooltip of a few lines of plain text; ``@name`` stands for the value of that column."""
    return HoverTool(
        renderers=[lines], mode="mouse", tooltips=f'<div style="{TIP}">{"<br>".join(words)}</div>'
    )


def curve_figure(name: str, height: int, **params: Any) -> Any:
    """Make an empty plot called ``name`` in the page's style.

    It has a few grey lines and no toolbar; the colours of axes and text come from ``look/page.css``.
    ``height`` is in pixels, and ``params`` go to Bokeh's ``figure``.
    """
    plot = figure(
        height=height,
        html_attributes={"role": "group", "aria-label": name},  # the Tab key reaches it
        sizing_mode="stretch_width",
        toolbar_location=None,
        tools="",
        min_border=2,
        min_border_left=46,  # as wide as the numbers, so that plots above one another line up
        background_fill_alpha=0,
        border_fill_alpha=0,
        outline_line_alpha=0,
        # Bokeh clears its canvas from half a pixel on: a line that it draws at its left edge during a new
        # layout, as when a phone's address bar disappears, would stay there.
        styles={"clip-path": "inset(-400px -400px -400px 2px)"},
        stylesheets=[SIZED.format(height=height)],
        **params,
    )
    plot.xgrid.visible = False
    for axis in (plot.xaxis, plot.yaxis):
        axis.axis_line_alpha = axis.major_tick_line_alpha = axis.minor_tick_line_alpha = 0
        axis.major_label_text_font_size = "11px"
        axis.ticker = BasicTicker(desired_num_ticks=4)
    return plot


def label_epochs(plot: Any) -> None:
    """Label the horizontal axis as epochs."""
    plot.xaxis.update(
        axis_label="epochs", axis_label_text_font_size="11px", axis_label_text_font_style="normal",
        axis_label_standoff=0, major_label_standoff=2,
    )  # fmt: skip


class CurvesView(pn.viewable.Viewer):
    """The plots of accuracy and loss over epochs; the loss on a linear or on a logarithmic scale.

    They show the present run from its beginning to now, or with "All runs" the earlier ones to their end. A
    drag across a plot, or "Zoom in", shows a part of that in both plots, with scales that fit it.
    """

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._state = lab.state
        self._learning = {name: ColumnDataSource({"epoch": [], name: []}) for name in COLUMNS}
        self._tests = {name: ColumnDataSource({"epoch": [], name: []}) for name in COLUMNS}
        self._drawn = dict.fromkeys(COLUMNS, Snapshot())
        self._turn = 0
        self._earlier = ColumnDataSource({"epoch": [], "loss": [], "accuracy": [], "name": []})
        # Ranges are set from Python: Bokeh's own, which follow the data, log warnings while there is none.
        # Each plot has its own, though both show the same epochs: a shared range would draw both at once.
        self._epochs = {name: Range1d(start=0, end=1) for name in COLUMNS}
        self._accuracies = Range1d(start=0, end=1)
        self._losses, self._log_losses = Range1d(start=0, end=1), Range1d(start=0.01, end=10)
        self._accuracy = self._plot("accuracy", 130, y_range=self._accuracies)
        self._accuracy.yaxis.formatter = NumeralTickFormatter(format="0%")
        self._accuracy.xaxis.visible = False
        self._loss = self._plot("loss", 131, y_range=self._losses)
        self._loss_pane = pn.pane.Bokeh(self._loss, sizing_mode="stretch_width", margin=0)
        self._log_pane: pn.pane.Bokeh | None = None  # made at the first press on "Log scale"
        self._plots = [self._accuracy, self._loss]
        self._zoomed: tuple[float, float] | None = None  # the epochs that the learner zoomed to
        self._span: tuple[float, float] = (0, 1)  # the epochs that are shown
        self._room = pn.Column(self._loss_pane, **WIDE)
        self._scale = small_button(
            "Log scale", "loss-scale", self._choose_scale, CHOICES["loss_scale"].sentence
        )
        self._zoom_in = small_button("Zoom in", "zoom-in", self._show_later_half, ZOOM_IN)
        self._zoom_out = small_button("Zoom out", "zoom-out", self._show_whole, ZOOM_OUT)
        self._zoom_out.disabled = True
        self._all = small_button("All runs", "all-runs", self._choose_runs, CHOICES["runs_shown"].sentence)
        put_away(self._all, True)
        self._legend = pn.pane.HTML(legend(earlier=False), **DRESSED)
        self._shown = Snapshot()
        self._drawn_runs: list[RunSummary] = []
        self._state.param.watch(self._show, "snapshot")
        self._state.param.watch(self._show_scale, "loss_scale")
        self._state.param.watch(self._show_runs, "runs_shown")
        self._state.param.watch(self._recolour, "dark")

    def _plot(self, column: str, height: int, **params: Any) -> Any:
        """Make the plot of ``column``, with its lines, tooltips and zoom."""
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
        plot.add_tools(BoxZoomTool(dimensions="width"))
        plot.on_event(RangesUpdate, lambda event: self._zoom((event.x0, event.x1)))
        plot.on_event(DoubleTap, lambda _event: self._zoom(None))
        if column == "loss":
            label_epochs(plot)
        return plot

    # --- following the snapshots

    def _show(self, _event: Any) -> None:
        """Draw the changes of the new snapshot."""
        snapshot, before = self._state.snapshot, self._shown
        self._shown = snapshot
        earlier = earlier_runs(self._state.runs, snapshot.run)
        if snapshot.run != before.run:
            self._forget_zoom()
        self._turn += 1
        for place, name in enumerate(COLUMNS):
            # During training the two plots alternate: drawing both at once would be the page's longest task.
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

    def _draw_earlier(self, runs: list[RunSummary]) -> None:
        """Draw the earlier runs."""
        curves = [run.evaluations for run in runs]
        self._earlier.data = {
            "epoch": [[e.epoch for e in curve] for curve in curves],
            "loss": [[e.test_loss for e in curve] for curve in curves],
            "accuracy": [[e.test_accuracy for e in curve] for curve in curves],
            "name": [run.name for run in runs],
        }
        self._legend.object = legend(earlier=bool(runs))
        put_away(self._all, not runs)

    def _mark(self, snapshot: Snapshot) -> None:
        """Draw a vertical line at the moment shown after rewinding."""
        for plot in self._plots:
            for span in plot.select({"type": Span}):
                span.update(
                    location=snapshot.epoch + snapshot.epoch_progress, visible=snapshot.rewound is not None
                )

    def _fit(self, name: str, snapshot: Snapshot, earlier: list[RunSummary]) -> None:
        """Set the ranges of the plot ``name``.

        For the whole run they hold all points and end on whole steps, so that the axes do not change with
        every snapshot. After zooming they fit the part that is shown.
        """
        whole = whole_run(snapshot, earlier, self._state.runs_shown == "all")
        self._span = start, end = self._zoomed or whole
        self._epochs[name].update(start=start, end=end)
        seen = points_within(snapshot, name, (start, end) if self._zoomed else (0, whole[1]))
        if name == "accuracy":
            low, high = accuracy_span(snapshot)
            if self._zoomed:
                low, high = fitting(seen, (low, high), 0.002, (0, 1))
            self._accuracies.update(start=low, end=high)
            return
        low, high = loss_span(seen)
        if self._zoomed:
            low, high = fitting(seen, (low, high), 0.0005, (0, high))
        self._losses.update(start=low, end=high)
        low, high = log_loss_span(seen)
        self._log_losses.update(start=low, end=high)

    def _fit_all(self) -> None:
        """Set the ranges of both plots at once, without waiting for the next snapshot."""
        for name in COLUMNS:
            self._fit(name, self._shown, self._drawn_runs)

    # --- the learner's choices

    def _zoom(self, epochs: tuple[float, float] | None) -> None:
        """Show these epochs in both plots; None for the whole run."""
        self._zoomed = epochs
        self._zoom_out.disabled = epochs is None
        self._fit_all()

    def _show_later_half(self) -> None:
        self._zoom(later_half(self._span, self._shown))

    def _show_whole(self) -> None:
        self._zoom(None)

    def _forget_zoom(self) -> None:
        """Forget the zoomed part, because another run is shown."""
        self._zoomed = None
        self._zoom_out.disabled = True

    def _choose_runs(self) -> None:
        self._state.choose(runs_shown="this" if self._state.runs_shown == "all" else "all")

    def _show_runs(self, _event: Any) -> None:
        """Show this run or all runs, as chosen."""
        self._all.name = "This run" if self._state.runs_shown == "all" else "All runs"
        self._show_whole()

    def _choose_scale(self) -> None:
        self._state.choose(loss_scale="linear" if self._state.loss_scale == "log" else "log")

    def _show_scale(self, _event: Any) -> None:
        """Show the plot of the loss with the chosen scale; the logarithmic one is made at its first use."""
        log = self._state.loss_scale == "log"
        self._scale.name = "Linear scale" if log else "Log scale"
        if log and self._log_pane is None:
            plot = self._plot("loss", 131, y_range=self._log_losses, y_axis_type="log")
            plot.yaxis.ticker = plot.ygrid.ticker = LogTicker(desired_num_ticks=4, mantissas=[1, 3])
            plot.yaxis.formatter = NumeralTickFormatter(format="0.[00000]")
            self._plots.append(plot)
            self._mark(self._shown)
            self._log_pane = pn.pane.Bokeh(plot, sizing_mode="stretch_width", margin=0)
        self._room[:] = [self._log_pane if log else self._loss_pane]

    def _recolour(self, _event: Any) -> None:
        """Give the lines the colours of the theme."""
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
        title = '<p class="plot-title"><b>Loss</b></p>'
        loss = pn.pane.HTML(title, **DRESSED | {"sizing_mode": None, "css_classes": ["plot-name"]})
        return pn.Column(
            self._legend,
            pn.pane.Bokeh(self._accuracy, sizing_mode="stretch_width", margin=0),
            pn.Row(
                *(loss, self._zoom_in, self._zoom_out, self._all, self._scale),
                css_classes=["loss-head"],
                **DRESSED,
            ),
            self._room,
            **WIDE,
        )


def small_button(label: str, name: str, act: Callable[[], Any], says: str) -> pn.widgets.Button:
    """Make a button for the line between the two plots."""
    made = button(label, name, act, says)
    made.stylesheets = [*made.stylesheets, "./look/train.css"]
    made.css_classes = [*made.css_classes, "small"]
    return made


def earlier_runs(runs: Sequence[RunSummary], present: int) -> list[RunSummary]:
    """Return the newest of the other runs that have a curve, at most ``MOST_EARLIER``."""
    return [run for run in runs if run.number != present and len(run.evaluations) > 1][-MOST_EARLIER:]


def legend(earlier: bool) -> str:
    """Return the meaning of the colours as HTML."""
    lines = '<i class="test"></i>test<i class="training"></i>training, mean of the mini-batches'
    if earlier:
        lines += '<i class="earlier"></i>earlier runs, test'
    return f'<p class="plot-title"><b>Accuracy</b>{lines}</p>'
