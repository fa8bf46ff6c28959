"""What a visitor gets in the first minute: Train pressed at once, and the pen used while it learns.

    python -m tests.bench.first_minute --mnist DIR [--site DIST] [--rounds 5] [--cores 1] [--throttle 4]

Every round is a visit with an empty profile. A pointer presses Train as soon as the page is ready, and draws
a stroke every second while the network learns. Then the same page is left alone until all digits are there
and the site is kept, and the same is done again: that is the *settled* page. A third time the pen rests. Last
comes the bare kernel, which trains the same network in the same browser without a page around it.

--cores binds the browser to that many processors; --throttle slows the page's main thread by the browser's
own protocol, which does not reach its workers.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nncore.datasets.mnist import load_mnist
from tests.bench.contestants import Worker
from tests.bench.pen_latency import WATCH_PEN
from tests.bench.startup.link import LOCALHOST, LinkServer
from tests.bench.tasks import FAST
from tests.bench.workbench import build_site, write_workbench
from tests.site.conftest import FLAGS, installed_browser
from web.build.fetch import ROOT

MARKS = (95, 97)  # per cent of the test digits
LOOK = 10.0  # seconds after Train in which the pen and long tasks count
PATIENCE = 120_000  # milliseconds
Numbers = dict[str, float]

# From the page's first script on: when it was ready, when Train was pressed, and tasks of 50 ms and more.
WATCH = """(() => {
  window.minute = { tasks: [], seen: [], pens: [] }
  const note = (list) => {
    for (const { startTime, duration } of list.getEntries()) minute.tasks.push([startTime, duration])
  }
  new PerformanceObserver(note).observe({ type: "longtask", buffered: true })
  new MutationObserver(() => {
    if (document.documentElement?.dataset.lab === "ready") minute.ready ??= performance.now()
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-lab"] })
  document.addEventListener("click", (event) => {
    const isTrain = (element) => element.classList?.contains("lab-play")
    if (event.composedPath().some(isTrain)) minute.pressed ??= performance.now()
  }, true)
})()"""
# Looks at the numbers once a frame, and at the pad's picture after every stroke.
LOOKS = """(number) => {
  const root = number.getRootNode()
  const shown = (name) => {
    const found = parseFloat(root.querySelector(`.lab-metric-${name}`)?.textContent.replaceAll(",", ""))
    return Number.isNaN(found) ? null : found
  }
  let last = ""
  const look = () => {
    const now = [shown("samples"), shown("test-accuracy")]
    if (String(now) !== last) minute.seen.push([performance.now(), ...now])
    last = String(now)
    requestAnimationFrame(look)
  }
  look()
  document.addEventListener("pointerup", async () => {
    if (!window.penWatch) return
    const lifted = performance.now(), due = penWatch.due()
    while (!penWatch.shows(due) && performance.now() - lifted < 3000) await new Promise(requestAnimationFrame)
    minute.pens.push([lifted, performance.now() - lifted])
  })
}"""
# The button is gone by then where the machine is quick and the preset's epochs are over.
PAUSE = "inkling.command('pause')"
STROKES = [
    [(120, 100), (380, 110)],
    [(380, 110), (220, 420)],
    [(150, 260), (350, 250)],
    [(100, 400), (180, 420)],
]


def main() -> None:
    options = _arguments()
    if options.cores:
        os.sched_setaffinity(0, set(list(os.sched_getaffinity(0))[: options.cores]))
    train, _ = load_mnist(options.mnist)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_workbench(folder, train)
        if options.site:
            (folder / "site").symlink_to(options.site.resolve())
        else:
            build_site(folder / "site", options.mnist)
        with LinkServer(folder, LOCALHOST).running() as server:
            visits = []
            for number in range(options.rounds):
                visits.append(_visit(server.url, options.throttle))
                print(f"round {number + 1}: {visits[-1]}", flush=True)
    result = {"cores": options.cores or os.cpu_count(), "throttle": options.throttle, "visits": visits}
    print(_table(visits))
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n")


def _arguments() -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--mnist", type=Path, required=True, help="a folder with MNIST's four idx files")
    p.add_argument("--site", type=Path, help="a site that is built already")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--cores", type=int, default=0, help="processors for the browser; 0 for all")
    p.add_argument("--throttle", type=float, default=1.0, help="how many times slower the main thread is")
    p.add_argument("--out", type=Path, help=f"a JSON file, such as one in {ROOT.name}/docs/bench")
    return p.parse_args()


def _visit(url: str, throttle: float) -> Numbers:
    """Open the page with an empty profile, press and draw, settle, press again; then the bare kernel."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=installed_browser(),
            args=FLAGS,
            bypass_csp=True,
            viewport={"width": 1280, "height": 800},
        )
        page = context.new_page()
        page.add_init_script(WATCH)
        if throttle != 1:
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": throttle})
        page.goto(url + "site/", wait_until="commit")
        press = _press_when_ready(page, url)
        first = _race(page, press, pen=True)
        _settle(page)
        settled = _race(page, press, pen=True)
        _begin_anew(page)
        alone = _race(page, press)
        page.evaluate(PAUSE)
        bare = _bare(context.new_page(), url)
        context.close()
    found = {f"first: {what}": value for what, value in first.items()}
    found |= {f"settled: {what}": value for what, value in settled.items()}
    found |= {f"settled, no pen: {what}": value for what, value in alone.items()}
    found["97 %, first over settled"] = first["97 %, s"] / settled["97 %, s"]
    found["97 %, settled over the bare kernel's time for as many images"] = alone["97 %, s"] / (
        alone["images until 97 %"] / bare
    )
    found["images/s, settled over bare"] = alone["images/s"] / bare
    return found | {"bare kernel, images/s": bare}


def _press_when_ready(page: Any, url: str) -> Callable[[], None]:
    """Wait until the page is ready; return a real press on Train, and begin to look."""
    button = page.locator(".lab-play")
    button.wait_for(timeout=PATIENCE)
    box = button.bounding_box()
    page.evaluate(WATCH_PEN, url + "site/")
    look = page.locator(".lab-metric-samples").element_handle()
    page.evaluate(f"number => ({LOOKS})(number)", look)
    page.wait_for_function("document.documentElement.dataset.lab === 'ready'", timeout=PATIENCE)
    return lambda: page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def _race(page: Any, press: Callable[[], None], *, pen: bool = False) -> Numbers:
    """Press Train, wait for the last mark; with ``pen``, draw a stroke a second for ten seconds."""
    page.evaluate("Object.assign(minute, { seen: [], pens: [], pressed: undefined })")
    press()
    pressed_for = "performance.now() - minute.pressed > {}"
    canvas = page.locator(".lab-pad canvas").bounding_box()
    for number in range(int(LOOK) - 1) if pen else ():
        page.wait_for_function(pressed_for.format(1000 * (number + 1)), timeout=PATIENCE)
        _draw(page, canvas, STROKES[number % len(STROKES)])
    page.wait_for_function(f"minute.seen.some(([,, right]) => right >= {MARKS[-1]})", timeout=PATIENCE)
    page.wait_for_function(pressed_for.format(1000 * (LOOK + 1)), timeout=PATIENCE)
    return _found(page.evaluate("minute"))


def _draw(page: Any, box: dict[str, float], stroke: list[tuple[int, int]]) -> None:
    points = [(box["x"] + x / 500 * box["width"], box["y"] + y / 500 * box["height"]) for x, y in stroke]
    page.mouse.move(*points[0])
    page.mouse.down()
    page.mouse.move(*points[1], steps=8)
    page.mouse.up()


def _found(minute: dict[str, Any]) -> Numbers:
    """Return the numbers of a race from what the page has noted."""
    pressed, end = minute["pressed"], minute["pressed"] + 1000 * LOOK
    after = [(at - pressed, images, right) for at, images, right in minute["seen"] if at >= pressed]
    reached = {mark: next(s for s in after if s[2] is not None and s[2] >= mark) for mark in MARKS}
    within = [images for at, images, _ in after if at <= 1000 * LOOK and images is not None]
    pens = sorted(taken for lifted, taken in minute["pens"] if pressed <= lifted <= end)
    tasks = [length for at, length in minute["tasks"] if pressed <= at <= end]
    starting = [length for at, length in minute["tasks"] if at < minute["ready"]]
    last = [(at, images) for at, images, _ in after if images is not None]
    return {
        "ready, s": minute["ready"] / 1000,
        "ready to press, ms": pressed - minute["ready"],
        "first change, s": next(at for at, images, _ in after if images) / 1000,
        **{f"{mark} %, s": found[0] / 1000 for mark, found in reached.items()},
        f"images until {MARKS[-1]} %": reached[MARKS[-1]][1],
        "images in ten seconds": within[-1],
        "images/s": _speed(last),
        **_of_the_pen(pens),
        "longest task in the start, ms": max(starting, default=0),
        "longest task after Train, ms": max(tasks, default=0),
    }


def _of_the_pen(taken: list[float]) -> Numbers:
    """Return the middle and the longest times but a twentieth, of sorted times from pen up to the reading."""
    if not taken:
        return {}
    return {"pen p50, ms": statistics.median(taken), "pen p95, ms": taken[round(0.95 * (len(taken) - 1))]}


def _speed(seen: list[tuple[float, float]]) -> float:
    """Return the images a second between three and ten seconds after Train."""
    span = [(at, images) for at, images in seen if 3000 <= at <= 1000 * LOOK]
    (began, before), (ended, after) = span[0], span[-1]
    return 1000 * (after - before) / (ended - began)


def _settle(page: Any) -> None:
    """Pause, wait until everything has come and nothing is being kept, and begin anew."""
    page.evaluate(PAUSE)
    page.wait_for_function(
        "inkling.snapshot().then((seen) => seen.train_size >= 60000 && !seen.running)", timeout=PATIENCE
    )
    page.locator(".lab-offline", has_text="Works offline").wait_for(timeout=PATIENCE)
    page.wait_for_function("localStorage.getItem('inkling-image') !== null", timeout=PATIENCE)
    _begin_anew(page)


def _begin_anew(page: Any) -> None:
    """Pause, clear the pad, draw new weights, and wait until all is quiet."""
    page.evaluate(PAUSE)
    page.locator(".lab-pad-clear").click()
    page.locator(".lab-reset").click()
    page.wait_for_function("inkling.snapshot().then((seen) => seen.samples === 0)", timeout=PATIENCE)
    page.wait_for_timeout(3000)


def _bare(page: Any, url: str) -> float:
    """Return the images a second of the kernel alone: the median of five rounds."""
    page.goto(url + "index.html")
    page.wait_for_function("typeof ask == 'function'")
    worker = Worker(page, "inkling.mjs")
    worker.ask("check", FAST.plain(), "relaxed")
    return statistics.median(worker.ask("measure", FAST.plain(), 1.0, "relaxed") for _ in range(5))


def _table(visits: list[Numbers]) -> str:
    """Return the medians of all visits, a line each."""
    lines = ["", "| median of the visits | |", "| --- | ---: |"]
    for what in visits[0]:
        middle = statistics.median(visit[what] for visit in visits)
        lines.append(f"| {what} | {middle:,.2f} |" if middle < 100 else f"| {what} | {middle:,.0f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
