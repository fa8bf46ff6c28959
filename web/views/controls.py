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
import param

from web.components.slider import Slider
from web.state.explanations import EXPLANATIONS

LOOK = "./look/widgets.css"
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


def select(parameter: param.Parameter, label: str, **params: Any) -> pn.widgets.Select:
    """A choice from a list, bound to ``parameter``."""
    return pn.widgets.Select.from_param(parameter, name=label, **explained(parameter, WIDE | params))


def explained(parameter: param.Parameter, params: dict[str, Any]) -> dict[str, Any]:
    """A widget's arguments with the explanation of ``parameter`` for a tip, in place of Panel's own."""
    sheets = [*params.get("stylesheets", [LOOK]), tip(EXPLANATIONS[str(parameter.name)])]
    return params | {"description": None, "stylesheets": sheets}


def wrapping_row(*items: pn.viewable.Viewable | pn.viewable.Viewer, name: str = "row") -> pn.Row:
    """Things side by side that go on in the next line where the screen is narrow.

    (Panel's own FlexBox is a ReactiveHTML, which needs an HTML sanitiser that has no build for the browser.)
    """
    return pn.Row(*items, css_classes=["wrapping", name], **WIDE)


class StopSlider(pn.viewable.Viewer):
    """A slider over ``stops``: values that follow no straight line, such as 0.001, 0.003, 0.01.

    Args:
        value: what it stands at now, read from ``owner``'s parameter ``name``; any value between the stops is
        shown as it is. choose: called with the new value when the learner lets go of the handle.
        show: a value as the text at the right.
    """

    def __init__(
        self,
        owner: param.Parameterized,
        name: str,
        label: str,
        stops: Sequence[Any],
        *,
        choose: Callable[[Any], None],
        value: Callable[[], Any] | None = None,
        show: Callable[[Any], str] = str,
    ) -> None:
        super().__init__()
        self._read = value or (lambda: getattr(owner, name))
        self._stops, self._choose, self._show = list(stops), choose, show
        self._slider = Slider(
            label=label,
            tip=EXPLANATIONS[name],
            texts=[show(stop) for stop in self._stops],
            index=self._nearest(),
            shown=show(self._read()),
            sizing_mode="stretch_width",
            height=46,
            margin=0,
        )
        self._slider.param.watch(self._released, "index")
        owner.param.watch(self._follow, name)

    def _nearest(self) -> int:
        return min(bisect_left(self._stops, self._read()), len(self._stops) - 1)

    def _follow(self, _event: Any) -> None:
        self._slider.param.update(index=self._nearest(), shown=self._show(self._read()))

    def _released(self, event: Any) -> None:
        if event.new != self._nearest():
            self._choose(self._stops[event.new])

    def __panel__(self) -> pn.viewable.Viewable:
        return self._slider
