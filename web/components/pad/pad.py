"""The sketch pad: takes strokes with mouse, finger, pen or keys, and shows how the network reads them.

It also shows the 28 x 28 pixels made of the strokes. The pad is part of the page itself (``HTML``), so that
it takes strokes before Panel or Python has started. ``Pad`` connects Python to it: a component that draws
nothing of its own and joins the page's pad.
"""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent
HTML = HERE / "pad.html"
"""The pad's markup, a Jinja template that index.html includes."""


class Pad(JSComponent):
    """Python's side of the pad.

    ``strokes`` go both ways, as lists of ``[x, y]`` in a 500 x 500 box, y down; the rest comes from Python,
    except ``wiped``.

    ``pixels`` are 784 bytes, row by row, 255 for full ink; ``probabilities`` ten shares; ``prediction`` the
    digit, or empty; ``remark`` a text in place of the percentage. ``picture`` are 784 bytes put on the pad in
    place of strokes, or empty; ``wiped`` counts how often the learner removed such a picture.
    """

    strokes = param.List(default=[])
    picture = param.Bytes(default=b"")
    wiped = param.Integer(default=0)
    pixels = param.Bytes(default=bytes(784))
    probabilities = param.List(default=[0.0] * 10)
    prediction = param.String(default="")
    remark = param.String(default="")

    _esm = HERE / "panel.js"
