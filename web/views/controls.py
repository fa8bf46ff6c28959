"""Panel's widgets in the page's dress, each explained in a sentence, and the one kind of control that Panel
lacks: a slider over chosen stops.

Colours and sizes live in ``look/widgets.css``, which every widget links to; the page's own custom properties
reach it through the shadow roots.
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
    """The style sheet that gives a widget its sentence of explanation, which ``boot/page/tips.js`` shows."""
    return f":host {{ --tip: {json.dumps(text, ensure_ascii=False)} }}"


def head_tip(text: str) -> str:
    """The same for the head of a card that unfolds, and for nothing inside of it."""
    return f".card-header {{ --tip: {json.dumps(text, ensure_ascii=False)} }}"


def button(
    label: str, name: str, act: Callable[[], Any], says: str, *, primary: bool = False, **params: Any
) -> pn.widgets.Button:
    """A button of class ``lab-<name>`` that calls ``act`` when pressed (a coroutine is awaited by Panel);
    ``says`` explains it in a sentence."""
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
    """Take a widget from the page, or put it back.

    ``visible`` would do so too; but that, like a change of classes, makes Bokeh lay out and paint anew all
    plots of the same card, and a style does not.
    """
    widget.styles = {"display": "none" if away else ""}


def exchange_buttons(first: pn.viewable.Viewable, second: pn.viewable.Viewable, exchanged: bool) -> None:
    """Show one of two buttons that share a place: ``second`` if ``exchanged``, else ``first``.

    The one to be shown comes before the other one goes, so that the focus can go from one to the other
    (``boot/page/focus.js``).
    """
    shown, hidden = (second, first) if exchanged else (first, second)
    put_away(shown, False)
    put_away(hidden, True)


def bound(widget: type[pn.widgets.Widget], state: LabState, name: str, /, **params: Any) -> pn.widgets.Widget:
    """A widget that always has the value of the choice ``name``, and sets it."""
    return widget.from_param(state.param[name], **of_choice(name, **WIDE | params))


def of_choice(name: str, /, **params: Any) -> dict[str, Any]:
    """A widget's arguments: these ``params``, and what the table says of the choice ``name``: label, legal
    values, and the sentence as a tip in place of Panel's own."""
    row = ROWS[name]
    usual: dict[str, Any] = {"name": row.label, "description": None}
    if isinstance(row.kind, OneOf):
        usual["options"] = row.kind.options
    elif isinstance(row.kind, Whole) and "options" not in params:
        usual |= {"start": row.kind.low, "end": row.kind.high}
    sheets = [*params.get("stylesheets", [LOOK]), tip(row.sentence)]
    return usual | params | {"stylesheets": sheets}


def wrapping_row(*items: pn.viewable.Viewable | pn.viewable.Viewer, name: str = "row") -> pn.Row:
    """Things side by side that go on in the next line where the screen is narrow.

    (Panel's own FlexBox is a ReactiveHTML, which needs an HTML sanitiser that has no build for the browser.)
    """
    return pn.Row(*items, css_classes=["wrapping", name], **WIDE)


class StopSlider(pn.viewable.Viewer):
    """A slider for the choice ``name`` over ``stops``: values that follow no straight line, such as 0.001,
    0.003, 0.01. Any value between the stops is shown as it is.

    Args:
        show: a value as the text at the right; as its kind labels it if left out.
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
        return min(bisect_left(self._stops, self._read()), len(self._stops) - 1)

    def _follow(self, _event: Any) -> None:
        self._slider.param.update(index=self._nearest(), shown=self._show(self._read()))

    def _released(self, event: Any) -> None:
        if event.new != self._nearest():
            self._state.choose(**{self._name: self._stops[event.new]})

    def __panel__(self) -> pn.viewable.Viewable:
        return self._slider
