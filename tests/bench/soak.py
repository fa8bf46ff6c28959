"""Measures the page's memory in half an hour of training, drawing and changing tabs.

    python -m tests.bench.soak --minutes 30 [--site dist]

Prints, at 1, 10, 20 and 30 minutes (or the last minute of a shorter run), the heap of the page, the memory of
Python's WebAssembly, the space used in the browser's storage, and the images trained on. Memory does not leak
if the last figures equal those of the first minutes, apart from the growing curves and history.
"""

from __future__ import annotations

import argparse
import shutil
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.site.conftest import BROWSERS, FLAGS
from tests.site.server import SiteServer

REPORT_AT = (1, 10, 20, 30, 60)  # minutes
MB = 1_000_000


def measure(page: Any, cdp: Any) -> dict[str, float]:
    """Return the memory in use now, in MB, after garbage collection; and the images trained on."""
    cdp.send("HeapProfiler.collectGarbage")
    [worker] = page.workers[:1]
    wasm = worker.evaluate("() => self.pythonMemory?.() ?? 0")
    return {
        "page heap": page.evaluate("performance.memory.usedJSHeapSize") / MB,
        "Python": wasm / MB,
        "storage": page.evaluate("navigator.storage.estimate().then(found => found.usage)") / MB,
        "million images": page.evaluate("inkling.snapshot()")["samples"] / MB,
    }


def live(page: Any, round_number: int) -> None:
    """Use the page for about ten seconds as a learner does."""
    canvas = page.locator(".lab-pad canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    for stroke in range(2):
        page.mouse.move(box["x"] + 30 + 20 * stroke, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 20, steps=12)
        page.mouse.up()
    tabs = page.locator(".lab-tabs .bk-tab")
    tabs.nth(round_number % tabs.count()).click()
    page.wait_for_timeout(6000)
    page.locator(".lab-pad-clear").click()
    if round_number % 10 == 9:
        page.locator(".lab-reset").click()
        page.wait_for_timeout(300)
    if not page.evaluate("inkling.snapshot()")["running"]:
        page.evaluate("inkling.command('play', {epochs: 0})")


def soak(site: Path, minutes: float) -> None:
    """Use the page for ``minutes``, and print a line at each of ``REPORT_AT`` and at the end."""
    program = next(path for name in BROWSERS if (path := shutil.which(name)))
    with SiteServer(site).running() as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=[*FLAGS, "--enable-precise-memory-info"]
        )
        page = chromium.new_page(bypass_csp=True, viewport={"width": 1280, "height": 800})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(server.url)
        page.wait_for_function("document.documentElement?.dataset.lab === 'ready'", timeout=120_000)
        cdp = page.context.new_cdp_session(page)
        page.evaluate("inkling.command('play', {epochs: 0})")
        began, due = time.monotonic(), [at for at in REPORT_AT if at < minutes] + [minutes]
        number = 0
        while due:
            live(page, number)
            number += 1
            if (time.monotonic() - began) / 60 >= due[0]:
                found = ", ".join(f"{name} {value:.1f}" for name, value in measure(page, cdp).items())
                print(f"{due.pop(0):g} min: {found} (MB)", flush=True)
        alerts = page.locator(".lab-error").all_inner_texts()
        print(f"errors: {errors or 'none'}; alerts: {alerts or 'none'}")
        chromium.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--site", type=Path, default=Path("dist"))
    options = parser.parse_args()
    soak(options.site, options.minutes)


if __name__ == "__main__":
    main()
