"""Ten small pictures, one a digit, each with what the network reads in it and how sure it is."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class DigitRow(JSComponent):
    """``images`` are 10 x 784 bytes, 255 for the network's own 1; ``reads`` and ``confidences`` belong to
    them in order."""

    images = param.Bytes(default=bytes(7840))
    reads = param.List(default=[])
    confidences = param.List(default=[])
    method = param.String(default="logit")

    _esm = HERE / "digits.js"
    _stylesheets = [(HERE / "digits.css").read_text(encoding="utf-8")]
