"""Shows the tab *Code*: the source that trains, and the present run as a script and as a notebook.

Each line has the shapes of its arrays in the present network beside it.
"""

from __future__ import annotations

import io
from html import escape
from typing import Any

import panel as pn

from web.lab import Lab
from web.program.code_notes import PARTS, Part, Present
from web.program.export_script import NotRepeatable, Recipe, notebook, script
from web.program.source import listing
from web.state.snapshot import Snapshot
from web.views.controls import LOOK, WIDE, tip, wrapping_row
from web.views.tabs import Tab

SHEETS = [LOOK, "./look/insight.css"]

ABOUT = (
    "This code from nncore trains the network. Beside it are the shapes of the arrays in your network, for "
    "one mini-batch of images."
)
KERNEL = (
    " In this browser the same arithmetic runs in C (nncore/kernels/kernels.c), which is tested against "
    "these lines."
)


def table(part: Part, now: Present) -> str:
    """Return one listing as HTML: line numbers, code, shapes."""
    source = listing(part.module, part.name(now))
    rows, inside = [], False
    for number, line in enumerate(source.lines, source.first):
        quotes = line.count('"""')
        soft = inside or quotes > 0 or line.lstrip().startswith("#")
        inside ^= quotes % 2 == 1
        notes = next((note(now) for code, note in part.notes.items() if code in line), [])
        beside = "<br>".join(map(escape, notes))
        rows.append(
            f'<tr><td class="line">{number}</td><td class="{"soft" if soft else "code"}"><code>{escape(line)}'
            f'</code></td><td class="shape">{beside}</td></tr>'
        )
    where = f"{source.module}, line {source.first}"
    return (
        f'<h3>{part.title} <small>{where}</small></h3><div class="listing" tabindex="0" role="region" '
        f'aria-label="Source of {part.title.lower()}"><table><thead class="sr"><tr><th>Line</th><th>Code</th>'
        f"<th>Shapes</th></tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


class View(Tab):
    """The listings and two files to download.

    The listings are written again only when a shape or the kind of update has changed.
    """

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self._now: Present | None = None
        self._about = pn.pane.HTML("", **WIDE)
        self._listings = pn.pane.HTML("", **WIDE | {"stylesheets": SHEETS})
        self._problem = pn.pane.HTML("", **WIDE)
        self._script = self._file("Script", "code-script", "repeat.py", script, "Download it for Python.")
        self._notebook = self._file(
            "Notebook", "code-notebook", "repeat.ipynb", notebook, "Download it for Jupyter."
        )

    def _file(self, label: str, name: str, filename: str, write: Any, says: str) -> pn.widgets.FileDownload:
        """Make a button that writes a file of the present run and hands it to the browser."""

        def make() -> io.StringIO:
            try:
                made: Recipe = self.lab.runner.queries.recipe()
            except (NotRepeatable, RuntimeError) as error:
                reason = escape(str(error)[:1].upper() + str(error)[1:])
                self._problem.object = f'<p class="lab-error" role="alert">{reason}</p>'
                return io.StringIO(f"# {error}\n")
            self._problem.object = ""
            return io.StringIO(write(made))

        return pn.widgets.FileDownload(
            callback=make,
            filename=filename,
            label=label,
            button_type="default",
            css_classes=[f"lab-{name}", "file"],
            margin=0,
            stylesheets=[LOOK, tip(says)],
        )

    def draw(self, snapshot: Snapshot) -> None:
        """Write the listings again if the network, the batch or the optimiser has changed."""
        state = self.lab.state
        assert snapshot.spec is not None
        now = Present(
            spec=snapshot.spec,
            batch=state.batch_size,
            optimiser=state.optimiser,
            rate=snapshot.learning_rate,
            updates=snapshot.steps,
        )
        if now == self._now:
            return
        before, self._now = self._now, now
        same = before is not None and (before.spec, before.batch, before.optimiser) == (
            now.spec,
            now.batch,
            now.optimiser,
        )
        if same and snapshot.running:
            return  # only numbers differ; they are updated at the next pause
        self._about.object = f'<p class="aside">{ABOUT}{KERNEL if snapshot.kernel != "numpy" else ""}</p>'
        self._listings.object = "".join(table(part, now) for part in PARTS)

    def __panel__(self) -> pn.viewable.Viewable:
        take = pn.pane.HTML(
            '<p class="aside"><b>Take the run along</b>: a program that repeats it outside the page, from '
            "its first weights through everything you changed on the way.</p>",
            margin=0,
            stylesheets=[LOOK],
        )
        files = wrapping_row(take, self._script, self._notebook, name="head")
        return pn.Column(files, self._problem, self._about, self._listings, **WIDE)
