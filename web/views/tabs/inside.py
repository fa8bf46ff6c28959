"""Shows the tab *Inside*: every neuron's weights as a picture, its activation, and its use by the outputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import panel as pn

from web.components.matrix import OutputMatrix
from web.components.neurons import NeuronPictures
from web.lab import Lab
from web.runner.neuron_inspector import PAGE, SAMPLE
from web.state.snapshot import Looking, Neurons, Snapshot
from web.views.activation_strips import ActivationStrips
from web.views.controls import LOOK, WIDE, button, tip, wrapping_row
from web.views.readout import Readout
from web.views.tabs import Tab

SHEETS = [LOOK, "./look/insight.css"]
USE = (
    f"Most used first: a neuron's mean activation over {SAMPLE} test digits times the sum of its outgoing "
    "weights, all taken without their signs."
)
WEIGHTS, VOTES = "Weights", "Votes"
OUTPUTS = "The weights to the ten outputs, or what each neuron adds for the drawing on the pad."


class View(Tab):
    """A page of pictures, the matrix of the outputs, and strips of activations.

    ``state.looking`` names the layer and the page; while the tab is in front, the runner adds their weights
    to its snapshots.
    """

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self._seen: Neurons | None = None
        self._pictures = NeuronPictures(sizing_mode="stretch_width", margin=0)
        self._matrix = OutputMatrix(sizing_mode="stretch_width", margin=0)
        self._strips = ActivationStrips()
        self._place = Readout("", **WIDE | {"sizing_mode": None})
        self._layers = pn.widgets.RadioButtonGroup(
            options={"Hidden layer 1": 1},
            value=1,
            margin=0,
            stylesheets=[LOOK, tip("The layer to look into.")],
        )
        self._back = button("Before", "inside-back", lambda: self._turn(-1), "Neurons that are used more")
        self._next = button("Next", "inside-next", lambda: self._turn(1), "Neurons that are used less")
        self._what = pn.widgets.RadioButtonGroup(
            options=[WEIGHTS, VOTES], value=WEIGHTS, margin=0, stylesheets=[LOOK, tip(OUTPUTS)]
        )
        self._outputs = pn.Column(
            wrapping_row(_text("<b>To the outputs</b>, the most used neurons left"), self._what, name="head"),
            self._matrix,
            css_classes=["inside-part"],
            **WIDE | {"stylesheets": SHEETS},
        )
        self._layers.param.watch(lambda event: self._look(layer=event.new, page=0), "value")
        self._what.param.watch(lambda _: self._draw_outputs(self.lab.state.snapshot), "value")

    # --- the learner's actions

    def _look(self, layer: int | None = None, page: int | None = None) -> None:
        """Look at another layer or page of neurons; None keeps the present one."""
        before = self.lab.state.looking
        self.lab.state.looking = Looking(
            before.layer if layer is None else layer, before.page if page is None else page
        )

    def _turn(self, by: int) -> None:
        """Go ``by`` pages further."""
        if self._seen is not None:
            self._look(page=max(0, self._seen.page + by))

    # --- drawing

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the activations, and the neurons that the snapshot has."""
        self._strips.draw(snapshot)
        neurons = snapshot.neurons
        if neurons is None:
            return
        if neurons is not self._seen:
            self._seen = neurons
            self._draw_layers(snapshot, neurons)
            self._draw_pictures(neurons)
        self._draw_gives(snapshot, neurons)
        self._draw_outputs(snapshot)

    def _draw_layers(self, snapshot: Snapshot, neurons: Neurons) -> None:
        """Show the choice of layers and the place of the page among all neurons."""
        hidden = len(snapshot.layers) - 2
        options = {f"Hidden layer {layer}": layer for layer in range(1, hidden + 1)} | {"Outputs": hidden + 1}
        if options != self._layers.options:
            self._layers.param.update(options=options, value=neurons.layer)
        start, end = neurons.page * PAGE, neurons.page * PAGE + len(neurons.shown)
        self._place.object = f'<p class="aside">{start + 1:,} to {end:,} of {neurons.count:,}</p>'
        self._back.visible, self._next.visible = start > 0, end < neurons.count

    def _draw_pictures(self, neurons: Neurons) -> None:
        """Draw the weights of the neurons on the page."""
        weights = np.nan_to_num(neurons.weights)
        sizes = np.abs(weights)
        top = max(float(sizes.max(initial=0)), 1e-9)
        # Full colour stands for the 99.5 % quantile: scaled to a few huge weights, the rest would be pale.
        limit = max(float(np.quantile(sizes, 0.995)), 1e-9)
        inputs = weights.shape[1]
        self._pictures.param.update(
            layer=next(
                name for name, layer in self._layers.options.items() if layer == neurons.layer
            ).lower(),
            numbers=(neurons.shown + 1).tolist(),
            weights=np.rint(weights * (32767 / top)).astype("<i2").tobytes(),
            inputs=inputs,
            width=int(np.ceil(np.sqrt(inputs))),
            pixels=neurons.layer == 1,
            top=top,
            limit=limit,
            biases=[] if neurons.biases is None else _rounded(neurons.biases),
            uses=[] if neurons.uses is None else _rounded(neurons.uses),
        )

    def _draw_gives(self, snapshot: Snapshot, neurons: Neurons) -> None:
        """Show the activations of the neurons on the page, if the reading belongs to this network."""
        reading = snapshot.reading
        fits = reading is not None and len(reading.activations) >= neurons.layer
        gives = []
        if reading is not None and fits and len(reading.activations[neurons.layer - 1]) == neurons.count:
            gives = _rounded(reading.activations[neurons.layer - 1][neurons.shown])
        self._pictures.gives = gives

    def _draw_outputs(self, snapshot: Snapshot) -> None:
        """Draw the weights to the outputs, or the votes: the weights times the present activations."""
        neurons, reading = snapshot.neurons, snapshot.reading
        self._outputs.visible = neurons is not None and neurons.outputs is not None
        if neurons is None or neurons.outputs is None or neurons.columns is None:
            return
        values = np.nan_to_num(neurons.outputs)
        word = "weight"
        if self._what.value == VOTES:
            word = "vote (weight × activation now)"
            below = reading.activations[-2] if reading is not None and len(reading.activations) > 1 else None
            if below is None or len(below) != len(values):
                values, word = np.zeros_like(values), "nothing on the pad: no votes"
            else:
                values = values * below[neurons.columns][:, None]
        self._matrix.param.update(
            numbers=(neurons.columns + 1).tolist(), values=values.astype("<f4").tobytes(), word=word
        )

    def __panel__(self) -> pn.viewable.Viewable:
        head = wrapping_row(self._layers, self._place, self._back, self._next, _text(USE), name="head")
        return pn.Column(head, self._pictures, self._outputs, self._strips, **WIDE)


def _rounded(values: Any) -> list[float]:
    """Return values as floats with six decimals, NaN as 0."""
    return [round(value, 6) for value in np.nan_to_num(values).tolist()]


def _text(html: str) -> pn.pane.HTML:
    """Return a line of small text."""
    return Readout(f'<p class="aside">{html}</p>', margin=0, stylesheets=[LOOK])
