"""Draws one start from the browser's own trace: when files were fetched, and what the two threads did.

    python -m tests.bench.startup.waterfall DIST [--out docs/bench/startup.svg]

The page is opened cold from localhost. A thread's row shows its tasks of five milliseconds and more.
"""

from __future__ import annotations

import argparse
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from tests.bench.startup.link import LOCALHOST, LinkServer
from tests.bench.startup.visit import WATCH, open_until_ready
from tests.site.conftest import BROWSERS, FLAGS
from web.build.fetch import ROOT

CATEGORIES = ["devtools.timeline", "toplevel", "blink.user_timing", "loading"]
THREADS = {"CrRendererMain": "thread of the page", "DedicatedWorker thread": "thread of Python"}
SHORTEST = 0.005  # seconds
SMALL = 20_000  # bytes; smaller files share a row
INK, ACCENT, QUIET = "#2e4a62", "#c9a227", "#b9c4ce"

Span = tuple[float, float]  # seconds from navigation, and how long


@dataclass(frozen=True)
class Start:
    """A start as its trace shows it: requests by name, with their bytes; busy spans by thread; the
    moments."""

    requests: list[tuple[str, Span, int]]
    busy: dict[str, list[Span]]
    moments: dict[str, float]


def record(site: Path) -> Start:
    """Open the site once with an empty cache, and return its start."""
    program = next(path for name in BROWSERS if (path := shutil.which(name)))
    with LinkServer(site, LOCALHOST).running() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.add_init_script(WATCH)
        browser.start_tracing(page=page, categories=CATEGORIES)
        found = open_until_ready(page, server)
        trace = json.loads(browser.stop_tracing())["traceEvents"]
        browser.close()
    moments = {"painted": found["painted"], "pad answers": found["pad"], "everything": found["ready"]}
    return read(trace, {name: time / 1000 for name, time in moments.items()})


def read(trace: list[dict[str, Any]], moments: dict[str, float]) -> Start:
    """Return the start that the events of a trace show."""
    threads = {
        (e["pid"], e["tid"]): THREADS[e["args"]["name"]]
        for e in trace
        if e["name"] == "thread_name" and e["args"]["name"] in THREADS
    }
    sent = [e for e in trace if e["name"] == "ResourceSendRequest"]
    begin = min(e["ts"] for e in sent)
    addresses = {e["args"]["data"]["requestId"]: (e["args"]["data"]["url"], e["ts"]) for e in sent}
    requests = []
    for event in trace:
        data = event.get("args", {}).get("data", {})
        if event["name"] == "ResourceFinish" and data["requestId"] in addresses:
            address, at = addresses[data["requestId"]]
            if address.startswith("http") and (size := data.get("encodedDataLength", 0)) > 0:
                name = urlsplit(address).path.lstrip("/") or "index.html"
                requests.append((name, ((at - begin) / 1e6, (event["ts"] - at) / 1e6), int(size)))
    busy: dict[str, list[Span]] = {name: [] for name in THREADS.values()}
    for event in trace:
        thread = threads.get((event["pid"], event["tid"]))
        if (
            thread
            and event["name"] == "ThreadControllerImpl::RunTask"
            and event.get("dur", 0) > SHORTEST * 1e6
        ):
            busy[thread].append(((event["ts"] - begin) / 1e6, event["dur"] / 1e6))
    end = moments["everything"]
    return Start([r for r in requests if r[1][0] < end], busy, moments)


def rows_of(start: Start) -> list[tuple[str, list[Span], str]]:
    """Return the title, the spans and the colour of each row, from the top."""
    rows: list[tuple[str, list[Span], str]] = []
    small = [span for _, span, size in start.requests if size < SMALL]
    for name, span, size in sorted(start.requests, key=lambda request: request[1]):
        if size >= SMALL:
            rows.append((f"{name.split('/')[-1]}  {size / 1e6:.2f} MB", [span], INK))
    rows.append((f"{len(small)} small files", small, QUIET))
    rows += [(name, spans, ACCENT) for name, spans in start.busy.items()]
    return rows


def draw(start: Start, path: Path) -> None:
    """Write the picture."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    mpl.rcParams["svg.hashsalt"] = "inkling"
    rows = rows_of(start)
    figure, axes = pyplot.subplots(figsize=(11, 0.24 * len(rows) + 1))
    for number, (_, spans, colour) in enumerate(rows):
        axes.broken_barh(spans, (number - 0.36, 0.72), color=colour)
    axes.set_yticks(range(len(rows)), [title for title, _, _ in rows], fontsize=8)
    axes.set_ylim(len(rows) - 0.4, -1.4)
    axes.set_xlim(0, start.moments["everything"] * 1.03)
    axes.set_xlabel("seconds from navigation")
    for name, time in start.moments.items():
        axes.axvline(time, color=INK, linewidth=0.8, linestyle=":")
        axes.text(time, -1, f"{name} ", ha="right", fontsize=8, color=INK)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dist", type=Path, help="a built site")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "bench" / "startup.svg")
    options = parser.parse_args()
    draw(record(options.dist), options.out)


if __name__ == "__main__":
    main()
