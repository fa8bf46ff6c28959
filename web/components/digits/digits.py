"""Shows rows of ten small pictures, one a digit, each with the network's reading and confidence."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class DigitRows(JSComponent):
    """One row of pictures for each of ``methods``.

    ``images`` are 784 bytes each, 255 for the network's own 1; ``reads`` and ``confidences`` are in the same
    order. ``pressed`` names the picture to show large: ``method`` and ``digit``, and a count that makes two
    equal presses differ.
    """

    images = param.Bytes(default=bytes(7840))
    reads = param.List(default=[])
    confidences = param.List(default=[])
    methods = param.List(default=["gradient"])
    pressed = param.Dict(default={})

    _esm = HERE / "digits.js"
    _stylesheets = [(HERE / "digits.css").read_text(encoding="utf-8")]
