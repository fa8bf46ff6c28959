"""Shows the tab *Styles*: ways to write digits, distortions to train on, and a lesson that teaches one style.

Every slider here is a choice of the run, and can be changed while the network trains.
"""

from __future__ import annotations

import asyncio
from html import escape
from typing import Any

import panel as pn

from nncore.styles import ALL_STYLES
from web.components.gallery import Gallery
from web.lab import Lab
from web.state.kinds import STYLE_KEYS
from web.state.reader_choices import YOURS
from web.state.sentences import sentence
from web.state.snapshot import Snapshot
from web.teaching.style_lesson import StyleLesson
from web.views.controls import LOOK, WIDE, StopSlider, button, tip, wrapping_row
from web.views.reader_card import DRESS, PAD_LOOK
from web.views.tabs import Tab

# A crossed seven written in one stroke. Where the bar is a stroke of its own, networks trained on MNIST read
# nearly all of them (23 of 24 after an epoch of "fast"); of the sevens in one stroke about 15.
FIRST = "7 bar without lifting"
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
AFFINES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
ELASTICS = (0.0, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0)
THICKNESSES = (0.0, 0.25, 0.5, 0.75, 1.0)
NAMES = {"affine": "turned and slanted", "elastic": "bent", "thickness": "thicker or thinner"}
SHEETS = {"stylesheets": [LOOK, PAD_LOOK]}


def price(costs: dict[str, float], snapshot: Snapshot, chosen: dict[str, float]) -> str:
    """Return the measured time of the distortions in this browser, as HTML.

    Args:
        costs: seconds an image, by the name of the distortion. chosen: the strength of each.
    """
    if not costs:
        return ""
    each = ", ".join(f"{NAMES[name]} {1e6 * seconds:,.0f}" for name, seconds in costs.items())
    words = f"Measured here, millionths of a second an image: {each}."
    if snapshot.images_per_second:
        now = f"<b>{snapshot.images_per_second:,.0f} images a second</b>"
        words += f" This run trains on {now} with the present choices."
        if not any(chosen.values()):
            slower = 1 / (1 / snapshot.images_per_second + sum(costs.values()))
            words += f" With all three it would be about {slower:,.0f}."
    return f'<p class="aside lab-price">{words}</p>'


def told(lesson: StyleLesson | None) -> str:
    """Return the lesson's results as HTML."""
    if lesson is None:
        return ""
    if lesson.after is None:
        return f'<p class="aside" role="status">A copy of your network learns “{escape(lesson.key)}” …</p>'
    count, before, after = len(lesson.pixels), lesson.right(lesson.before), lesson.right(lesson.after)
    return (
        '<p class="aside lab-style-lesson" role="status">'
        f"Both are shown {count} new drawings of “{escape(lesson.key)}”. Your network reads <b>{before}</b> "
        f"rightly; its copy, trained for a moment on {count} others, reads <b>{after}</b>. Test digits: "
        f"{100 * lesson.test_before:.2f} % before, {100 * lesson.test_after:.2f} % after. "
        "Under each drawing: its reading before → after.</p>"
    )


