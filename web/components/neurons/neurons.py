"""Shows neurons as pictures of their weights, each with its activation for the picture on the pad."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class NeuronPictures(JSComponent):
    """One picture for each of ``numbers`` (positions in the layer called ``layer``, from 1).

    ``weights`` are int16, ``inputs`` a neuron, in lines of ``width``; 32767 stands for ``top``. ``limit`` is
    the weight that gets the full colour; ``pixels`` tells whether the layer's inputs are an image.

    ``biases``, ``uses`` and ``gives`` (the present activations) are lists in the order of ``numbers``, empty
    if unknown.
    """

    layer = param.String(default="")
    numbers = param.List(default=[])
    weights = param.Bytes(default=b"")
    inputs = param.Integer(default=784)
    width = param.Integer(default=28)
    pixels = param.Boolean(default=True)
    top = param.Number(default=1.0)
    limit = param.Number(default=1.0)
    biases = param.List(default=[])
    uses = param.List(default=[])
    gives = param.List(default=[])

    _esm = HERE / "neurons.js"
    _stylesheets = [(HERE / "neurons.css").read_text(encoding="utf-8")]
