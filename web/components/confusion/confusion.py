"""Shows a confusion matrix: how often each digit was read as each. Its cells are buttons."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class ConfusionMatrix(JSComponent):
    """The confusion matrix.

    ``counts`` are 100 numbers, a row of ten for each digit written; ``chosen`` is ``[digit written, digit
    read]``, or empty for none. The page and Python both set it.
    """

    counts = param.List(default=[])
    chosen = param.List(default=[])

    _esm = HERE / "confusion.js"
    _stylesheets = [(HERE / "confusion.css").read_text(encoding="utf-8")]
