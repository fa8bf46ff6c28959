"""The layers as a list: neurons and activation of each, one button to remove it, one to add another."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class Layers(JSComponent):
    """``layers`` are the neurons of each layer, inputs first, ``activations`` the names of the hidden ones',
    ``output`` that of the last; they come from Python.

    ``offered`` and ``outputs`` are names and labels to choose from. What the learner wants goes into
    ``asked``: ``{"layers", "activations"}`` or ``{"output"}``, with a count that makes every wish a new one.
    """

    layers = param.List(default=[784, 200, 10])
    activations = param.List(default=["relu"])
    output = param.String(default="softmax")
    offered = param.List(default=[])
    outputs = param.List(default=[])
    largest = param.Integer(default=2000)
    most = param.Integer(default=6)
    asked = param.Dict(default={})

    _esm = HERE / "layers.js"
    _stylesheets = [(HERE / "layers.css").read_text(encoding="utf-8")]
