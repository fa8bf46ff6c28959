"""What every neuron gives for what is on the pad, drawn while one draws; two tabs show it."""

from __future__ import annotations

import numpy as np
import panel as pn

from nncore.activations import ACTIVATIONS
from web.components.activations import Activations
from web.state.snapshot import Snapshot
from web.views.controls import LOOK, WIDE
from web.views.readout import Readout

EMPTY = "Draw a digit: what every neuron makes of it appears here, while you draw."
FULL = "What every neuron makes of what is on the pad"


class ActivationStrips(pn.viewable.Viewer):
    """``draw`` is given each snapshot that is worth drawing."""

    def __init__(self) -> None:
        super().__init__()
        self._strips = Activations(sizing_mode="stretch_width", margin=0)
        self._text = Readout(_aside(EMPTY), **WIDE)

    def draw(self, snapshot: Snapshot) -> None:
        """Show the activations of ``snapshot.reading``."""
        layers = _labels(snapshot)
        if self._strips.layers != layers:
            self._strips.param.update(layers=layers, values=b"")
        reading = snapshot.reading
        values = b"" if reading is None else np.concatenate(reading.activations).astype(np.float32).tobytes()
        self._strips.values = values
        self._text.object = _aside(FULL if reading else EMPTY)

    def __panel__(self) -> pn.viewable.Viewable:
        sheets = {"css_classes": ["inside-part"], "stylesheets": [LOOK, "./look/insight.css"]}
        return pn.Column(self._text, self._strips, **WIDE | sheets)


def _labels(snapshot: Snapshot) -> list[list[object]]:
    """What stands over each strip, and how many neurons are in it."""
    layers = snapshot.layers[1:]
    names = [ACTIVATIONS[name].label for name in snapshot.activations]
    places = [f"Hidden layer {number + 1}" for number in range(len(layers) - 1)] + ["Outputs"]
    return [
        [f"{place} · {size:,} {name}", size] for place, size, name in zip(places, layers, names, strict=True)
    ]


def _aside(text: str) -> str:
    return f'<p class="aside">{text}</p>'
