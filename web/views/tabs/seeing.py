"""Shows the tab *Seeing*: how the drawing is prepared for the network, with a reading after each step.

Most pages that read drawings badly leave out some of these steps; here the learner can leave them out and see
the effect.
"""

from __future__ import annotations

from html import escape
from typing import Any

import panel as pn

from nncore.pen.steps import RAW, STEPS
from web.components.gallery import Gallery
from web.lab import Lab
from web.state.reader_choices import READERS
from web.state.snapshot import SeenStage, Snapshot
from web.views.controls import LOOK, WIDE, of_choice, tip
from web.views.reader_card import PAD_LOOK
from web.views.readout import Readout
from web.views.tabs import Tab

SHORT = {
    RAW: "the pad, shrunk",
    "crop": "cropped",
    "box": "20-pixel box",
    "pen": "pen width",
    "centre": "centred",
    # a photo's
    "photo": "the photo, shrunk",
    "ink": "its ink alone",
    "fitted": "cropped, fitted, centred",
}
EMPTY = "Draw a digit, small or in a corner of the pad, and see here how it is made ready for the network."


def told(stages: tuple[SeenStage, ...], reader: str) -> str:
    """Return the effect of the steps on this drawing, in a sentence of HTML."""
    first, last = stages[0], stages[-1]
    who = READERS[reader].lower()
    if first.digit == last.digit:
        return f"Read by {who}: a <b>{last.digit}</b> before any step and after the last one."
    where = "as it stands on the pad" if first.name == RAW else "as it was taken"
    words = f"a <b>{first.digit}</b> {where}, a <b>{last.digit}</b> after the last step"
    return f"Read by {who}: {words}."


class View(Tab):
    """Switches for the steps, a picture after each step, and the reason for each."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self._told = Readout(f'<p class="aside">{EMPTY}</p>', **WIDE)
        self._gallery = Gallery(
            stylesheets=[tip("The picture after this step. Press to leave the step out, or to put it back.")],
            sizing_mode="stretch_width",
            margin=0,
        )
        self._switches = pn.widgets.CheckButtonGroup(
            options={SHORT[name].capitalize(): name for name in STEPS},
            value=list(lab.state.pen_steps),
            margin=0,
            css_classes=["lab-steps"],
            **of_choice("pen_steps", stylesheets=[LOOK, PAD_LOOK]),
        )
        self._switches.param.watch(lambda event: lab.state.choose(pen_steps=event.new), "value")
        lab.state.param.watch(lambda event: self._switches.param.update(value=list(event.new)), "pen_steps")
        self._gallery.param.watch(self._switch, "pressed")

    def _switch(self, event: Any) -> None:
        """Switch a step on or off after a press on its picture."""
        at, stages = event.new["at"], self.lab.state.snapshot.stages
        if at == 0 or (stages and stages[0].name != RAW):  # a photo's steps are always taken
            return
        name, taken = list(STEPS)[at - 1], self.lab.state.pen_steps
        self.lab.state.choose(pen_steps=[n for n in STEPS if (n in taken) != (n == name)])

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the picture and the reading after each step."""
        stages = snapshot.stages
        self._gallery.visible = bool(stages)
        self._told.object = f'<p class="aside">{told(stages, snapshot.reader) if stages else EMPTY}</p>'
        if not stages:
            return
        self._gallery.param.update(
            images=b"".join(stage.pixels.tobytes() for stage in stages),
            captions=[_caption(stage) for stage in stages],
            labels=[
                f"{SHORT[stage.name]}{'' if stage.taken else ', left out'}: read as {stage.digit}, "
                f"{round(100 * stage.share)} % sure"
                for stage in stages
            ],
        )

    def __panel__(self) -> pn.viewable.Viewable:
        rows = "".join(
            f"<dt>{escape(SHORT[name].capitalize())}</dt><dd>{escape(text)}</dd>"
            for name, text in STEPS.items()
        )
        return pn.Column(
            self._told,
            self._switches,
            pn.Column(self._gallery, css_classes=["seeing"], **WIDE | {"stylesheets": [LOOK, PAD_LOOK]}),
            Readout(f'<dl class="steps">{rows}</dl>', **WIDE | {"stylesheets": [LOOK, PAD_LOOK]}),
            **WIDE,
        )


def _caption(stage: SeenStage) -> str:
    """Return the caption of a picture: the step and the digit read; in brackets if the step is left out."""
    if not stage.taken:
        return f"({SHORT[stage.name]})"
    return f"{SHORT[stage.name]}: {stage.digit}"
