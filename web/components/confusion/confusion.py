"""A confusion matrix whose cells are pressed: how often each digit was read as each."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class ConfusionMatrix(JSComponent):
    """``counts`` are 100 numbers, a row of ten for each digit; ``chosen`` is ``[digit, read as]``, or empty
    for none, and goes both ways."""

    counts = param.List(default=[])
    chosen = param.List(default=[])

    _esm = HERE / "confusion.js"
    _stylesheets = [(HERE / "confusion.css").read_text(encoding="utf-8")]
