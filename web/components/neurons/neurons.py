"""Neurons as pictures of their weights, with what each gives for what is on the pad."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class NeuronPictures(JSComponent):
    """One picture for each of ``numbers`` (positions in the layer called ``layer``, from 1).

    ``weights`` are int16, ``inputs`` a neuron, in lines of ``width``; 32767 stands for ``top``. ``limit`` is
    the weight that gets the full colour; ``pixels`` says whether what comes in is an image.
    ``biases``, ``uses`` and ``gives`` (its activation now) are lists beside ``numbers``, empty where there is
    nothing to say.
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
