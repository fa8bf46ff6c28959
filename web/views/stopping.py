"""Shows the fields that end the training, by epochs and by patience.

The time spent training, or the reason why it ended, is beside them.
"""

from __future__ import annotations

from html import escape
from typing import Any

import panel as pn

from web.lab import Lab
from web.state.snapshot import Snapshot
from web.views.controls import LOOK, WIDE, of_choice, wrapping_row
from web.views.readout import Readout

SHEETS = [LOOK, "./look/train.css"]
PATIENCES = (0, 1, 2, 3, 5, 10, 20)


def patience_names(patience: int) -> dict[str, int]:
    """Return the entries of the list, with ``patience`` itself if a script has chosen another value."""
    offered = sorted({*PATIENCES, patience})
    return {f"after {n} epoch{'' if n == 1 else 's'}" if n else "never": n for n in offered}


def pace(snapshot: Snapshot, ended: str) -> str:
    """Return the time spent training, with images a second or the reason why it ended, as HTML."""
    elapsed = rate = unit = told = ""
    if snapshot.seconds:
        minutes, seconds = divmod(int(snapshot.seconds), 60)
        elapsed = (
            f'<span class="lab-metric-elapsed" title="time spent training">{minutes}:{seconds:02}</span>'
        )
    if ended:
        told = f'<span class="lab-ended" role="status">{escape(ended)}</span>'
    elif snapshot.images_per_second is not None:
        rate, unit = f"{snapshot.images_per_second:,.0f}", " images/s"
    gap = " · " if elapsed and (told or rate) else ""
    speed = f'<span class="lab-metric-speed">{rate}</span>{unit}'
    return f'<p class="speed"><span>{elapsed}{gap}{told}{speed}</span></p>'


def _field(name: str, **params: Any) -> dict[str, Any]:
    """Return the arguments of a field in the line of the stopping choices."""
    return of_choice(name, **WIDE | {"css_classes": ["inline", name], "stylesheets": SHEETS} | params)


class StoppingView(pn.viewable.Viewer):
    """Two fields bound to ``state.epochs`` and ``state.patience``, and the text beside them."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._state = lab.state
        self._epochs = pn.widgets.IntInput(
            value=self._state.epochs or None, **_field("epochs", placeholder="no end")
        )
        self._patience = pn.widgets.Select(
            value=self._state.patience, **_field("patience", options=patience_names(self._state.patience))
        )
        self._pace = Readout(
            pace(lab.state.snapshot, ""), **WIDE | {"css_classes": ["at-the-end"], "stylesheets": SHEETS}
        )
        self._epochs.param.watch(lambda event: self._choose(epochs=event.new or 0), "value")
        self._patience.param.watch(lambda event: self._choose(patience=event.new), "value")
        lab.state.param.watch(self._follow, ["epochs", "patience"])
        lab.state.param.watch(self._show, ["snapshot", "ended"])

    def _choose(self, **choice: int) -> None:
        self._state.choose(**choice)

    def _follow(self, *_events: Any) -> None:
        """Show the values that the state has now."""
        state = self._state
        self._epochs.value = state.epochs or None
        self._patience.param.update(options=patience_names(state.patience), value=state.patience)

    def _show(self, *_events: Any) -> None:
        """Show the new time, speed or reason."""
        self._pace.object = pace(self._state.snapshot, self._state.ended)

    def __panel__(self) -> pn.viewable.Viewable:
        row = wrapping_row(self._epochs, self._patience, self._pace, name="stopping")
        row.stylesheets = SHEETS
        return row
