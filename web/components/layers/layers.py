"""Shows the network's layers as a list to edit: neurons and activation, with buttons to add and remove."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class Layers(JSComponent):
    """The list of layers.

    Python sets ``layers`` (the neurons of each layer, inputs first), ``activations`` (the names of the hidden
    layers' functions) and ``output`` (the name of the last layer's).

    ``offered`` and ``outputs`` are the names and labels to choose from; ``largest`` is the greatest number of
    neurons in a layer, ``most`` that of hidden layers. The learner's change is written to ``asked``:
    ``{"layers", "activations"}`` or ``{"output"}``, with a count that makes two equal changes differ.
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
