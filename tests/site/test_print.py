"""Checks that the page prints a handout: the settings, the measures, the curves, the drawing and ten
pictures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.site.driving import command, draw, opened_lab, snapshot, wait_until
from tests.site.server import SiteServer

SEVEN = [(120, 100), (380, 100), (220, 420)]
PAPER = (718, 1047)  # pixels of an A4 sheet inside margins of 10 mm, which every printer can print


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_handout_holds_the_run_on_at_most_two_pages(browser: Any, site: Path, theme: str) -> None:
    with SiteServer(site).running() as server, opened_lab(browser, server, color_scheme=theme) as page:
        command(page, "set", {"layers": [784, 30, 20, 10]})
        command(page, "epoch")
        draw(page, SEVEN)
        wait_until(page, lambda seen: seen["prediction"] is not None, 30, "the drawing is read")
        assert 1 <= pages(page.pdf(format="A4")) <= 2
        assert page.locator(".handout").count() == 0  # removed after printing
        page.set_viewport_size({"width": PAPER[0], "height": PAPER[1]})
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        handout = page.locator(".handout")
        text = handout.inner_text()
        seen = snapshot(page)  # only now, because the first reading was of half the drawing
        for words in ("784-30-20-10", f"{100 * seen['test_accuracy']:.2f}", f"read as {seen['prediction']}"):
            assert words in text
        assert page.locator(".handout-curves canvas").count() == 2
        assert page.locator(".handout-digits canvas").count() == 10
        # It is black on white in both themes, and nothing is cut off at the right.
        assert page.evaluate("getComputedStyle(document.querySelector('.handout')).color") == "rgb(0, 0, 0)"
        right = handout.evaluate(
            "one => Math.max(...[...one.querySelectorAll('*')].map((e) => e.getBoundingClientRect().right))"
        )
        assert right <= PAPER[0]
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="screen")
        assert handout.count() == 0 and page.locator(".card-train").is_visible()
