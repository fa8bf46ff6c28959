"""Shows the reason why the network does not learn, in one line, with a button that applies the advice."""

from __future__ import annotations

from html import escape
from typing import Any

import panel as pn

from web.lab import Lab
from web.views.controls import LOOK, WIDE, button, put_away
from web.views.readout import Readout

SAYS = "These settings helped a copy of the network. If a new network begins, this one can be brought back"


class DiagnosisView(pn.viewable.Viewer):
    """The line of the diagnosis. It is hidden while the snapshot has no diagnosis."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._state = lab.state
        sheets = [LOOK, "./look/train.css"]
        self._text = Readout("", **WIDE | {"sizing_mode": None, "stylesheets": sheets})
        self._remedy = button("Begin again", "remedy", lab.runner.switcher.cure, SAYS)
        self._bar = pn.Row(
            self._text,
            self._remedy,
            css_classes=["wrapping", "lab-diagnosis"],
            **WIDE | {"stylesheets": sheets},
        )
        put_away(self._bar, True)
        self._shown: Any = None
        self._state.param.watch(self._show, "snapshot")

    def _show(self, _event: Any) -> None:
        """Show the snapshot's diagnosis, if it is new."""
        found = self._state.snapshot.diagnosis
        if found is self._shown:
            return
        self._shown = found
        if found is not None:
            self._text.object = f'<p class="diagnosis" role="status">{escape(found.sentence)}</p>'
            self._remedy.name = found.advice.removesuffix(".")
            put_away(self._remedy, not found.remedy)
        put_away(self._bar, found is None)

    def __panel__(self) -> pn.viewable.Viewable:
        return self._bar
