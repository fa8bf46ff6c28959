"""Shows the page's last line: which arithmetic runs, and that nothing leaves the page."""

from __future__ import annotations

from typing import Any

import panel as pn

from nncore.kernels import KERNELS
from web.lab import Lab
from web.views.controls import WIDE
from web.views.handout import HandoutView
from web.views.readout import Readout

ARITHMETIC = {"numpy": "plain NumPy"} | KERNELS


class AboutView(pn.viewable.Viewer):
    """The page's last line, and the settings that are printed in place of the controls."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._text = Readout(self._line(), **WIDE)
        lab.state.param.watch(self._show, "snapshot")

    def _line(self) -> str:
        """Return the line as HTML."""
        arithmetic = ARITHMETIC[self._lab.state.snapshot.kernel]
        return f'<p class="blurb">Arithmetic: {arithmetic} · nothing leaves this page</p>'

    def _show(self, _event: Any) -> None:
        self._text.object = self._line()

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(self._text, HandoutView(self._lab), **WIDE)
