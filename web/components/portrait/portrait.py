"""Shows one back-query large: its steps as a film, ten sliders for its target, and a way to the pad."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class PortraitDialog(JSComponent):
    """A dialog, open while ``method`` is not empty.

    ``target`` are ten shares, ``frames`` 784 bytes a step (255 for the network's own 1), with ``reads`` and
    ``confidences`` of each; ``of`` is the method and the ten shares that the frames were made of, and
    ``note`` names the network that made them.

    ``pressed`` is the learner's wish: ``action`` is ``"ask"`` (with ``method`` and ``target``, a digit or ten
    numbers), ``"to_pad"`` (with ``frame``) or ``"close"``; a count makes two equal wishes differ.
    """

    method = param.String(default="")
    methods = param.List(default=[])
    target = param.List(default=[0.0] * 10)
    frames = param.Bytes(default=b"")
    reads = param.List(default=[])
    confidences = param.List(default=[])
    of = param.List(default=[])
    note = param.String(default="")
    pressed = param.Dict(default={})

    _esm = HERE / "portrait.js"
    _stylesheets = [(HERE / "portrait.css").read_text(encoding="utf-8")]
