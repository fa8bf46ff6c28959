"""Makes the list of settings that is printed (``boot/page/handout.js``).

On the screen the controls show the settings, so the list is hidden there.
"""

from __future__ import annotations

from html import escape
from typing import Any

import panel as pn

from web.lab import Lab
from web.state.lab_state import LabState
from web.views.choice_labels import COLUMNS, heading, shown
from web.views.readout import Readout


def settings(state: LabState) -> str:
    """Return every choice of the present run with its value, as HTML."""
    rows = "".join(
        f"<div><dt>{escape(heading(name))}</dt><dd>{escape(shown(name, getattr(state, name)))}</dd></div>"
        for name in COLUMNS
    )
    return f'<dl class="settings" hidden>{rows}</dl>'


class HandoutView(pn.viewable.Viewer):
    """The hidden list of settings. It takes no room on the screen and follows the choices."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._state = lab.state
        self._settings = Readout(settings(lab.state), margin=0)
        self._state.param.watch(self._show, list(COLUMNS))

    def _show(self, *_events: Any) -> None:
        self._settings.object = settings(self._state)

    def __panel__(self) -> pn.viewable.Viewable:
        return self._settings