class View(Tab):
    """Sliders, the lesson, and a gallery in which styles are switched on and off."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        state = self._state = lab.state
        self._filling: asyncio.Task[None] | None = None

        def percent(value: float) -> str:
            return f"{100 * value:.0f} %"

        self._sliders = wrapping_row(
            *(
                pn.Column(one, css_classes=["style-slider"], **WIDE | SHEETS)
                for one in (
                    StopSlider(state, "styles", SHARES, percent),
                    StopSlider(state, "mine", SHARES, percent),
                    StopSlider(state, "affine", AFFINES),
                    StopSlider(state, "elastic", ELASTICS),
                    StopSlider(state, "thickness", THICKNESSES, lambda pixels: f"± {pixels:g} px"),
                )
            ),
            name="style-sliders",
        )
        self._price = pn.pane.HTML("", **WIDE | SHEETS)
        self._style = pn.widgets.Select(
            name="Before and after learning", options=list(STYLE_KEYS), value=FIRST,
            css_classes=["lab-style"],
            **DRESS | {"stylesheets": [*DRESS["stylesheets"], tip("The style that a copy of yours learns.")]},
        )  # fmt: skip
        self._show_both = button(
            "Show both", "style-both", self._teach, "Your network, and a copy that has learned this style"
        )
        self._lesson = pn.pane.HTML("", **WIDE | SHEETS)
        self._fault = pn.pane.HTML("", **WIDE)
        self._readings = Gallery(
            stylesheets=[tip("What is read before and after the lesson.")],
            sizing_mode="stretch_width",
            margin=0,
            visible=False,
        )
        self._count = pn.pane.HTML("", **WIDE)
        self._gallery = Gallery(
            stylesheets=[tip("Press a style to leave it out of the mix, or to take it in again.")],
            sizing_mode="stretch_width",
            margin=0,
        )
        self._gallery.param.watch(self._switch, "pressed")
        state.param.watch(self._caption, ["styles_off", "style_reads"])
        state.param.watch(self._show_lesson, "style_lesson")
        state.param.watch(lambda _: self.draw(state.snapshot), "costs")
        state.param.watch(self._begin, "tab")
        self._caption()

    # --- drawing

    def _begin(self, _event: Any) -> None:
        """Draw the gallery and time the distortions when the tab is opened for the first time."""
        if self.in_front and self._filling is None:
            self._filling = asyncio.ensure_future(self._fill())

    async def _fill(self) -> None:
        """Draw an example of each style, and measure the distortions."""
        self._gallery.images = (await self.lab.my_digits.styles.examples()).tobytes()
        await self.lab.my_digits.styles.weigh()

    def draw(self, snapshot: Snapshot) -> None:
        """Show the cost of the distortions in the present run."""
        state = self._state
        chosen = {name: getattr(state, name) for name in NAMES}
        self._price.object = price(state.costs, snapshot, chosen)

    def _caption(self, *_events: Any) -> None:
        """Write the reading of each style under its example."""
        off, reads = set(self._state.styles_off), self._state.style_reads
        wrong = {s.key: f"✗ {read} · " for s, read in zip(ALL_STYLES, reads, strict=False) if s.digit != read}
        if reads:
            who = "Your network" if self._state.snapshot.reader == YOURS else "The shipped network"
            self._count.object = (
                f'<p class="aside"><b>{who} reads {len(reads) - len(wrong)} of these {len(reads)}</b>; '
                "what it reads in the others stands behind ✗. Press one to leave it out of the mix.</p>"
            )
        self._gallery.param.update(
            captions=[
                f"({style.key})" if style.key in off else wrong.get(style.key, "") + style.key
                for style in ALL_STYLES
            ],
            labels=[
                f"{style.key}, {'left out' if style.key in off else 'in'}. {style.text} Press to switch"
                for style in ALL_STYLES
            ],
        )

    def _show_lesson(self, _event: Any) -> None:
        """Show the progress or the result of the lesson."""
        lesson = self._state.style_lesson
        self._lesson.object = told(lesson)
        self._show_both.disabled = lesson is not None and lesson.after is None
        self._readings.visible = lesson is not None and lesson.after is not None
        if lesson is None or lesson.after is None:
            return
        pairs = list(zip(lesson.before, lesson.after, strict=True))
        self._readings.param.update(
            images=lesson.pixels.tobytes(),
            captions=[f"{before} → {after}" for before, after in pairs],
            labels=[f"A {lesson.key}: read as {before}, then as {after}" for before, after in pairs],
        )

    # --- the learner's actions

    def _switch(self, event: Any) -> None:
        """Leave a style out of the mix, or take it in again."""
        key, off = STYLE_KEYS[event.new["at"]], self._state.styles_off
        self._state.choose(styles_off=[k for k in STYLE_KEYS if (k in off) != (k == key)])

    async def _teach(self) -> None:
        """Start the lesson of the chosen style."""
        self._fault.object = ""
        try:
            await self.lab.my_digits.styles.teach(self._style.value)
        except ValueError as error:
            words = f"{str(error)[:1].upper()}{str(error)[1:]}"
            self._fault.object = f'<p class="lab-error" role="alert">{escape(sentence(words))}</p>'

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(
            pn.pane.HTML(
                '<p class="aside">MNIST was written by Americans. These are ways in which the rest of the '
                "world writes digits; a share of them can be mixed into any training, and every image can "
                "be distorted anew each time it comes.</p>",
                **WIDE,
            ),
            self._sliders,
            self._price,
            wrapping_row(self._style, self._show_both, name="style-lesson"),
            self._fault,
            self._lesson,
            pn.Column(self._readings, css_classes=["style-readings"], **WIDE | SHEETS),
            self._count,
            pn.Column(self._gallery, css_classes=["style-gallery"], **WIDE | SHEETS),
            **WIDE,
        )
