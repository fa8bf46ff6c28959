"""What every neuron gives for what is on the pad: a strip of cells a layer."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class Activations(JSComponent):
    """``layers`` are ``[label, neurons]`` in order; ``values`` their activations one after another, float32,
    or none while nothing is on the pad."""

    layers = param.List(default=[])
    values = param.Bytes(default=b"")

    _esm = HERE / "activations.js"
    _stylesheets = [(HERE / "activations.css").read_text(encoding="utf-8")]
