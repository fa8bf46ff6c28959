"""Opens a page once and times it by the page's own clock, from navigation to each state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.bench.startup.link import LinkServer

PATIENCE = 300_000  # milliseconds
KEEPS = ".lab-offline"  # shown when the service worker has kept everything
IMAGE_KEPT = "localStorage.getItem('inkling-image') !== null"

WATCH = """(() => {
  window.reached = {}
  const note = () => {
    const { lab, labPad } = document.documentElement?.dataset ?? {}
    if (labPad === "ready") window.reached.pad ??= performance.now()
    if (lab === "ready" && !window.reached.ready) {
      window.reached.ready = performance.now()
      fetch("/bench/ready")
    }
  }
  new MutationObserver(note).observe(document, { attributes: true, childList: true, subtree: true,
    attributeFilter: ["data-lab", "data-lab-pad"] })
})()"""


@dataclass(frozen=True)
class Visit:
    """The milliseconds from navigation until painted, until the pad is ready and until everything is ready;
    the bytes sent until then; and how Python started (empty on a page that does not report it)."""

    painted: float
    pad: float
    ready: float
    bytes: int
    way: str


def open_until_ready(page: Any, server: LinkServer, query: str = "") -> dict[str, Any]:
    """Open the page in a tab that has ``WATCH``; returns the milliseconds from navigation by state, and
    ``way``."""
    page.goto(server.url + query, wait_until="commit")
    page.wait_for_selector("html[data-lab=ready]", state="attached", timeout=PATIENCE)
    page.wait_for_timeout(500)  # time for the page's report that it is ready
    found: dict[str, Any] = page.evaluate(
        """() => ({ ...window.reached, way: document.documentElement.dataset.labStart ?? "",
          painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0 })"""
    )
    return found


def visit(context: Any, server: LinkServer, query: str = "", *, comes_back: bool = False) -> Visit:
    """Open the page in a new tab of ``context``, wait until it is ready, and close it. If the visitor
    ``comes_back``, it is closed only after the service worker has kept the page for the next visit."""
    page = context.new_page()
    page.add_init_script(WATCH)
    server.sent = 0
    found = open_until_ready(page, server, query)
    if comes_back and page.locator(KEEPS).count():
        page.locator(KEEPS, has_text="Works offline").wait_for(timeout=PATIENCE)
        page.wait_for_function(IMAGE_KEPT, timeout=PATIENCE)
    page.close()
    return Visit(
        found["painted"], found.get("pad", 0.0), found["ready"], server.sent_when_ready, found["way"]
    )
