"""Drawing: the pad, bound to the strokes, showing how the network reads them now."""

from __future__ import annotations

from typing import Any

import numpy as np
import panel as pn

from web.components.pad import Pad
from web.lab import Lab


class DrawView(pn.viewable.Viewer):
    """Strokes go from the pad to the state and back; the reading comes with each snapshot."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        state = self._state = lab.state
        self._pad = Pad(sizing_mode="stretch_width", margin=0)
        self._pad.link(state, strokes="strokes", bidirectional=True)
        state.param.watch(lambda event: self._pad.param.update(picture=event.new), "picture")
        self._pad.param.watch(lambda _: state.param.update(picture=b""), "wiped")
        state.param.watch(self._show, "snapshot")

    def _show(self, _event: Any) -> None:
        reading, trained = self._state.snapshot.reading, self._state.snapshot.samples > 0
        if reading is None:
            self._pad.param.update(pixels=bytes(784), probabilities=[0.0] * 10, prediction="", remark="")
            return
        self._pad.param.update(
            pixels=np.rint(reading.pixels * 255).astype(np.uint8).tobytes(),
            probabilities=[round(share, 3) for share in reading.probabilities],
            prediction=str(reading.digit),
            remark="" if trained else "a guess: it has not learned yet",
        )

    def __panel__(self) -> pn.viewable.Viewable:
        return self._pad
