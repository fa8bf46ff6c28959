"""Takes pictures of the built page: five sizes in both themes, and the one for the README.

    python -m tests.site.screenshots --out DIR [--site dist] [--only desk-light,phone-dark]

Each shows a network that has learned for a while and a drawn seven. ``desk-light.png`` is the README's
``docs/inkling.png``. ``<size>-<theme>.png`` shows the part of the page that is visible without scrolling; if
the page is longer, ``<size>-<theme>-whole.png`` shows all of it.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.site.conftest import BROWSERS, FLAGS
from tests.site.driving import command, open_lab, wait_until
from tests.site.server import SiteServer

SIZES = {
    "desk": (1280, 800),
    "small": (1024, 768),
    "projector": (1920, 1080),
    "tablet": (820, 1180),
    "phone": (390, 844),
}
THEMES = ("light", "dark")
SEVEN = [[[120, 120], [250, 105], [385, 110], [300, 270], [240, 430]], [[165, 280], [350, 265]]]
LEARNED = {"samples": 300_000, "seconds": 240}


def set_the_scene(page: Page) -> None:
    """Train for some epochs, stop, and draw a seven."""
    command(page, "draw", SEVEN)
    command(page, "play", {"epochs": 0})
    wait_until(page, lambda seen: seen["samples"] > LEARNED["samples"], LEARNED["seconds"], "some epochs")
    command(page, "pause")
    wait_until(page, lambda seen: seen["evaluated_at"] == seen["samples"], 30, "the last measure")
    page.wait_for_timeout(1000)  # Bokeh draws the latest points


def take(browser: Any, url: str, name: str, out: Path) -> None:
    """Open the page at the size and in the theme of ``name`` (``desk-light``) and photograph it."""
    size, theme = name.split("-")
    width, height = SIZES[size]
    context = browser.new_context(
        bypass_csp=True, viewport={"width": width, "height": height}, color_scheme=theme
    )
    page = context.new_page()
    open_lab(page, url)
    set_the_scene(page)
    page.screenshot(path=out / f"{name}.png")
    if page.evaluate("document.documentElement.scrollHeight") > height:
        page.screenshot(path=out / f"{name}-whole.png", full_page=True)
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.site.screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="a folder for the pictures")
    parser.add_argument("--site", type=Path, default=Path("dist"), help="the built site")
    names = [f"{size}-{theme}" for size in SIZES for theme in THEMES]
    parser.add_argument("--only", default=",".join(names), help="which, of " + ", ".join(names))
    options = parser.parse_args()
    chosen = options.only.split(",")
    if unknown := sorted(set(chosen) - set(names)):
        parser.error(f"there is no {unknown[0]}; there are {', '.join(names)}")
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        parser.error(f"none of {', '.join(BROWSERS)} is installed")
    options.out.mkdir(parents=True, exist_ok=True)
    with SiteServer(options.site.resolve()).running() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for name in chosen:
            take(browser, server.url, name, options.out)
            print(options.out / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
