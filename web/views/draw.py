"""Shows the card *Draw*: the pad, the reading of the drawing, and the choice of the network that reads."""

from __future__ import annotations

from typing import Any

import numpy as np
import panel as pn

from web.components.pad import Pad
from web.lab import Lab
from web.state.reader_choices import YOURS
from web.state.sentences import sentence
from web.state.snapshot import Snapshot
from web.views.controls import WIDE, button, tip
from web.views.lessons import under_way
from web.views.reader_card import DRESS, ReaderCard
from web.views.readout import Readout

IT_WAS = "Say what you drew: it joins My digits, from which a network can be taught."


def no_digit(snapshot: Snapshot) -> bool:
    """Return whether a drawing is on the pad that does not look like a digit."""
    return snapshot.reading is not None and snapshot.reading.looks_like_digit is False


def remark(snapshot: Snapshot) -> str:
    """Return the words that replace the percentage beside the digit; empty if the percentage is shown."""
    reading = snapshot.reading
    if reading is None:
        return ""
    if no_digit(snapshot):
        return "if it were one"
    if reading.reader == YOURS and not snapshot.samples:
        return "a guess: it has not learned yet"
    if reading.calibrated is None:
        return f"{round(100 * reading.probabilities[reading.digit])} %, not calibrated"
    return ""


class ItWasA(pn.viewable.Viewer):
    """Ten buttons to label the drawing, and one that fine-tunes the network on the learner's digits."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab, self._state = lab, lab.state
        self._line = Readout(self._words(), **DRESS)
        self._buttons = pn.widgets.RadioButtonGroup(
            name="What it was", options=list(range(10)), value=None, disabled=True,
            css_classes=["lab-was"], **DRESS | {"stylesheets": [*DRESS["stylesheets"], tip(IT_WAS)]}
        )  # fmt: skip
        # Panel starts with the first button pressed, so the learner could not press it.
        self._buttons.value = None
        self._teach = button(
            "Teach it",
            "teach",
            self._teach_now,
            "Train for a moment on your digits, mixed with others; can be undone",
            visible=False,
        )
        self._buttons.param.watch(self._pressed, "value")
        lab.state.param.watch(self._show, ["snapshot", "my_digits", "lesson"])

    def _words(self) -> str:
        """Return the line over the buttons, as HTML."""
        snapshot, kept = self._state.snapshot, len(self._state.my_digits)
        doubt = "This does not look like a digit. " if no_digit(snapshot) else ""
        have = f" <span>{kept} of yours</span>" if kept else ""
        return f'<p class="was" role="status">{doubt}It was a …{have}</p>'

    def _pressed(self, event: Any) -> None:
        """Add the drawing to my digits."""
        if event.new is None:
            return
        try:
            self._lab.my_digits.was(event.new)
        except ValueError as error:
            self._state.notice = sentence(error)
        self._buttons.value = None  # so that the same button can be pressed again

    async def _teach_now(self) -> None:
        try:
            await self._lab.my_digits.teach()
        except (ValueError, RuntimeError) as error:
            self._state.notice = sentence(error)

    def _show(self, *_events: Any) -> None:
        """Update the line and enable the buttons that are possible now."""
        self._line.object = self._words()
        self._buttons.disabled = not self._state.strokes
        self._teach.visible = bool(self._state.my_digits)
        self._teach.disabled = under_way(self._state.lesson)

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(self._line, self._buttons, self._teach, **DRESS)


class DrawView(pn.viewable.Viewer):
    """The pad, bound both ways to ``state.strokes``; the reading comes with each snapshot."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        state = self._state = lab.state
        self._pad = Pad(sizing_mode="stretch_width", margin=0)
        self._pad.link(state, strokes="strokes", bidirectional=True)
        state.param.watch(lambda event: self._pad.param.update(picture=event.new), "picture")
        self._pad.param.watch(lambda _: state.param.update(picture=b""), "wiped")
        self._reader = ReaderCard(lab)
        self._was = ItWasA(lab)
        state.param.watch(self._show, "snapshot")

    def _show(self, _event: Any) -> None:
        """Show the network's input and its reading of the drawing."""
        snapshot = self._state.snapshot
        reading = snapshot.reading
        if reading is None:
            self._pad.param.update(pixels=bytes(784), probabilities=[0.0] * 10, prediction="", remark="")
            return
        shares = reading.calibrated or reading.probabilities
        self._pad.param.update(
            pixels=np.rint(reading.pixels * 255).astype(np.uint8).tobytes(),
            probabilities=[round(share, 3) for share in shares],
            prediction=str(reading.digit),
            remark=remark(snapshot),
        )

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(self._pad, self._was, self._reader, **WIDE | {"styles": {"row-gap": "8px"}})
