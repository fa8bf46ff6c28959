"""Shows opened files before anything learns from them: a report with a contact sheet, or a question.

Pictures that are too few to learn from are shown as a strip, with the digit that is read in each.

The dialog lies over the page, so that showing it moves nothing. It is made when files are first opened.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from html import escape
from typing import TYPE_CHECKING, Any

import panel as pn

from web.components.gallery import Gallery
from web.lab import Lab
from web.state.opened_files import DigitsFound, FilesAsked, FilesUnderWay, Opened, PicturesRead, ReadPicture
from web.state.sentences import sentence
from web.views.controls import LOOK, WIDE, button, tip, wrapping_row

if TYPE_CHECKING:
    from nncore.datasets.reading import Report

SHEETS = {"stylesheets": [LOOK, "./look/pad.css", "./look/files.css"]}
MOST_SKIPPED = 5
"""The most files that are named among those left out; the others are counted."""
SAY = "Press a picture, then say what it was: it joins My digits, from which a network can be taught."


class OpenedFilesView(pn.viewable.Viewer):
    """The dialog; empty and hidden while no files are open."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._dialog: OpenedFilesDialog | None = None
        self._room = pn.Column(margin=0, visible=False)
        lab.state.param.watch(self._show, "opened")

    def _show(self, event: Any) -> None:
        """Show what was opened, or hide the dialog."""
        if event.new is not None:
            if self._dialog is None:
                self._dialog = OpenedFilesDialog(self._lab)
                self._room.append(self._dialog)
            self._dialog.draw(event.new)
        self._room.visible = event.new is not None

    def __panel__(self) -> pn.viewable.Viewable:
        return self._room


class OpenedFilesDialog(pn.viewable.Viewer):
    """Words, pictures and buttons; each is shown for those opened files that it fits."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab, self._chosen = lab, -1
        desk = lab.files
        self._words = pn.pane.HTML("", **WIDE | SHEETS)
        self._gallery = Gallery(
            stylesheets=[tip("Press a picture to put it on the pad, then say what it was.")],
            sizing_mode="stretch_width", margin=0, css_classes=["lab-files-sheet"],
        )  # fmt: skip
        self._was = pn.widgets.RadioButtonGroup(
            name="What it was", options=list(range(10)), value=None,
            css_classes=["lab-picture-was"],
            **WIDE | {"stylesheets": [*SHEETS["stylesheets"], tip(SAY)]},
        )  # fmt: skip
        self._was.value = None  # Panel starts with the first button pressed, so it could not be pressed
        self._choices = wrapping_row(name="lab-files-choices")
        self._learn = button(
            "Learn from these",
            "files-learn",
            desk.learn,
            "Begin a new network that learns from these digits; the present one can be brought back",
            primary=True,
        )
        self._turn = button("Turn", "files-turn", desk.turn, "Exchange rows and columns, for digits that lie")
        self._invert = button("Invert", "files-invert", desk.invert, "Exchange ink and paper")
        self._keep = button(
            "Keep as mine",
            "files-keep",
            self._keep_labelled,
            "Add all pictures whose digit is known to My digits",
        )
        self._cancel = button("Cancel", "files-cancel", desk.cancel, "Leave the files; nothing changes")
        self._gallery.param.watch(self._pressed, "pressed")
        self._was.param.watch(self._said, "value")

    def draw(self, opened: Opened) -> None:
        """Draw opened files."""
        is_report, is_strip = isinstance(opened, DigitsFound), isinstance(opened, PicturesRead)
        asked = opened if isinstance(opened, FilesAsked) else None
        self._words.object = words(opened)
        self._offer(asked)
        if isinstance(opened, DigitsFound):
            captions = [str(label) for label in opened.labels]
            self._fill(opened.sheet.tobytes(), captions, [f"A {label}" for label in captions])
        elif isinstance(opened, PicturesRead):
            self._fill(
                b"".join(picture.pixels for picture in opened.pictures),
                [caption(picture) for picture in opened.pictures],
                [label(picture) for picture in opened.pictures],
            )
        else:
            self._fill(b"", [], [])
        if not is_strip or self._chosen >= len(self._gallery.captions):
            self._chosen = -1
        if isinstance(opened, PicturesRead) and len(opened.pictures) == 1:
            self._chosen = 0
        self._gallery.chosen = self._chosen
        for part, there in (
            (self._gallery, is_report or is_strip),
            (self._was, is_strip),
            (self._choices, asked is not None),
            (self._learn, is_report),
            (self._turn, is_report),
            (self._invert, is_report),
            (self._keep, isinstance(opened, PicturesRead) and _keepable(opened)),
        ):
            part.visible = there
        self._was.disabled = self._chosen < 0
        self._cancel.name = "Close" if is_strip else "Cancel"

    def _fill(self, images: bytes, captions: list[str], labels: list[str]) -> None:
        self._gallery.param.update(images=images, captions=captions, labels=labels)

    def _offer(self, asked: FilesAsked | None) -> None:
        """Make a button for each answer to a question, the usual one first."""
        self._choices.objects = [
            button(
                choice.label,
                f"files-answer-{choice.value}",
                self._answering(choice.value),
                "Read the files again with this answer",
                primary=place == 0,
            )
            for place, choice in enumerate(asked.choices if asked else ())
        ]

    # --- the learner's actions

    def _answering(self, value: str) -> Callable[[], Any]:
        """Return a function that gives the answer ``value``."""

        async def answer() -> None:
            with suppress(ValueError, OSError):  # the desk tells the page why the files are refused
                await self._lab.files.answer(value)

        return answer

    def _pressed(self, event: Any) -> None:
        """Choose a picture, and put it on the pad."""
        if isinstance(self._lab.state.opened, PicturesRead):
            self._gallery.chosen = self._chosen = event.new["at"]
            self._was.disabled = False
            self._lab.files.to_pad(self._chosen)

    def _said(self, event: Any) -> None:
        """Add the chosen picture to my digits, as the digit that was pressed."""
        if event.new is None:
            return
        self._try(lambda: self._lab.files.was(self._chosen, event.new))
        self._was.value = None  # so that the same button can be pressed again

    def _keep_labelled(self) -> None:
        self._try(self._lab.files.keep_labelled)

    def _try(self, act: Callable[[], None]) -> None:
        """Call ``act``, and show why it is impossible."""
        try:
            act()
        except ValueError as error:
            self._lab.state.problem = sentence(error)

    def __panel__(self) -> pn.viewable.Viewable:
        actions = wrapping_row(
            self._learn, self._turn, self._invert, self._keep, self._cancel, name="lab-files-actions"
        )
        return pn.Column(
            self._words,
            self._gallery,
            self._was,
            self._choices,
            actions,
            margin=0,
            css_classes=["lab-files"],
            **SHEETS,
        )


def _keepable(opened: PicturesRead) -> bool:
    """Return whether a picture's digit is known, and it is not one of my digits yet."""
    return any(picture.label is not None and not picture.kept for picture in opened.pictures)


