"""Checks the listeners themselves: a test causes each kind of problem once, and they must record it.
Otherwise an empty list of problems would prove nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.site.listeners import Listeners
from tests.site.server import SiteServer

# A port of this machine on which nothing listens stands for a foreign host: a request is made, and fails.
ELSEWHERE = "http://127.0.0.1:9/"
FOREIGN = [f"request to another host: {ELSEWHERE}"]


def heard(context: Any, folder: Path, script: str, worker: str = "") -> list[str]:
    """Return the problems of a page that runs ``script``, without the browser's own messages about them."""
    (folder / "index.html").write_text(f"<!DOCTYPE html><title>x</title><script>{script}</script>")
    (folder / "worker.js").write_text(worker)
    (folder / "favicon.ico").write_bytes(b"")
    with SiteServer(folder).running() as server:
        listeners = Listeners(context, server)
        page = context.new_page()
        page.goto(server.url)
        page.wait_for_function("document.title === 'done'")
        page.wait_for_timeout(100)
    return [p for p in listeners.problems if "Failed to load resource" not in p and "favicon" not in p]


@pytest.mark.parametrize(
    ("script", "worker", "expected"),
    [
        ("console.error('oh'); document.title = 'done'", "", ["console: oh"]),
        ("setTimeout(() => { document.title = 'done'; throw Error('oh') })", "", ["uncaught: oh"]),
        (f"fetch('{ELSEWHERE}').catch(() => document.title = 'done')", "", FOREIGN),
        (f"new Image().src = '{ELSEWHERE}'; document.title = 'done'", "", FOREIGN),
        (
            "new Worker('worker.js').onmessage = () => document.title = 'done'",
            f"fetch('{ELSEWHERE}').catch(() => postMessage(0))",
            FOREIGN,
        ),
        (
            "new Worker('worker.js').onmessage = () => document.title = 'done'",
            "console.error('oh from the worker'); postMessage(0)",
            ["console: oh from the worker"],
        ),
        ("console.log('fine'); document.title = 'done'", "", []),
    ],
    ids=[
        "console",
        "uncaught",
        "fetch",
        "image",
        "fetch in a worker",
        "console in a worker",
        "nothing wrong",
    ],
)
def test_each_problem_is_heard(
    context: Any, tmp_path: Path, script: str, worker: str, expected: list[str]
) -> None:
    assert heard(context, tmp_path, script, worker) == expected


def test_a_websocket_to_another_host_is_heard(context: Any, tmp_path: Path) -> None:
    script = "new WebSocket('ws://127.0.0.1:9/').onerror = () => document.title = 'done'"
    assert "request to another host: ws://127.0.0.1:9/" in heard(context, tmp_path, script)
