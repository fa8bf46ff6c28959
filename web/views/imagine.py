"""Imagining: the network run backwards from each digit, and what it reads in its own pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import panel as pn

from nncore.backquery import BACKQUERIES, BackQuery
from web.components.digits import DigitRow
from web.lab import Lab
from web.views.controls import LOOK, WIDE, wrapping_row


def picture_bytes(images: tuple[BackQuery, ...], low: float, high: float) -> bytes:
    """Ten back-query images, in the range ``low`` to ``high``, as bytes from 0 to 255 one after another."""
    pixels = np.stack([answer.image for answer in images])
    return np.rint(np.clip((pixels - low) / (high - low), 0, 1) * 255).astype(np.uint8).tobytes()


class ImagineView(pn.viewable.Viewer):
    """The method and a row of ten pictures, drawn anew when the runner has made new ones."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._row = DigitRow(sizing_mode="stretch_width", margin=0)
        self._shown: tuple[BackQuery, ...] = ()
        lab.state.param.watch(self._show, "snapshot")
        self._show()

    def _show(self, _event: Any = None) -> None:
        snapshot = self._lab.state.snapshot
        if snapshot.images is self._shown or not snapshot.images:
            return
        self._shown = snapshot.images
        self._row.param.update(
            images=picture_bytes(snapshot.images, *snapshot.input_range),
            reads=[answer.reads for answer in snapshot.images],
            confidences=[round(answer.confidence, 4) for answer in snapshot.images],
            method=snapshot.images[0].method,
        )

    def __panel__(self) -> pn.viewable.Viewable:
        method = pn.widgets.RadioButtonGroup.from_param(
            self._lab.state.param.method,
            name="",
            options=list(BACKQUERIES),
            button_type="default",
            margin=0,
            stylesheets=[LOOK],
        )
        heading = pn.pane.HTML("<h2>Imagine</h2>", margin=0, stylesheets=[LOOK])
        question = pn.pane.HTML(
            '<p class="aside">What does each digit look like to this network, and does it believe its own '
            "picture?</p>",
            margin=0,
            stylesheets=[LOOK],
        )
        head = wrapping_row(heading, method, question, name="head")
        return pn.Column(head, self._row, **WIDE)
