"""Ten small pictures a row, one a digit, each with what the network reads in it and how sure it is."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class DigitRows(JSComponent):
    """One row for each of ``methods``. ``images`` are 784 bytes each, 255 for the network's own 1; ``reads``
    and ``confidences`` belong to them in order. ``pressed`` says which one a person wants to see large:
    ``method`` and ``digit``."""

    images = param.Bytes(default=bytes(7840))
    reads = param.List(default=[])
    confidences = param.List(default=[])
    methods = param.List(default=["gradient"])
    pressed = param.Dict(default={})

    _esm = HERE / "digits.js"
    _stylesheets = [(HERE / "digits.css").read_text(encoding="utf-8")]
