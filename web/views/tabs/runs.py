"""Shows the tab *Runs*: every run with its settings and result, and a comparison of two.

The networks of sweeps are among the runs.
"""

from __future__ import annotations

from html import escape
from io import StringIO
from typing import Any

import panel as pn

from web.components.aside import AsideList
from web.components.runs import RunTable
from web.keeping.set_aside import MEMORY, MOST, AsideNetwork
from web.keeping.store import StoreError
from web.lab import Lab
from web.runs.run_log import RunSummary, as_csv, differences
from web.state.snapshot import Snapshot
from web.views.choice_labels import COLUMNS, heading, shown
from web.views.controls import LOOK, WIDE, tip, wrapping_row
from web.views.tabs import Tab
from web.views.tabs.comparison import ComparedCurves

SHEETS = [LOOK, "./look/runs.css"]

RESULTS = ["Test accuracy", "± 95 %", "Training accuracy", "Test loss", "Epochs", "Images", "Time"]


ASIDE_BOUNDS = (
    f"Networks that were yours when a link opened another. The newest {MOST} are kept in this browser, up to "
    f"{MEMORY // 1_000_000} MB; older ones go first. The last one keeps its past too."
)


class View(Tab):
    """The table, the differences and curves of two runs, a file of all runs, and the networks set aside."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self._table = RunTable(
            columns=[*RESULTS, *map(heading, COLUMNS)], sizing_mode="stretch_width", margin=0
        )
        self._table.param.watch(self._wish, "asked")
        self._aside = AsideList(bounds=ASIDE_BOUNDS, sizing_mode="stretch_width", margin=0)
        self._aside.param.watch(self._wish_aside, "asked")
        self._export = pn.widgets.FileDownload(
            callback=lambda: StringIO(as_csv(lab.state.runs)),
            filename="inkling-runs.csv",
            label="Export CSV",
            button_type="default",
            icon=None,
            margin=0,
            css_classes=["lab-export-runs", "file"],
            stylesheets=[*SHEETS, tip("Download the table with all its columns, for a spreadsheet.")],
        )
        self._differences = pn.pane.HTML("", **WIDE | {"stylesheets": SHEETS, "css_classes": ["compared"]})
        self._curves = ComparedCurves(lab)
        both = wrapping_row(self._curves, self._differences, name="sweep-results")
        self._comparison = pn.Column(both, visible=False, **WIDE)
        self._drawn: tuple[Any, ...] = ()
        lab.state.param.watch(self._on_change, ["runs", "compared", "aside"])

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the table, the comparison and the networks set aside, if any of them has changed."""
        state = self.lab.state
        drawn = (state.runs, tuple(state.compared), snapshot.run, state.aside)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self._table.rows = [row(record, record.number == snapshot.run) for record in state.runs]
        self._table.picked = list(state.compared)
        self._aside.rows = [aside_row(entry) for entry in state.aside if entry.run != snapshot.run]
        picked = [record for record in state.runs if record.number in state.compared]
        if len(picked) == 2:
            self._differences.object = differing(*picked)
            self._curves.draw(*picked)
        self._comparison.visible = len(picked) == 2

    def _wish(self, event: Any) -> None:
        """Carry out a pick, a rename or a reload from the table."""
        wish, runner = event.new, self.lab.runner
        if "pick" in wish:
            self.lab.state.compared = wish["pick"]
        elif "rename" in wish:
            runner.log.rename(wish["rename"], wish["name"])
        elif "reload" in wish:
            runner.switcher.reload(wish["reload"])

    async def _wish_aside(self, event: Any) -> None:
        """Bring back or delete a network that was set aside, with the same command that scripts use."""
        for wish, name in (("recall", "recall"), ("forget", "forget_aside")):
            if wish in event.new:
                try:
                    await self.lab.command(name, {"number": event.new[wish]})
                except (ValueError, StoreError) as error:
                    self.lab.state.problem = f"That can't be done: {error}."

    def __panel__(self) -> pn.viewable.Viewable:
        words = (
            "Pick two runs to compare them. The table stays for your next visit. While the page is open, the "
            "newest networks are kept, up to 32 MB; of all others, only the choices."
        )
        head = pn.pane.HTML(
            f'<p class="aside">{words}</p>', **WIDE | {"css_classes": ["runs-words"], "stylesheets": SHEETS}
        )
        top = wrapping_row(head, self._export, name="head")
        return pn.Column(self._aside, top, self._comparison, self._table, **WIDE)


def aside_row(entry: AsideNetwork) -> dict[str, Any]:
    """Return a network that was set aside as a row of the list."""
    facts = ["-".join(map(str, entry.layers)), f"{entry.samples:,} images"]
    if entry.test_accuracy is not None:
        facts.append(f"{entry.test_accuracy:.2%} of the test digits")
    name = entry.name or "A network"
    return {"number": entry.number, "name": name, "text": ", ".join(facts), "at": entry.saved_at}


def row(record: RunSummary, present: bool) -> dict[str, Any]:
    """Return a run as a row of the table."""
    low, high = record.interval or (None, None)
    spread = None if low is None or high is None else 50 * (high - low)
    minutes, seconds = divmod(round(record.seconds), 60)
    cells = [
        _number(record.test_accuracy, "{:.2%}"),
        _number(spread, "{:.2f}"),
        _number(record.train_accuracy, "{:.2%}"),
        _number(record.test_loss, "{:.4f}"),
        _number(record.epoch, "{:.1f}"),
        _number(record.samples, "{:,}"),
        {"text": f"{minutes}:{seconds:02}", "value": record.seconds},
    ]
    cells += [_choice(name, record.choices.get(name)) for name in COLUMNS]
    return {
        "run": record.number,
        "name": record.name,
        "kept": record.kept,
        "present": present,
        "cells": cells,
    }


def _number(value: float | None, form: str) -> dict[str, Any]:
    """Return a cell for a number; a dash for None."""
    return {"text": "–" if value is None else form.format(value), "value": value}


def _choice(name: str, value: Any) -> dict[str, Any]:
    """Return a cell for the choice ``name``; numbers sort as numbers, all else as text."""
    text = shown(name, value)
    return {"text": text, "value": value if isinstance(value, int | float) else text}


def differing(first: RunSummary, second: RunSummary) -> str:
    """Return the settings in which two runs differ, and the results of both, as an HTML table."""
    rows = [
        (heading(name), shown(name, one), shown(name, other))
        for name, one, other in differences(first, second)
    ]
    results = zip(RESULTS, row(first, False)["cells"], row(second, False)["cells"], strict=False)
    rows += [(label, one["text"], other["text"]) for label, one, other in results]
    body = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td>{escape(one)}</td><td>{escape(other)}</td></tr>'
        for label, one, other in rows
    )
    heads = "".join(f'<th scope="col">{escape(text)}</th>' for text in ("", first.name, second.name))
    return f'<table class="results"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
