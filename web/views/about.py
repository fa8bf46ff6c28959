"""The page's last line: which digits, how many have arrived, and which arithmetic runs."""

from __future__ import annotations

from html import escape
from typing import Any

import panel as pn

from nncore.kernels import KERNELS
from web.lab import Lab
from web.views.controls import WIDE

ARITHMETIC = {"numpy": "plain NumPy"} | KERNELS


class AboutView(pn.viewable.Viewer):
    """One line of text, the same for everybody who asks which data and which kernel this is."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._text = pn.pane.HTML(self._line(), **WIDE)
        lab.state.param.watch(self._show, "snapshot")

    def _line(self) -> str:
        snapshot, manifest = self._lab.state.snapshot, self._lab.manifest
        digits = "Digits are on their way"
        if manifest is not None:
            small = " (the small set: 5,000 real MNIST digits)" if manifest.small else ""
            arrived = f"{snapshot.train_size:,}"
            if snapshot.train_size < manifest.train_count:
                arrived += f" of {manifest.train_count:,}"
            digits = f"{escape(manifest.title)}{small}: {arrived} to learn from"
            digits += f", {snapshot.test_size:,} to test with"
        arithmetic = f"arithmetic: {ARITHMETIC[snapshot.kernel]}"
        return f'<p class="blurb">{digits} · {arithmetic} · nothing leaves this page</p>'

    def _show(self, _event: Any) -> None:
        self._text.object = self._line()

    def __panel__(self) -> pn.viewable.Viewable:
        return self._text
