"""A slider from the first weights to now, with what can be done in the past: go on from there, or come back.

The browser's own range input: its end moves with every snapshot while the network learns, which costs a
Panel slider a redraw and this one nothing.
"""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class Rewind(JSComponent):
    """Shows how far training has come and which moment of it is shown.

    From Python come ``trained``, the images so far; ``place``, where the handle stands in images, or -1 for
    now; ``about``, a sentence on the moment shown or on those that there are; and ``heard``, the last wish
    that ``place`` answers.

    What the learner wants goes into ``asked``: images, -1 for now; ``branches`` counts the presses on
    "Continue from here".
    """

    trained = param.Integer(default=0)
    place = param.Integer(default=-1)
    about = param.String(default="")
    heard = param.Integer(default=-1)
    asked = param.Integer(default=-1)
    branches = param.Integer(default=0)

    _esm = HERE / "rewind.js"
    _stylesheets = [(HERE / "rewind.css").read_text(encoding="utf-8")]
