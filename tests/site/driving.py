"""Drives the built page: with the mouse, as a person does, or through ``window.inkling``, as a script
does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.site.listeners import Listeners
from tests.site.server import SiteServer
from web.views.tabs import TABS

READY = 120_000  # milliseconds; long, because a busy machine may be slow


def open_lab(page: Any, url: str) -> None:
    page.goto(url)
    page.wait_for_function(
        "['ready', 'failed'].includes(document.documentElement?.dataset.lab)", timeout=READY
    )
    assert page.evaluate("document.documentElement.dataset.lab") == "ready"


@contextmanager
def opened_lab(browser: Any, server: SiteServer, query: str = "", **options: Any) -> Iterator[Any]:
    """Open the lab in a new profile (``options`` are the profile's), and fail at the end if its listeners
    have recorded a problem."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
    listeners = Listeners(context, server)
    page = context.new_page()
    open_lab(page, server.url + query)
    yield page
    context.close()
    assert listeners.unexpected == []


def snapshot(page: Any) -> dict[str, Any]:
    return page.evaluate("window.inkling.snapshot()")


def command(page: Any, name: str, args: Any = None) -> Any:
    return page.evaluate("([name, args]) => window.inkling.command(name, args)", [name, args])


def train_until_paused(page: Any) -> None:
    """Press Train, with no number of epochs, so that training does not end by itself."""
    command(page, "set", {"epochs": 0})
    page.locator(".lab-play").click()


def text(page: Any, name: str) -> str:
    return page.locator(f".lab-{name}").inner_text().strip()


def wait_until(page: Any, condition: Any, seconds: float, what: str) -> dict[str, Any]:
    """Return the first snapshot for which ``condition`` holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        seen = snapshot(page)
        if condition(seen):
            return seen
        page.wait_for_timeout(100)
    raise AssertionError(f"not within {seconds} s: {what}; the last snapshot was {brief(seen)}")


def text_comes(page: Any, name: str, wanted: str, seconds: float = 30) -> None:
    """Wait until the text of ``.lab-<name>`` is ``wanted``, commas between thousands left out."""
    wait_until(
        page, lambda _seen: text(page, name).replace(",", "") == wanted, seconds, f"{name} shows {wanted!r}"
    )


def brief(seen: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in seen.items() if name not in ("pixels", "probabilities")}


def imagined(page: Any) -> list[dict[str, Any]]:
    """Return the ten pictures as the page shows them: ink from 0 to 255, the reading, and how sure it is."""
    return page.locator(".lab-imagine [data-digit]").evaluate_all(
        """figures => figures.map(figure => ({
             digit: Number(figure.dataset.digit), reads: Number(figure.dataset.reads),
             confidence: Number(figure.dataset.confidence),
             caption: figure.querySelector("figcaption").innerText,
             ink: [...figure.querySelector("canvas").getContext("2d").getImageData(0, 0, 28, 28).data]
                  .filter((_, i) => i % 4 === 3)}))"""
    )


def draw(page: Any, *strokes: list[tuple[float, float]]) -> None:
    """Draw strokes with the mouse; points are in a 500 x 500 box."""
    canvas = page.locator(".lab-pad canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    for stroke in strokes:
        places = [(box["x"] + x / 500 * box["width"], box["y"] + y / 500 * box["height"]) for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=10)
        page.mouse.up()


def save_now(page: Any) -> None:
    """Have the present work saved, and return when it is in the browser's storage."""
    assert page.evaluate("inkling.save().then(() => true)")


def settle(page: Any) -> None:
    """Wait until no card has changed its size for two frames."""
    page.evaluate(
        """async () => {
             const frame = () => new Promise((resolve) =>
               requestAnimationFrame(() => setTimeout(resolve, 50)))
             for (let before, now; now === undefined || now !== before; ) {
               before = now
               await frame()
               now = [...document.querySelectorAll(".card")].map((card) => card.scrollHeight).join()
             }
           }"""
    )


def open_tab(page: Any, name: str) -> None:
    """Open the tab with this name (a key of ``TABS``), and wait until its content is there and in place."""
    page.locator(".lab-tabs .bk-tab", has_text=TABS[name]).click()
    page.locator(f".tab-{name} > *").first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    settle(page)
