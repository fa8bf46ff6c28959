"""Shows the table of runs: sorted by a press on a column's head, two picked to compare, names to edit."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


class RunTable(JSComponent):
    """The table of runs.

    ``rows`` are ``{"run", "name", "kept", "present", "cells"}`` with a ``{"text", "value"}`` for each of the
    ``columns``, which are sorted by the value; ``picked`` are the numbers of the runs to compare.

    The learner's action is written to ``asked``: ``{"pick"}`` with a list, ``{"reload"}`` with a number or
    ``{"rename", "name"}``, with a count that makes two equal actions differ.
    """

    columns = param.List(default=[])
    rows = param.List(default=[])
    picked = param.List(default=[])
    asked = param.Dict(default={})

    _esm = HERE / "runs.js"
    _stylesheets = [(HERE / "runs.css").read_text(encoding="utf-8")]
