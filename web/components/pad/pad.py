"""The sketch pad: takes strokes with mouse, finger, pen or keys, shows the 28 x 28 made of them and how the
network reads it.

It stands in the page itself (``HTML``), so that it takes strokes before Panel or Python are there. ``Pad`` is
Python's end of it: a component that draws nothing of its own and joins the pad of the page.
"""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent
HTML = HERE / "pad.html"
"""The pad's markup, a Jinja template that index.html includes."""


class Pad(JSComponent):
    """``strokes`` go both ways, as lists of ``[x, y]`` in a 500 x 500 box, y down; the rest comes from
    Python.

    ``pixels`` are 784 bytes, row by row, 255 for full ink; ``probabilities`` ten shares; ``prediction`` the
    digit, or empty; ``remark`` what to say in place of how sure it is. ``picture`` are 784 bytes put on the
    pad in place of strokes, or none; ``wiped`` counts how often a person did away with one.
    """

    strokes = param.List(default=[])
    picture = param.Bytes(default=b"")
    wiped = param.Integer(default=0)
    pixels = param.Bytes(default=bytes(784))
    probabilities = param.List(default=[0.0] * 10)
    prediction = param.String(default="")
    remark = param.String(default="")

    _esm = HERE / "panel.js"
