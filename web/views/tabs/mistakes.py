"""Shows the tab *Mistakes*: the confusion matrix of the test digits, and the digits behind each number.

The numbers come from the measurements that the runner makes anyway; the tab starts no reading of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import panel as pn

from web.components.confusion import ConfusionMatrix
from web.components.gallery import Gallery
from web.lab import Lab
from web.state.misread_digits import Cell, chosen, counts
from web.state.resizing import framed
from web.state.snapshot import Snapshot, TestReadings
from web.views.activation_strips import ActivationStrips
from web.views.controls import LOOK, WIDE, button, tip, wrapping_row
from web.views.readout import Readout
from web.views.tabs import Tab

SHEETS = [LOOK, "./look/insight.css"]
PAGE = 40
"""The number of digits shown at a time."""

NOTHING = "Nothing is measured yet: train the network, and the digits that it reads wrongly appear here."
SOON = "The network is being measured."


class View(Tab):
    """The matrix at the left, digits at the right, and under them the activations for the picture on the pad.

    The digits are all that were misread, or those of one cell, the surest first.
    """

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self._readings: TestReadings | None = None
        self._now = 0
        self._found = np.zeros(0, np.int64)
        self._start = 0
        self._matrix = ConfusionMatrix(
            stylesheets=[tip("Press a number for the digits behind it.")],
            sizing_mode="stretch_width",
            margin=0,
        )
        self._gallery = Gallery(
            stylesheets=[tip("Press a digit to put it on the pad.")], sizing_mode="stretch_width", margin=0
        )
        self._strips = ActivationStrips()
        self._summary = Readout(_aside(NOTHING), **WIDE)
        self._heading = Readout("", **WIDE)
        self._all = button(
            "All mistakes", "mistakes-all", self._show_all, "Every digit that was read wrongly"
        )
        self._back = button("Before", "mistakes-back", lambda: self._turn(-PAGE), "The ones before, surer")
        self._next = button("Next", "mistakes-next", lambda: self._turn(PAGE), "The next ones, less sure")
        self._matrix.param.watch(self._choose, "chosen")
        self._gallery.param.watch(self._to_pad, "pressed")
        lab.state.param.watch(self._mark, "picture")
        gallery = pn.Column(
            wrapping_row(self._heading, self._all, self._back, self._next, name="mistakes-head"),
            self._gallery,
            css_classes=["mistakes-gallery"],
            **WIDE | {"stylesheets": SHEETS},
        )
        matrix = pn.Column(self._matrix, css_classes=["mistakes-matrix"], **WIDE | {"stylesheets": SHEETS})
        both = pn.Row(matrix, gallery, css_classes=["wrapping", "mistakes"], **WIDE | {"stylesheets": SHEETS})
        self._body = pn.Column(both, self._strips, visible=False, **WIDE)

    # --- drawing

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the activations, and the matrix and the digits if the readings are new."""
        self._strips.draw(snapshot)
        readings = snapshot.readings
        now = snapshot.trained  # the present network's: a moment of the past has no matrix
        if readings is not None and (readings, now) == (self._readings, self._now):
            return
        same, self._readings, self._now = readings is self._readings, readings, now
        self._body.visible = readings is not None
        if readings is None:
            self._summary.object = _aside(SOON if snapshot.samples else NOTHING)
            return
        matrix = counts(readings)
        wrong = int(matrix.sum() - matrix.trace())
        since = (
            f", and has learned from {now - readings.samples:,} more since" if now > readings.samples else ""
        )
        self._summary.object = _aside(
            f"<b>{wrong:,} of {matrix.sum():,}</b> test digits were read wrongly by the network at "
            f"{readings.samples:,} images{since}. Press a number to see the digits behind it, and a digit to "
            "put it on the pad."
        )
        if same:
            return
        self._matrix.counts = matrix.ravel().tolist()
        self._list()

    @property
    def _cell(self) -> Cell | None:
        """The chosen cell of the matrix, or None."""
        return (self._matrix.chosen[0], self._matrix.chosen[1]) if self._matrix.chosen else None

    def _list(self, start: int = 0) -> None:
        """Show the digits of the chosen cell from position ``start`` on."""
        if self._readings is None:
            return
        readings, cell = self._readings, self._cell
        self._found = chosen(readings, cell)
        self._start = start
        shown = self._found[start : start + PAGE]
        labels, predicted = readings.digits.labels[shown], readings.predicted[shown]
        sure = np.rint(100 * readings.confidences[shown]).astype(int)
        each = list(zip(labels.tolist(), predicted.tolist(), sure.tolist(), strict=True))
        self._gallery.param.update(
            images=framed(readings.digits.pixels[shown], readings.digits.max_value).tobytes(),
            captions=[f"{true}→{read} · {share} %" for true, read, share in each],
            labels=[
                f"A {true} read as {read}, {share} % sure. Put it on the pad" for true, read, share in each
            ],
        )
        what = f"written {cell[0]}, read as {cell[1]}" if cell else "all mistakes"
        end = start + len(shown)
        span = f"{start + 1:,} to {end:,} of {len(self._found):,}" if len(shown) else "none"
        self._heading.object = _aside(f"<b>{what.capitalize()}</b>, the surest first: {span}")
        self._all.visible = cell is not None
        self._back.visible, self._next.visible = start > 0, end < len(self._found)
        self._mark()

    def _mark(self, _event: Any = None) -> None:
        """Mark the digit that is on the pad."""
        picture, images = self.lab.state.picture, self._gallery.images
        at = images.find(picture) if picture else -1
        self._gallery.chosen = at // 784 if at >= 0 and at % 784 == 0 else -1

    # --- the learner's actions

    def _choose(self, _event: Any) -> None:
        self._list()

    def _show_all(self) -> None:
        self._matrix.chosen = []

    def _turn(self, by: int) -> None:
        self._list(self._start + by)

    def _to_pad(self, event: Any) -> None:
        """Put the pressed digit on the pad."""
        index = int(self._found[self._start + event.new["at"]])
        self.lab.state.picture = self.lab.runner.queries.test_digit(index)

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(self._summary, self._body, **WIDE)


def _aside(html: str) -> str:
    return f'<p class="aside">{html}</p>'
