"""Shows the tab *My digits*: the learner's labelled drawings, their readings, and the result of a lesson."""

from __future__ import annotations

from html import escape
from io import StringIO
from typing import Any

import panel as pn

from web.components.gallery import Gallery
from web.lab import Lab
from web.pad.own_drawings import dataset_of
from web.state.sentences import sentence
from web.views.controls import LOOK, WIDE, button, tip, wrapping_row
from web.views.lessons import told, under_way
from web.views.reader_card import PAD_LOOK
from web.views.tabs import Tab

SHEETS = {"stylesheets": [LOOK, PAD_LOOK]}
NOTHING = "Draw a digit and say what it was: it is kept here, in this browser, and nowhere else."
FILE = "my-digits.jsonl"


class View(Tab):
    """A gallery of drawings. A press puts a drawing back on the pad, where it can be deleted."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        state = self._state = lab.state
        self._summary = pn.pane.HTML("", **WIDE)
        self._gallery = Gallery(
            stylesheets=[tip("Press a digit to put it on the pad.")], sizing_mode="stretch_width", margin=0
        )
        self._teach = button(
            "Teach it", "teach-mine", self._teach_now, "A short training with them mixed in; can be undone"
        )
        self._delete = button("Delete", "delete-mine", self._delete_chosen, "Delete the marked digit")
        self._undelete = button(
            "Undo deletion", "undelete-mine", lab.my_digits.undelete, "Bring the deleted digits back"
        )
        self._export = pn.widgets.FileDownload(
            callback=lambda: StringIO(lab.my_digits.export()), filename=FILE, label="Export",
            button_type="default", margin=0, css_classes=["lab-export-mine", "file"],
            stylesheets=[LOOK, tip("Download your digits as a file.")],
        )  # fmt: skip
        self._import = pn.widgets.FileInput(
            accept=".jsonl,.json,.gz,.txt", name="Import", margin=0, css_classes=["lab-import-mine"],
            stylesheets=[LOOK, PAD_LOOK, tip("Add the digits of an exported file to yours.")],
        )  # fmt: skip
        self._lesson = pn.pane.HTML("", **WIDE | SHEETS)
        self._told = pn.pane.HTML("", **WIDE)
        self._gallery.param.watch(self._pressed, "pressed")
        self._import.param.watch(self._take, "value")
        state.param.watch(
            self._show, ["my_digits", "my_reads", "my_digits_undoable", "lesson", "strokes", "picture"]
        )
        self._show()

    # --- drawing

    def _show(self, *events: Any) -> None:
        """Draw the digits, their readings, and the buttons that are possible now."""
        digits, reads = self._state.my_digits, self._state.my_reads
        self._summary.object = f'<p class="aside">{self._words()}</p>'
        if not events or any(event.name == "my_digits" for event in events):
            self._gallery.images = dataset_of(digits).pixels.tobytes() if digits else b""
        if len(reads) == len(digits):
            pairs = [(digit.label, read) for digit, read in zip(digits, reads, strict=True)]
            self._gallery.captions = [
                f"{label} ✓" if label == read else f"{label} → {read}" for label, read in pairs
            ]
            self._gallery.labels = [f"A {label}, read as {read}. Put it on the pad" for label, read in pairs]
        drawn = tuple(tuple(map(tuple, stroke)) for stroke in self._state.strokes)
        on_pad = (drawn, self._state.picture)
        places = [number for number, digit in enumerate(digits) if digit.drawn == on_pad]
        self._gallery.chosen = places[0] if places else -1
        self._gallery.visible = bool(digits)
        self._undelete.visible = self._state.my_digits_undoable  # first: the focus moves there from Delete
        self._delete.disabled = not places
        self._teach.disabled = not digits or under_way(self._state.lesson)
        self._export.disabled = not digits
        self._lesson.object = told(self._state.lesson)

    def _words(self) -> str:
        """Return how many of the digits are read rightly, as HTML."""
        digits, reads = self._state.my_digits, self._state.my_reads
        if not digits:
            return NOTHING
        right = sum(digit.label == read for digit, read in zip(digits, reads, strict=False))
        who = self._state.snapshot.reader
        name = "Your network" if who == "yours" else f"The shipped network “{who}”"
        return f"{name} reads <b>{right} of {len(digits)}</b> of them."

    # --- the learner's actions

    def _pressed(self, event: Any) -> None:
        self.lab.my_digits.to_pad(event.new["at"])

    def _delete_chosen(self) -> None:
        self.lab.my_digits.delete([self._gallery.chosen])

    async def _teach_now(self) -> None:
        try:
            await self.lab.my_digits.teach()
            self._told.object = ""
        except (ValueError, RuntimeError) as error:
            self._tell(str(error))

    def _take(self, event: Any) -> None:
        """Add the digits of the chosen file."""
        if not event.new:
            return
        try:
            new = self.lab.my_digits.take(event.new, self._import.filename or "the file")
            self._told.object = f'<p class="notice" role="status">{new} of them are new.</p>'
        except ValueError as error:
            self._tell(str(error))

    def _tell(self, words: str) -> None:
        """Show an error."""
        self._told.object = f'<p class="lab-error" role="alert">{escape(sentence(words))}</p>'

    def __panel__(self) -> pn.viewable.Viewable:
        row = wrapping_row(
            self._teach, self._delete, self._undelete, self._export, self._import, name="my-digits-head"
        )
        return pn.Column(self._summary, row, self._told, self._lesson, self._gallery, **WIDE)
