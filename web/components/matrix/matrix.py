"""Shows the weights from the last hidden layer to the ten outputs: a line for each digit."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class OutputMatrix(JSComponent):
    """The matrix of weights, or of votes.

    ``values`` are float32, ten for each of the neurons in ``numbers`` (positions from 1), column by column as
    they are shown; ``word`` is the name of a value in the tip.
    """

    numbers = param.List(default=[])
    values = param.Bytes(default=b"")
    word = param.String(default="weight")

    _esm = HERE / "matrix.js"
    _stylesheets = [(HERE / "matrix.css").read_text(encoding="utf-8")]
