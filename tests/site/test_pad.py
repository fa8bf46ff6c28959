"""Checks the pad with every kind of pointer and with the keys, on a dense screen; it must read as the core
does."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.datasets.strokes import to_pixels
from nncore.pen import rasterise
from tests.site.driving import command, draw, opened_lab, snapshot, text, text_comes, wait_until
from tests.site.server import SiteServer

ONE = [(250, 60), (250, 440)]
STROKES = "document.querySelector('.pad').pad.strokes"


@pytest.fixture(scope="module")
def lab(browser: Any, site: Path) -> Iterator[Any]:
    """Open a lab on a dense touch screen."""
    touch = {"device_scale_factor": 2, "has_touch": True}
    with SiteServer(site).running() as server, opened_lab(browser, server, **touch) as page:
        yield page


@pytest.fixture(autouse=True)
def empty_pad(lab: Any) -> None:
    lab.evaluate("document.querySelector('.pad').pad.clear()")
    wait_until(lab, lambda seen: seen["prediction"] is None, 10, "an empty pad")


def test_the_canvas_has_the_screens_own_pixels(lab: Any) -> None:
    width, shown = lab.evaluate(
        "(() => { const c = document.querySelector('.lab-pad canvas'); return [c.width, c.clientWidth] })()"
    )
    assert abs(width - 2 * shown) <= 4
    assert lab.evaluate("getComputedStyle(document.querySelector('.lab-pad canvas')).touchAction") == "none"
    assert lab.evaluate("getComputedStyle(document.querySelector('.card-pad')).touchAction") == "auto"


def pointer(page: Any, kind: str, steps: list[tuple[str, float, float]], button: int = 0) -> None:
    """Send pointer events, also of kinds that Playwright can't make, at places in a 500 x 500 box."""
    page.evaluate(
        """([kind, steps, button]) => {
          const canvas = document.querySelector(".lab-pad canvas")
          const box = canvas.getBoundingClientRect()
          for (const [name, x, y] of steps) {
            canvas.dispatchEvent(new PointerEvent(`pointer${name}`, {
              pointerId: 7, pointerType: kind, button, bubbles: true,
              clientX: box.left + x / 500 * box.width, clientY: box.top + y / 500 * box.height,
            }))
          }
        }""",
        [kind, steps, button],
    )


def test_a_finger_draws_and_the_page_does_not_scroll(lab: Any) -> None:
    session = lab.context.new_cdp_session(lab)
    box = lab.locator(".lab-pad canvas").bounding_box()
    places = [{"x": box["x"] + box["width"] / 2, "y": box["y"] + y} for y in range(20, 180, 10)]
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": places[:1]})
    for place in places[1:]:
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [place]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    wait_until(lab, lambda seen: seen["prediction"] is not None, 10, "a stroke by touch is read")
    [stroke] = lab.evaluate(STROKES)
    assert stroke[0][1] < 100 and stroke[-1][1] > 350
    assert lab.evaluate("scrollY") == 0


@pytest.mark.parametrize("kind", ["mouse", "touch", "pen"])
def test_strokes_are_taken_back_when_the_browser_says_they_were_none(lab: Any, kind: str) -> None:
    pointer(lab, kind, [("down", 250, 60), ("move", 250, 250), ("up", 250, 250)])
    assert len(lab.evaluate(STROKES)) == 1
    pointer(lab, kind, [("down", 100, 60), ("move", 100, 250), ("cancel", 0, 0)])
    pointer(lab, kind, [("down", 100, 60), ("move", 100, 250), ("up", 100, 250)], button=5)  # a pen's eraser
    assert lab.evaluate(STROKES) == [[[250, 60], [250, 250]]]


def test_a_stroke_goes_on_beyond_the_edge_and_stays_in_the_box(lab: Any) -> None:
    draw(lab, [(250, 250), (250, 900), (600, 900)])
    [stroke] = lab.evaluate(STROKES)
    assert stroke[-1] == [500, 500]


