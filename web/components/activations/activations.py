"""Shows the activation of every neuron for the picture on the pad: a strip of cells for each layer."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class Activations(JSComponent):
    """The strips of activations.

    ``layers`` are ``[label, neurons]`` in order; ``values`` their activations one after another, float32, or
    empty while nothing is on the pad.
    """

    layers = param.List(default=[])
    values = param.Bytes(default=b"")

    _esm = HERE / "activations.js"
    _stylesheets = [(HERE / "activations.css").read_text(encoding="utf-8")]
