"""Shows the bar at the bottom that asks before a trained network is replaced, and that offers to undo it."""

from __future__ import annotations

from html import escape
from typing import Any

import panel as pn

from web.lab import Lab
from web.views.controls import LOOK, WIDE, button


class QuestionView(pn.viewable.Viewer):
    """The question and its buttons, visible while a choice is staged or a change can be undone.

    The bar lies over the page, so that showing it moves nothing.
    """

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._state, self._staging = lab.state, lab.staging
        self._text = pn.pane.HTML("", **WIDE | {"sizing_mode": None})
        self._begin = button(
            "Begin",
            "begin",
            lab.staging.begin,
            "Begin a new network; this one can be brought back",
            primary=True,
        )
        self._keep = button("Keep", "keep", self._keep_all, "Leave the network as it is")
        self._undo = button("Undo", "undo", lab.runner.switcher.undo, "Bring the network from before back")
        self._close = button("Dismiss", "dismiss", self._dismiss, "Hide this; nothing else changes")
        self._bar = pn.Row(
            self._text,
            self._begin,
            self._keep,
            self._undo,
            self._close,
            css_classes=["lab-question"],
            visible=False,
            margin=0,
            stylesheets=[LOOK, "./look/network.css"],
        )
        lab.state.param.watch(self._show, ["staged", "notice", "undoable"])

    def _keep_all(self) -> None:
        """Answer *Keep*, and drop the offer to undo that the question replaced, so that the bar is hidden."""
        self._staging.keep()
        self._dismiss()

    def _dismiss(self) -> None:
        self._state.param.update(notice="", undoable=False)

    def _show(self, *_events: Any) -> None:
        """Show the question or the offer to undo, with its buttons; hide the bar if there is neither."""
        state = self._state
        asks = bool(state.staged)
        offers = not asks and state.undoable and bool(state.notice)
        objection = self._staging.objection() if asks else None
        if asks or offers:
            words = (objection or self._staging.question()) if asks else state.notice
            self._text.object = f'<p class="question" role="alert">{escape(words)}</p>'
            wanted = {
                self._begin: asks and not objection,
                self._keep: asks,
                self._undo: offers,
                self._close: offers,
            }
            # New buttons are shown before old ones are hidden, so that the focus can move to them
            # (boot/page/focus.js).
            for choice in sorted(wanted, key=lambda choice: not wanted[choice]):
                choice.visible = wanted[choice]
        self._bar.visible = asks or offers

    def __panel__(self) -> pn.viewable.Viewable:
        return self._bar
