"""Many small digits, each with a caption; one can be pressed."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class Gallery(JSComponent):
    """``images`` are 784 bytes each, 255 for full ink; ``captions`` and ``labels`` (read aloud) belong to
    them in order; ``chosen`` is the position of the one that is marked, or -1; ``pressed`` counts with it:
    ``{"at": position, "count": ...}``."""

    images = param.Bytes(default=b"")
    captions = param.List(default=[])
    labels = param.List(default=[])
    chosen = param.Integer(default=-1)
    pressed = param.Dict(default={})

    _esm = HERE / "gallery.js"
    _stylesheets = [(HERE / "gallery.css").read_text(encoding="utf-8")]
