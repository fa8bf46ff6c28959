"""Draws the activation of every neuron for the picture on the pad, while the learner draws.

The tabs *Inside* and *Mistakes* show it.
"""

from __future__ import annotations

import numpy as np
import panel as pn

from nncore.activations import ACTIVATIONS
from web.components.activations import Activations
from web.state.snapshot import Snapshot
from web.views.controls import LOOK, WIDE
from web.views.readout import Readout

EMPTY = "Draw a digit: the activation of every neuron appears here while you draw."
FULL = "The activation of every neuron for your drawing"


class ActivationStrips(pn.viewable.Viewer):
    """A strip of cells for each layer, one cell a neuron.

    A tab calls ``draw`` with each snapshot while it is in front.
    """

    def __init__(self) -> None:
        super().__init__()
        self._strips = Activations(sizing_mode="stretch_width", margin=0)
        self._text = Readout(_aside(EMPTY), **WIDE)

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the activations of ``snapshot.reading``; empty strips if nothing is on the pad."""
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
    """Return a strip's label and its number of neurons, for each layer after the inputs."""
    layers = snapshot.layers[1:]
    names = [ACTIVATIONS[name].label for name in snapshot.activations]
    places = [f"Hidden layer {number + 1}" for number in range(len(layers) - 1)] + ["Outputs"]
    return [
        [f"{place} · {size:,} {name}", size] for place, size, name in zip(places, layers, names, strict=True)
    ]


def _aside(text: str) -> str:
    """Return a line of small text as HTML."""
    return f'<p class="aside">{text}</p>'
