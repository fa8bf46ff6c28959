"""Shows the tab *Sweep*: the setting and its values, Run and Cancel, and the progress."""

from __future__ import annotations

from contextlib import suppress
from html import escape
from typing import Any

import panel as pn

from web.lab import Lab
from web.state.sentences import sentence
from web.state.sweep_snapshot import SweepSnapshot
from web.views.controls import LOOK, WIDE, bound, button, exchange_buttons, of_choice, put_away, wrapping_row
from web.views.sweep_results import SweepPlot, table
from web.views.tabs import Tab

SHEETS = [LOOK, "./look/train.css"]
PLAIN = {"margin": 0, "stylesheets": [LOOK]}


def progress(sweep: SweepSnapshot) -> str:
    """Return the problem, the state of the sweep and a progress bar, as HTML; empty before any sweep."""
    html = ""
    if sweep.problem:
        words = sweep.problem[:1].upper() + sweep.problem[1:].removesuffix(".")
        html += f'<p class="lab-error" role="alert">{escape(sentence(words))}</p>'
    if sweep.plan is not None:
        # Screen readers announce only the end; otherwise they would read out every change of the numbers.
        role = "" if sweep.running else ' role="status"'
        done = f"{100 * sweep.share:.1f}"
        html += f"""
          <p class="lab-sweep-progress speed"{role}>{escape(sweep.notice)}</p>
          <div class="epoch-bar" role="progressbar" aria-label="Sweep" aria-valuenow="{done}">
            <i style="width:{done}%"></i></div>"""
    return html


class View(Tab):
    """The sweep's fields and progress; plot and table appear with the first sweep."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self._state, self._sweeper = lab.state, lab.sweeper
        self._run = button("Run", "sweep-run", self._start, "Train a network for every value and seed")
        self._cancel = button("Cancel", "sweep-cancel", lab.sweeper.cancel, "Stop; finished networks stay")
        put_away(self._cancel, True)
        self._progress = pn.pane.HTML("", **WIDE)
        self._plot = SweepPlot(lab)
        self._table = pn.pane.HTML("", **WIDE | {"css_classes": ["sweep-table"]})
        both = wrapping_row(self._plot, self._table, name="sweep-results")
        self._results = pn.Column(both, visible=False, **WIDE)
        self._shown = SweepSnapshot()
        lab.state.param.watch(self._show, "sweep")

    async def _start(self) -> None:
        """Run the sweep."""
        with suppress(ValueError, RuntimeError):  # the snapshot has them, and the view shows them from there
            await self._sweeper.run()

    def _show(self, _event: Any) -> None:
        """Draw the changes of the sweep's snapshot."""
        sweep, before = self._state.sweep, self._shown
        self._shown = sweep
        exchange_buttons(self._run, self._cancel, sweep.running)
        self._progress.object = progress(sweep)
        if sweep.plan is not None and (sweep.plan, sweep.outcomes) != (before.plan, before.outcomes):
            self._table.object = table(sweep)
            self._plot.draw(sweep)
            self._results.visible = True

    def _settings(self) -> pn.widgets.Select:
        """Make the list of settings to vary.

        A setting brings its own values, so it is set through the sweeper.
        """
        chosen = pn.widgets.Select(
            value=self._state.sweep_setting, **of_choice("sweep_setting", **_field("setting"))
        )

        def choose(event: Any) -> None:
            if event.new != self._state.sweep_setting:
                self._sweeper.choose(setting=event.new)

        chosen.param.watch(choose, "value")
        self._state.param.watch(lambda event: chosen.param.update(value=event.new), "sweep_setting")
        return chosen

    def __panel__(self) -> pn.viewable.Viewable:
        state = self._state
        question = pn.pane.HTML(
            '<p class="aside">A fresh network for every value of one setting: which of them learns best?</p>',
            **PLAIN,
        )
        fields = wrapping_row(
            bound(pn.widgets.Select, state, "sweep_preset", **_field("network")),
            self._settings(),
            bound(pn.widgets.TextInput, state, "sweep_values", **_field("values")),
            bound(pn.widgets.IntInput, state, "sweep_seeds", **_field("count")),
            bound(pn.widgets.IntInput, state, "sweep_epochs", **_field("count")),
            # Both buttons share one place, so that the fields beside them keep their width.
            pn.Row(self._run, self._cancel, css_classes=["one-place"], margin=0, stylesheets=SHEETS),
            name="fields",
        )
        return pn.Column(question, fields, self._progress, self._results, **WIDE)


def _field(name: str) -> dict[str, Any]:
    """Return the style of an input that stands beside others.

    ``look/widgets.css`` sets its width by ``name``.
    """
    return WIDE | {"css_classes": ["field", name]}
