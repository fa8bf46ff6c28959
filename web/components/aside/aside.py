"""Lists the networks that links have set aside, each with a button to bring it back and one to delete it."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class AsideList(JSComponent):
    """The list of networks set aside.

    ``rows`` are ``{"number", "name", "text", "at"}``: ``text`` tells how far the network was trained; ``at``
    is the time when it was kept, in seconds since 1970, which the browser writes in its own time zone.

    The learner's press is written to ``asked``: ``{"recall"}`` or ``{"forget"}`` with a number, and a count
    that makes two equal presses differ.
    """

    rows = param.List(default=[])
    bounds = param.String(default="", doc="How many are kept, in a sentence.")
    asked = param.Dict(default={})

    _esm = HERE / "aside.js"
    _stylesheets = [(HERE / "aside.css").read_text(encoding="utf-8")]
