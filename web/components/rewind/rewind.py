"""A slider from the first weights to now, with buttons to train on from a past moment or to come back.

It is the browser's own range input: its end moves with every snapshot while the network learns, for which a
Panel slider would have to be redrawn each time.
"""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class Rewind(JSComponent):
    """The slider, which shows how far training has come and which moment of it is shown.

    Python sets ``trained``, the images so far; ``place``, the handle's position in images, or -1 for now;
    ``about``, a few words on the moment or on the number of moments; and ``heard``, the value of ``asked``
    that ``place`` answers.

    The learner's choice is written to ``asked``: images, or -1 for now; ``branches`` counts the presses on
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
