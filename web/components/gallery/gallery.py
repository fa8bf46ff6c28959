"""Shows many small digits, each with a caption; they are buttons."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class Gallery(JSComponent):
    """The gallery.

    ``images`` are 784 bytes each, 255 for full ink; ``captions`` and ``labels`` (for screen readers) are in
    the same order; ``chosen`` is the position of the marked digit, or -1; ``pressed`` is ``{"at": position,
    "count": ...}``, where the count makes two equal presses differ.
    """

    images = param.Bytes(default=b"")
    captions = param.List(default=[])
    labels = param.List(default=[])
    chosen = param.Integer(default=-1)
    pressed = param.Dict(default={})

    _esm = HERE / "gallery.js"
    _stylesheets = [(HERE / "gallery.css").read_text(encoding="utf-8")]
