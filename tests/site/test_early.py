"""Checks the page before Python has started: it is painted, nothing moves, the pad takes strokes and answers,
and presses wait for Python.

The browser's own observers measure this in the page (``WATCH``), beginning before the first script.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.site.driving import READY, draw, snapshot, text, wait_until
from tests.site.listeners import Listeners
from tests.site.server import SiteServer

SEVEN = [(120, 100), (380, 100), (220, 420)]
WATCH = """
window.seen = { shifts: [], firsts: {} }
const box = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ")
new PerformanceObserver((list) => {
  for (const { hadRecentInput, value, startTime, sources } of list.getEntries()) {
    const what = sources.map(({ node, previousRect, currentRect }) => (
      `${node?.className ?? node?.nodeName} from ${box(previousRect)} to ${box(currentRect)}`))
    if (!hadRecentInput) seen.shifts.push({ value, at: Math.round(startTime), what })
  }
}).observe({ type: "layout-shift", buffered: true })
new MutationObserver(() => {
  const { lab, labPad } = document.documentElement.dataset
  seen.firsts[`lab ${lab}`] ??= performance.now()
  if (labPad) seen.firsts["pad"] ??= performance.now()
}).observe(document, { subtree: true, attributeFilter: ["data-lab", "data-lab-pad"] })
"""
LONG = "?start=lean"  # takes long enough to draw, press and look before Python has started


def lab_state(page: Any) -> str:
    return page.evaluate("document.documentElement?.dataset.lab")


def held(page: Any, files: str) -> Callable[[], None]:
    """Hold back these files until the returned function is called."""
    page.route(files, lambda _: None)

    def let_come() -> None:
        page.unroute(files)  # answers the waiting requests too

    return let_come


def when(page: Any, state: str) -> None:
    page.wait_for_function(f"document.documentElement?.dataset.lab === '{state}'", timeout=READY)


def when_pad_answers(page: Any) -> None:
    page.wait_for_function("document.documentElement?.dataset.labPad === 'ready'", timeout=READY)


def test_the_pad_answers_before_python_and_hands_over_without_a_jump(page: Any, serve: SiteServer) -> None:
    page.add_init_script(WATCH)
    page.goto(serve.url + LONG, wait_until="commit")
    when_pad_answers(page)
    assert lab_state(page) == "booting"
    draw(page, SEVEN)
    page.wait_for_function("document.querySelector('.lab-prediction').textContent !== ''", timeout=5000)
    assert lab_state(page) == "booting" and text(page, "prediction") == "7"
    assert "sure" in page.locator(".pad .sure").inner_text()
    page.wait_for_function(
        "/^reads as 7, \\d+ percent$/.test(document.querySelector('.pad .reading').textContent)"
    )
    before = page.locator(".lab-pad canvas").bounding_box()
    ink = page.evaluate("document.querySelector('.lab-pad canvas').toDataURL()")

    when(page, "ready")
    seen = wait_until(page, lambda seen: seen["prediction"] is not None, 10, "Python reads what was drawn")
    assert text(page, "prediction") == str(seen["prediction"])
    assert page.locator(".lab-pad canvas").bounding_box() == before
    assert page.evaluate("document.querySelector('.lab-pad canvas').toDataURL()") == ink
    early = page.evaluate("seen.firsts")
    assert early["pad"] < early["lab ready"] / 2


def test_a_stroke_drawn_while_python_comes_up_is_whole(page: Any, serve: SiteServer) -> None:
    page.goto(serve.url + LONG, wait_until="commit")
    page.locator(".lab-pad canvas").wait_for()
    page.wait_for_function("document.querySelector('.pad').pad")
    box = page.locator(".lab-pad canvas").bounding_box()
    x, top, height = box["x"] + box["width"] / 2, box["y"], box["height"]
    page.mouse.move(x, top + 0.1 * height)
    page.mouse.down()
    page.mouse.move(x, top + 0.3 * height, steps=5)
    assert lab_state(page) == "booting"
    when(page, "ready")
    page.mouse.move(x, top + 0.9 * height, steps=5)
    page.mouse.up()
    seen = wait_until(page, lambda seen: seen["prediction"] is not None, 10, "the stroke is read")
    [stroke] = page.evaluate("document.querySelector('.pad').pad.strokes")
    assert len(stroke) == 11 and stroke[0][1] < 60 and stroke[-1][1] > 440
    rows = [row for row in range(28) if any(seen["pixels"][28 * row : 28 * row + 28])]
    assert len(rows) >= 20, "a line from top to bottom, as tall as MNIST's digits"


def test_presses_before_python_can_be_seen_and_taken_back(page: Any, serve: SiteServer) -> None:
    page.goto(serve.url + LONG, wait_until="commit")
    for name in ("step", "epoch", "epoch"):
        page.locator(f".lab-{name}").click()
    assert lab_state(page) == "booting"
    assert page.locator(".lab-step button").get_attribute("aria-pressed") == "true"
    assert page.locator(".lab-epoch button").get_attribute("aria-pressed") == "false"
    assert page.locator(".lab-progress-then").inner_text() == "then Step"
    early = page.evaluate_handle("({ answer: window.inkling.command('set', { batch_size: 50 }) })")
    when(page, "ready")
    wait_until(page, lambda seen: seen["samples"] > 0, 20, "the step that was asked for")
    page.wait_for_timeout(500)
    seen = snapshot(page)
    assert not seen["running"] and seen["samples"] in (50, 100), "one step, and no epoch"
    early.evaluate("async ({ answer }) => { await answer }")


@pytest.mark.parametrize("start", ["lean", "image"])
def test_python_takes_over_the_page_that_is_shown_and_what_was_chosen_in_it(
    page: Any, serve: SiteServer, start: str
) -> None:
    let_come = held(page, "**/start/*")
    page.goto(f"{serve.url}?start={start}", wait_until="commit")
    page.locator(".lab-preset select").select_option(label="Make Your Own Neural Network · 784-200-10")
    assert lab_state(page) == "booting"
    let_come()
    button = page.locator(".lab-play button").element_handle()
    when(page, "ready")
    assert button.evaluate("button => button.isConnected"), "nothing is drawn a second time"
    wait_until(page, lambda seen: seen["layers"] == [784, 200, 10], 10, "what was chosen early")


@pytest.mark.parametrize("query", ["", "?learning_rate=0.5"], ids=["adopts", "draws anew"])
def test_a_python_that_is_up_first_waits_for_the_page(page: Any, serve: SiteServer, query: str) -> None:
    """The script that draws the page arrives after Python has started, as can happen on a quick second
    visit."""
    let_come = held(page, "**/static/bokeh.js")
    page.goto(serve.url + query, wait_until="commit")
    page.wait_for_function("document.documentElement?.dataset.labStart !== undefined", timeout=READY)
    page.wait_for_timeout(1000)
    assert page.locator(".lab-play").count() == 0
    let_come()
    when(page, "ready")
    page.locator(".lab-play").click()
    wait_until(page, lambda seen: seen["samples"] > 1000, 20, "training")
    assert page.locator(".lab-play").count() == page.locator(".lab-pad canvas").count() == 1


def moved(page: Any) -> list[dict[str, Any]]:
    """Return the layout shifts that the browser has measured, if a person would notice them. A value of 1
    means that the whole page has moved by its own height."""
    shifts: list[dict[str, Any]] = page.evaluate("seen.shifts")
    return shifts if sum(shift["value"] for shift in shifts) >= 0.01 else []


SIZES = [(1280, 800), (1200, 1000), (900, 1400), (600, 2600), (390, 844), (360, 2600)]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_moves_and_nothing_is_covered_from_first_paint_to_ready(
    browser: Any, serve: SiteServer, size: tuple[int, int]
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    listeners = Listeners(context, serve)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(serve.url, wait_until="commit")
    page.locator(".lab-play").wait_for()
    page.locator(".lab-play").scroll_into_view_if_needed()
    covered = """() => {
      const { x, y, width, height } = document.querySelector(".lab-pad canvas").getBoundingClientRect()
      return document.elementFromPoint(x + width / 2, y + height / 2)?.closest(".lab-pad") === null
    }"""
    assert not page.evaluate(covered)
    assert not page.evaluate("document.body.classList.contains('pn-loading')")
    page.mouse.wheel(0, 200)
    page.wait_for_function(
        "scrollY > 0 || document.documentElement.scrollHeight <= innerHeight", timeout=10_000
    )
    page.mouse.wheel(0, -400)
    when(page, "ready")
    page.wait_for_timeout(1000)
    assert moved(page) == []
    context.close()
    assert listeners.unexpected == []


@pytest.mark.parametrize("sheets", ["look/{network,pad,train,widgets}.css", "static/**/*.css"])
def test_style_sheets_that_come_late_move_nothing(page: Any, serve: SiteServer, sheets: str) -> None:
    """Panel's widgets must not show without their style sheets, nor move other parts of the page."""
    page.add_init_script(WATCH)
    let_come = held(page, f"**/{sheets}")
    page.goto(serve.url, wait_until="commit")
    page.locator(".lab-play").wait_for(state="attached")
    assert not page.locator(".lab-play").is_visible()
    let_come()
    when(page, "ready")
    assert page.locator(".lab-play").is_visible()
    page.wait_for_timeout(500)
    assert moved(page) == []


def test_without_the_small_network_the_pad_waits_for_python(page: Any, serve: SiteServer) -> None:
    serve.fail("models/small.npz")
    page.goto(serve.url + LONG, wait_until="commit")
    page.locator(".lab-play").wait_for()
    assert page.evaluate("document.documentElement.dataset.labPad") is None
    draw(page, SEVEN)
    when(page, "ready")
    assert page.evaluate("document.documentElement.dataset.labPad") == "ready"
    wait_until(page, lambda seen: seen["prediction"] is not None, 10, "Python reads what was drawn")


def test_what_answers_early_is_in_the_site(site: Path) -> None:
    assert {path.name for path in (site / "kernels").iterdir()} == {"relaxed.wasm", "simd.wasm"}
    assert (site / "models" / "small.npz").stat().st_size <= 250_000
    assert not list(site.glob("components/**/*.py"))
