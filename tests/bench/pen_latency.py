"""Measures the milliseconds from pen up to the new reading on the screen, idle and during training.

    python -m tests.bench.pen_latency DIST [--drawings 40]

Generated digits (``nncore.styles``) are drawn by pointer events in Chromium, a point every 12 ms. A drawing
is answered when the picture beside the pad equals the picture that the kernel draws of the same strokes. An
answer to a part of the stroke, or to an earlier one, therefore does not count.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from nncore.styles import make_drawings
from tests.site.server import SiteServer

# Puts `penWatch` into the page: `due()` is what the picture beside the pad must come to be, as the kernel
# draws the present strokes, and `shows(due)` tells whether it is that.
WATCH_PEN = """async (base) => {
  const load = (name) => import(`${base}boot/early/${name}.mjs`)
  const [{ openKernel }, { readNpz }, { Reader }] = await Promise.all(["kernel", "npz", "reader"].map(load))
  const get = async (name) => (await fetch(base + name)).arrayBuffer()
  const kernel = await openKernel((name) => get(`kernels/${name}`))
  const reader = new Reader(kernel, await readNpz(await get("models/small.npz")))
  const shown = document.querySelector(".pad .pixels").getContext("2d")
  window.penWatch = {
    due: () => reader.rasterise(document.querySelector(".pad").pad.strokes),
    shows(due) {
      const { data } = shown.getImageData(0, 0, 28, 28)
      return due.every((ink, i) => Math.abs(data[4 * i + 3] - ink) <= 2)
    },
  }
}"""

MEASURE = """async (drawings) => {
  const { due, shows } = window.penWatch
  const pad = document.querySelector(".pad").pad, canvas = document.querySelector(".lab-pad canvas")
  const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time))
  const times = []
  for (const strokes of drawings) {
    pad.clear()
    await sleep(300)
    const box = canvas.getBoundingClientRect()
    const fire = (name, [x, y]) => canvas.dispatchEvent(new PointerEvent(`pointer${name}`, {
      pointerId: 7, pointerType: "pen", button: 0, bubbles: true,
      clientX: box.left + x / 500 * box.width, clientY: box.top + y / 500 * box.height,
    }))
    let lifted
    for (const stroke of strokes) {
      fire("down", stroke[0])
      for (const point of stroke.slice(1)) { await sleep(12); fire("move", point) }
      await sleep(12)
      lifted = performance.now()
      fire("up", stroke.at(-1))
    }
    const expected = due()
    while (!shows(expected) && performance.now() - lifted < 3000) await new Promise(requestAnimationFrame)
    times.push(performance.now() - lifted)
  }
  return times
}"""


def in_the_pads_box(strokes: list[np.ndarray]) -> list[list[list[float]]]:
    """Return the strokes moved and scaled into the middle of the pad's 500 x 500 box."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = 360 / (high - low).max()
    return [((stroke - (low + high) / 2) * scale + 250).tolist() for stroke in strokes]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dist", type=Path, help="a built site")
    parser.add_argument("--drawings", type=int, default=40)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    arguments = parser.parse_args()
    drawings = [in_the_pads_box(list(d.strokes)) for d in make_drawings(arguments.drawings, seed=3)]
    with SiteServer(arguments.dist).running() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=arguments.chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(
            bypass_csp=True, service_workers="block", viewport={"width": 1280, "height": 800}
        )
        page: Any = context.new_page()
        page.goto(server.url)
        page.wait_for_function("document.documentElement?.dataset.lab === 'ready'", timeout=120_000)
        page.evaluate(WATCH_PEN, server.url)
        for what in ("idle", "training"):
            if what == "training":
                page.evaluate("window.inkling.command('play', {epochs: 0})")
                page.wait_for_timeout(2000)
            times = np.array(page.evaluate(MEASURE, drawings))
            speed = page.evaluate("window.inkling.snapshot()")["images_per_second"] or 0
            middle, most = np.median(times), np.percentile(times, 95)
            print(f"{what}: median {middle:.0f} ms, p95 {most:.0f} ms, {speed:,.0f} images/s")
        browser.close()


if __name__ == "__main__":
    main()
