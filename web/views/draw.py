"""Drawing: the pad, bound to the strokes, showing how a network reads them now, and which one."""

from __future__ import annotations

from typing import Any

import numpy as np
import panel as pn

from web.components.pad import Pad
from web.lab import Lab
from web.readers import YOURS
from web.snapshot import Snapshot
from web.views.controls import WIDE
from web.views.reader_card import ReaderCard


def remark(snapshot: Snapshot) -> str:
    """What is to be said beside the digit in the place of a percentage, if anything."""
    reading = snapshot.reading
    if reading is None:
        return ""
    if reading.looks_like_digit is False:
        return "if it were one: this does not look like a digit"
    if reading.reader == YOURS and not snapshot.samples:
        return "a guess: it has not learned yet"
    if reading.calibrated is None:
        return f"{round(100 * reading.probabilities[reading.digit])} %, not calibrated"
    return ""


class DrawView(pn.viewable.Viewer):
    """Strokes go from the pad to the state and back; the reading comes with each snapshot."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        state = self._state = lab.state
        self._pad = Pad(sizing_mode="stretch_width", margin=0)
        self._pad.link(state, strokes="strokes", bidirectional=True)
        state.param.watch(lambda event: self._pad.param.update(picture=event.new), "picture")
        self._pad.param.watch(lambda _: state.param.update(picture=b""), "wiped")
        self._reader = ReaderCard(lab)
        state.param.watch(self._show, "snapshot")

    def _show(self, _event: Any) -> None:
        snapshot = self._state.snapshot
        reading = snapshot.reading
        if reading is None:
            self._pad.param.update(pixels=bytes(784), probabilities=[0.0] * 10, prediction="", remark="")
            return
        shares = reading.calibrated or reading.probabilities
        self._pad.param.update(
            pixels=np.rint(reading.pixels * 255).astype(np.uint8).tobytes(),
            probabilities=[round(share, 3) for share in shares],
            prediction=str(reading.digit),
            remark=remark(snapshot),
        )

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(self._pad, self._reader, **WIDE | {"styles": {"row-gap": "8px"}})
