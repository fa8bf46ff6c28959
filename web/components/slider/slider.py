"""A slider over chosen stops, such as 0.001, 0.003, 0.01, that gives screen readers its name and value.

Panel has a slider over a list, but its handle has no name and tells a screen reader the position in the list;
this one is the browser's own range input with a label.
"""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class Slider(JSComponent):
    """The slider.

    ``texts`` are the stops as they are shown and read aloud; ``index`` is the chosen one, set when the
    learner releases the handle. ``shown`` is the present value, which may lie between two stops; ``label`` is
    the slider's name and ``tip`` its sentence of explanation.
    """

    label = param.String(default="")
    tip = param.String(default="")
    texts = param.List(default=[])
    index = param.Integer(default=0)
    shown = param.String(default="")

    _esm = HERE / "slider.js"
    _stylesheets = [(HERE / "slider.css").read_text(encoding="utf-8")]