def test_digits_are_drawn_with_the_keys_and_places_are_announced(lab: Any) -> None:
    surface, says = lab.locator(".lab-pad"), lab.locator(".pad .says")
    lab.locator(".card-pad .lab-pad-clear").evaluate("button => button.blur()")
    surface.focus()
    lab.keyboard.press("Shift+Tab")
    lab.keyboard.press("Tab")  # with the keyboard, so that the hint is shown
    assert surface.evaluate("element => element === document.activeElement")
    assert float(lab.locator(".pad .keys").evaluate("hint => getComputedStyle(hint).opacity")) == 1
    for _ in range(2):
        lab.keyboard.press("Shift+ArrowUp")
    lab.keyboard.press("ArrowUp")
    lab.wait_for_function("document.querySelector('.pad .says').textContent.includes('row 6, column 15')")
    assert says.inner_text().endswith("pen up")
    lab.keyboard.press("Space")
    lab.wait_for_function("document.querySelector('.pad .says').textContent.endsWith('pen down')")
    heard = lab.evaluate_handle(
        """() => { const heard = []
          const says = document.querySelector(".pad .says")
          new MutationObserver(() => heard.push(1)).observe(says, { childList: true })
          return heard }"""
    )
    for _ in range(18):
        lab.keyboard.press("ArrowDown")
    lab.wait_for_function("document.querySelector('.pad .says').textContent.includes('row 24')")
    assert heard.evaluate("heard => heard.length") < 9, "not every cell on the way is read out"
    lab.keyboard.press("Enter")
    wait_until(lab, lambda seen: seen["prediction"] is not None, 10, "the stroke is read")
    [stroke] = lab.evaluate(STROKES)
    assert len(stroke) == 19 and len({x for x, _ in stroke}) == 1
    lab.keyboard.press("Backspace")
    wait_until(lab, lambda seen: seen["prediction"] is None, 10, "the stroke is taken back")
    for key in ("Space", "ArrowRight", "Space", "ArrowRight", "Space", "ArrowRight", "Space"):
        lab.keyboard.press(key)
    assert len(lab.evaluate(STROKES)) == 2
    lab.keyboard.press("Delete")
    assert lab.evaluate(STROKES) == []
    lab.keyboard.press("Escape")
    assert not surface.evaluate("element => element === document.activeElement")


def test_undo_takes_one_stroke_and_clear_takes_all(lab: Any) -> None:
    draw(lab, ONE, [(100, 250), (400, 250)], [(100, 100), (150, 150)])
    lab.locator(".lab-pad-undo").click()
    assert len(lab.evaluate(STROKES)) == 2
    lab.locator(".lab-pad-clear").click()
    assert lab.evaluate(STROKES) == [] and lab.locator(".lab-pad-undo").is_disabled()
    wait_until(lab, lambda seen: seen["prediction"] is None, 10, "an empty pad")
    assert text(lab, "prediction") == ""


def test_pen_strokes_are_read_as_python_reads_them(lab: Any) -> None:
    """Strokes drawn by pointer events and the same strokes given to Python must get the same answer.

    PEN_STROKES names a file of people's drawings (.jsonl.gz, each line with ``label`` and ``strokes``). The
    test takes the first PEN_STROKES_EACH of every digit (3 by default)."""
    path, each = os.environ.get("PEN_STROKES"), int(os.environ.get("PEN_STROKES_EACH", "3"))
    if not path:
        pytest.skip("this test needs people's drawings: set PEN_STROKES to a .jsonl.gz file of them")
    with gzip.open(path, "rt") as lines:
        rows = [json.loads(line) for line in lines]
    chosen = [row for digit in range(10) for row in [r for r in rows if r["label"] == digit][:each]]
    assert len(chosen) == 10 * each
    command(lab, "epoch")  # a network that has learned, so that its answers mean something
    differing = []
    for row in chosen:
        lab.evaluate("document.querySelector('.pad').pad.clear()")
        for stroke in row["strokes"]:
            steps = [("down", *stroke[0]), *(("move", *point) for point in stroke[1:]), ("up", *stroke[-1])]
            pointer(lab, "pen", steps)
        pixels = to_pixels(rasterise(row["strokes"])).reshape(784)
        drawn = wait_for_picture(lab, pixels)
        command(lab, "draw", row["strokes"])
        given = snapshot(lab)["prediction"]
        if not drawn[0] == drawn[1] == str(given):
            differing.append((row["label"], *drawn, given))
    assert differing == []


def wait_for_picture(page: Any, pixels: np.ndarray) -> tuple[str, str]:
    """Wait until this picture has been read; return the digit in the snapshot and the digit on the screen.
    The pad rounds points to a tenth of the box's units, which may change a pixel's ink by a few of 255."""
    found = page.evaluate(
        """async (pixels) => {
          const near = (inputs) => inputs.every((input, i) => Math.abs(255 * input - pixels[i]) <= 12)
          for (let tries = 0; tries < 500; tries++) {
            const seen = await window.inkling.snapshot()
            const shown = document.querySelector(".lab-prediction").textContent
            const prediction = String(seen.prediction)
            if (near(seen.pixels) && shown === prediction) return [prediction, shown]
            await new Promise((resolve) => setTimeout(resolve, 10))
          }
          return ["no such picture", document.querySelector(".lab-prediction").textContent]
        }""",
        pixels.tolist(),
    )
    return found[0], found[1]


def test_the_snapshot_and_the_page_agree(lab: Any) -> None:
    draw(lab, ONE)
    seen = wait_until(lab, lambda seen: seen["prediction"] is not None, 10, "a stroke is read")
    text_comes(lab, "prediction", str(seen["prediction"]))
    assert snapshot(lab)["prediction"] == seen["prediction"]
