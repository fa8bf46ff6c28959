"""Makes the page's widgets: Panel's in the page's style, and a slider over chosen stops, which Panel lacks.

Each has a sentence of explanation. Colours and sizes live in ``look/widgets.css``, which every widget links
to; the page's own custom properties reach it through the shadow roots.
"""

from __future__ import annotations

import inspect
import json
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any

import panel as pn

from web.components.slider import Slider
from web.state.choice import Choice
from web.state.choices_table import CHOICES
from web.state.kinds import OneOf, Whole
from web.state.lab_state import LabState
from web.state.sweep_choices import SWEEP_CHOICES

LOOK = "./look/widgets.css"
ROWS: dict[str, Choice] = CHOICES | SWEEP_CHOICES
WIDE = {"sizing_mode": "stretch_width", "margin": 0, "stylesheets": [LOOK]}


def tip(text: str) -> str:
    """Return the style sheet that gives a widget its sentence of explanation.

    ``boot/page/tips.js`` shows the sentence.
    """
    return f":host {{ --tip: {json.dumps(text, ensure_ascii=False)} }}"


def head_tip(text: str) -> str:
    """Return the same for the head of a card that unfolds, without its contents."""
    return f".card-header {{ --tip: {json.dumps(text, ensure_ascii=False)} }}"


def button(
    label: str, name: str, act: Callable[[], Any], says: str, *, primary: bool = False, **params: Any
) -> pn.widgets.Button:
    """Make a button of class ``lab-<name>`` that calls ``act`` when it is pressed.

    Args:
        label: the text on the button.
        act: called without arguments; if it returns a coroutine, that is awaited.
        says: a sentence that explains the button, shown as its tip.
        primary: whether the button is coloured as the main one of its row.
    """
    made = pn.widgets.Button(
        name=label,
        css_classes=[f"lab-{name}"],
        button_type="primary" if primary else "default",
        margin=0,
        stylesheets=[LOOK, tip(says)],
        **params,
    )

    async def pressed(_event: Any) -> None:
        if inspect.isawaitable(outcome := act()):
            await outcome

    made.on_click(pressed)
    return made


def put_away(widget: pn.viewable.Viewable, away: bool) -> None:
    """Hide a widget, or show it again.

    ``visible`` would do so too, but like a change of classes it makes Bokeh lay out and paint all plots of
    the same card again. A change of ``styles`` does not.
    """
    widget.styles = {"display": "none" if away else ""}


def exchange_buttons(first: pn.viewable.Viewable, second: pn.viewable.Viewable, exchanged: bool) -> None:
    """Show one of two buttons that share a place: ``second`` if ``exchanged``, else ``first``.

    The new button is shown before the old one is hidden, so that the focus can move to it
    (``boot/page/focus.js``).
    """
    shown, hidden = (second, first) if exchanged else (first, second)
    put_away(shown, False)
    put_away(hidden, True)


def bound(widget: type[pn.widgets.Widget], state: LabState, name: str, /, **params: Any) -> pn.widgets.Widget:
    """Make a widget that is bound both ways to the choice ``name`` of ``state``."""
    return widget.from_param(state.param[name], **of_choice(name, **WIDE | params))


def of_choice(name: str, /, **params: Any) -> dict[str, Any]:
    """Return a widget's arguments: ``params``, and label, legal values and sentence of the choice ``name``.

    ``params`` take precedence. The sentence becomes the page's tip, so Panel's own description is switched
    off.
    """
    row = ROWS[name]
    usual: dict[str, Any] = {"name": row.label, "description": None}
    if isinstance(row.kind, OneOf):
        usual["options"] = row.kind.options
    elif isinstance(row.kind, Whole) and "options" not in params:
        usual |= {"start": row.kind.low, "end": row.kind.high}
    sheets = [*params.get("stylesheets", [LOOK]), tip(row.sentence)]
    return usual | params | {"stylesheets": sheets}


def wrapping_row(*items: pn.viewable.Viewable | pn.viewable.Viewer, name: str = "row") -> pn.Row:
    """Make a row that continues in the next line where the screen is narrow.

    (Panel's own FlexBox is a ReactiveHTML, which needs an HTML sanitiser that has no build for the browser.)
    """
    return pn.Row(*items, css_classes=["wrapping", name], **WIDE)


class StopSlider(pn.viewable.Viewer):
    """A slider over chosen stops that are not evenly spaced, such as 0.001, 0.003, 0.01.

    A value between two stops, as a command can set it, is shown as it is.

    Args:
        name: the choice that it sets.
        stops: the values in ascending order.
        show: turns a value into the text at the right; left out, the choice's kind does.
    """

    def __init__(
        self, state: LabState, name: str, stops: Sequence[Any], show: Callable[[Any], str] | None = None
    ) -> None:
        super().__init__()
        row = ROWS[name]
        self._state, self._name = state, name
        self._stops, self._show = list(stops), show or row.kind.label
        self._slider = Slider(
            label=row.label,
            tip=row.sentence,
            texts=[self._show(stop) for stop in self._stops],
            index=self._nearest(),
            shown=self._show(self._read()),
            sizing_mode="stretch_width",
            height=46,
            margin=0,
        )
        self._slider.param.watch(self._released, "index")
        state.param.watch(self._follow, name)

    def _read(self) -> Any:
        return getattr(self._state, self._name)

    def _nearest(self) -> int:
        """Return the index of the first stop that is not below the value, or of the last stop."""
        return min(bisect_left(self._stops, self._read()), len(self._stops) - 1)

    def _follow(self, _event: Any) -> None:
        """Show the value that the state has now."""
        self._slider.param.update(index=self._nearest(), shown=self._show(self._read()))

    def _released(self, event: Any) -> None:
        """Set the choice to the stop at which the handle was released."""
        if event.new != self._nearest():
            self._state.choose(**{self._name: self._stops[event.new]})

    def __panel__(self) -> pn.viewable.Viewable:
        return self._slider
