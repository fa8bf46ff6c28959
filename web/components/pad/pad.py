"""The sketch pad: takes strokes with mouse, finger or pen, shows the 28 x 28 made of them and how the network
reads it."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class Pad(JSComponent):
    """``strokes`` go both ways, as lists of ``[x, y]`` in a 500 x 500 box, y down; the rest comes from
    Python.

    ``pixels`` are 784 bytes, row by row, 255 for full ink; ``probabilities`` ten shares; ``prediction`` the
    digit, or empty. ``picture`` are 784 bytes put on the pad in place of strokes, or none; ``wiped`` counts
    how often a person did away with one.
    """

    strokes = param.List(default=[])
    picture = param.Bytes(default=b"")
    wiped = param.Integer(default=0)
    pixels = param.Bytes(default=bytes(784))
    probabilities = param.List(default=[0.0] * 10)
    prediction = param.String(default="")
    remark = param.String(default="")

    _esm = HERE / "pad.js"
    _stylesheets = [(HERE / "pad.css").read_text(encoding="utf-8")]
