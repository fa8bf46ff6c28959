"""The networks that links have set aside, each with a button that brings it back and one that deletes it."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class AsideList(JSComponent):
    """``rows`` are ``{"number", "name", "text", "at"}``: ``text`` says how far it had learned, ``at`` when it
    was kept, in seconds since 1970; the browser writes it in its own time zone.

    What the learner wants goes into ``asked``: ``{"recall"}`` or ``{"forget"}`` with a number, and a count
    that makes every wish a new one.
    """

    rows = param.List(default=[])
    bounds = param.String(default="", doc="How many are kept, in a sentence.")
    asked = param.Dict(default={})

    _esm = HERE / "aside.js"
    _stylesheets = [(HERE / "aside.css").read_text(encoding="utf-8")]