def caption(picture: ReadPicture) -> str:
    """Return what a picture is read as, beside what it is if that is known."""
    if picture.label is None:
        return f"read as {picture.read}"
    return f"{picture.label} ✓" if picture.label == picture.read else f"{picture.label} → {picture.read}"


def label(picture: ReadPicture) -> str:
    """Return a picture in words, for screen readers."""
    known = "" if picture.label is None else f", a {picture.label}"
    kept = ", one of my digits" if picture.kept else ""
    return f"{picture.name}{known}, read as {picture.read}, {round(100 * picture.share)} % sure{kept}"


def words(opened: Opened) -> str:
    """Return opened files in words, as HTML."""
    if isinstance(opened, FilesUnderWay):
        done = round(100 * opened.share)
        return (
            f'<h2 class="files-head" role="status">Reading {escape(opened.name)}</h2>'
            f'<div class="epoch-bar" role="progressbar" aria-label="Reading" aria-valuenow="{done}">'
            f'<i style="width: {done}%"></i></div>'
        )
    if isinstance(opened, FilesAsked):
        return f'{_head(opened.name)}<p class="files-told">{escape(opened.text)}</p>'
    if isinstance(opened, DigitsFound):
        return _head(f"{opened.report.train + opened.report.test:,} digits in {opened.name}") + _told(opened)
    if isinstance(opened, PicturesRead):
        return _head(f"{_pictures(opened.count)} in {opened.name}, read but not learned from") + _strip(
            opened
        )
    return ""


def _head(text: str) -> str:
    return f'<h2 class="files-head" role="alert">{escape(text)}</h2>'


def _pictures(count: int) -> str:
    return "One picture" if count == 1 else f"{count:,} pictures"


def _told(found: DigitsFound) -> str:
    """Return the report on digits as HTML."""
    report = found.report
    height, width = report.size
    rows = [
        f"{escape(report.format)}, {height} × {width} pixels: {report.train:,} to train on, "
        f"{report.test:,} to test with.",
        "Each digit: "
        + " · ".join(f"<b>{digit}</b> {count:,}" for digit, count in enumerate(report.per_class))
        + ".",
        *_notes(report),
    ]
    if found.unlabelled:
        rows.append(f"{_pictures(found.unlabelled)} without a label: not learned from.")
    rows.append("Are these digits upright, light ink on dark paper or as on this page, and rightly labelled?")
    return _paragraphs(rows)


def _strip(opened: PicturesRead) -> str:
    """Return the words over a strip of pictures as HTML."""
    known = [picture for picture in opened.pictures if picture.label is not None]
    rows = []
    if known:
        right = sum(picture.label == picture.read for picture in known)
        rows.append(f"<b>{right} of {len(known)}</b> are read rightly by the network that reads the pad.")
    if opened.count > len(opened.pictures):
        rows.append(f"The first {len(opened.pictures)} are shown.")
    return _paragraphs([*rows, *_notes(opened.report), SAY])


def _notes(report: Report) -> list[str]:
    """Return what was assumed, and what was left out, as HTML."""
    rows = [escape(sentence(assumed[:1].upper() + assumed[1:])) for assumed in report.assumed]
    if report.skipped:
        some = [f"{escape(one.file)} ({escape(one.reason)})" for one in report.skipped[:MOST_SKIPPED]]
        more = len(report.skipped) - len(some)
        rows.append(f"Left out: {'; '.join(some)}{f'; and {more:,} more' if more else ''}.")
    return rows


def _paragraphs(rows: list[str]) -> str:
    return "".join(f'<p class="files-told">{row}</p>' for row in rows)
