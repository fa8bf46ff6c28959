"""Shows the card *Imagine*: the back-query of each digit, and the network's reading of each picture."""

from __future__ import annotations

import math
from typing import Any

import panel as pn

from nncore.backquery import BACKQUERIES, BackQuery
from web.components.digits import DigitRows
from web.components.portrait import PortraitDialog
from web.lab import Lab
from web.state.snapshot import Asked, Portrait, ink
from web.views.controls import LOOK, WIDE, of_choice, wrapping_row


class ImagineView(pn.viewable.Viewer):
    """The method, a row of ten pictures (or one for each method), and a dialog that shows one of them large.

    The pictures are drawn again when the runner has made new ones.
    """

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._rows = DigitRows(sizing_mode="stretch_width", margin=0)
        self._dialog = PortraitDialog(
            methods=list(BACKQUERIES), sizing_mode="stretch_width", margin=0, height=0
        )
        self._images: tuple[BackQuery, ...] = ()
        self._portrait: Portrait | None = None
        self._rows.param.watch(self._open, "pressed")
        self._dialog.param.watch(self._answer, "pressed")
        lab.state.param.watch(self._show, "snapshot")
        lab.state.param.watch(self._show_asked, "asked")
        self._show()

    # --- the learner's actions

    def _open(self, event: Any) -> None:
        """Open the dialog for the pressed picture."""
        self._lab.state.asked = Asked(event.new["method"], event.new["digit"])

    def _answer(self, event: Any) -> None:
        """Carry out a press in the dialog."""
        state, wants = self._lab.state, event.new
        if wants["action"] == "ask":
            target = wants["target"]
            state.asked = Asked(wants["method"], target if isinstance(target, int) else tuple(target))
        elif wants["action"] == "close":
            state.asked = None
        elif self._portrait is not None:
            frame = self._portrait.frames[wants["frame"]]
            state.picture = ink((frame,), state.snapshot.input_range)

    # --- drawing

    def _show_asked(self, _event: Any) -> None:
        """Open the dialog for ``state.asked``, or close it."""
        asked = self._lab.state.asked
        if asked is None:
            self._dialog.method = ""
            return
        self._dialog.param.update(method=asked.method, target=_shares(asked))

    def _show(self, _event: Any = None) -> None:
        """Draw the pictures, and the frames of the dialog, if they are new."""
        snapshot = self._lab.state.snapshot
        if snapshot.images and snapshot.images is not self._images:
            self._images = images = snapshot.images
            self._rows.param.update(
                images=ink(images, snapshot.input_range),
                methods=[answer.method for answer in images[::10]],
                **_readings(images),
            )
        if snapshot.portrait is not None and snapshot.portrait is not self._portrait:
            self._portrait = portrait = snapshot.portrait
            self._dialog.param.update(
                frames=ink(portrait.frames, snapshot.input_range),
                of=[portrait.asked.method, *_shares(portrait.asked)],
                note=f"By the network after {portrait.samples:,} samples",
                **_readings(portrait.frames),
            )

    def __panel__(self) -> pn.viewable.Viewable:
        looks = of_choice("method", name="", button_type="default", margin=0)
        method = pn.widgets.RadioButtonGroup.from_param(self._lab.state.param.method, **looks)
        heading = pn.pane.HTML("<h2>Imagine</h2>", margin=0, stylesheets=[LOOK])
        question = pn.pane.HTML(
            '<p class="aside">What does each digit look like to this network, and does it believe its own '
            "picture?</p>",
            margin=0,
            stylesheets=[LOOK],
        )
        head = wrapping_row(heading, method, question, name="head")
        return pn.Column(head, self._rows, self._dialog, **WIDE)


def _shares(asked: Asked) -> list[float]:
    """Return the target of ``asked`` as ten shares."""
    if isinstance(asked.target, int):
        return [float(digit == asked.target) for digit in range(10)]
    return [float(share) for share in asked.target]


def _readings(answers: tuple[BackQuery, ...]) -> dict[str, list[Any]]:
    """Return the digit that the network reads in each picture, and its confidence.

    A confidence that is not finite, as of a network about to diverge, becomes 0.
    """
    return {
        "reads": [answer.reads for answer in answers],
        "confidences": [
            round(answer.confidence, 4) if math.isfinite(answer.confidence) else 0.0 for answer in answers
        ],
    }
