"""Run the story in WebKit through Debian's ``webkit2gtk-driver``.

The WebDriver protocol is plain HTTP, so no Python package is needed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DRIVER = "WebKitWebDriver"
BROWSERS = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"
PORT = 4567


def ask(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Send one WebDriver command and return its value; raise RuntimeError with the driver's message."""
    data = json.dumps(body or {}).encode() if method == "POST" else None
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", data, method=method)
    try:
        with urllib.request.urlopen(request, timeout=400) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        raise RuntimeError(json.load(error)["value"]["message"]) from error


@contextmanager
def driver() -> Iterator[None]:
    """Run WebKitWebDriver on a virtual screen until the end of the block."""
    environment = os.environ | {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1", "LIBGL_ALWAYS_SOFTWARE": "1"}
    command = ["xvfb-run", "-a", DRIVER, f"--port={PORT}"]
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        for _ in range(100):
            time.sleep(0.2)
            try:
                ask("GET", "/status")
                break
            except OSError:
                continue
        yield
    finally:
        os.killpg(process.pid, 15)
        process.wait()


def tell(url: str, story: Path) -> list[dict[str, Any]]:
    """Visit ``url`` in WebKit, reload it, and return what the story found in each of the two visits."""
    if shutil.which(DRIVER) is None or shutil.which("xvfb-run") is None:
        raise SystemExit("install webkit2gtk-driver, xvfb and xauth first")
    program = next(str(path) for path in sorted(Path("/").glob(BROWSERS[1:])))
    text = story.read_text(encoding="utf-8")
    with driver():
        wanted = {"webkitgtk:browserOptions": {"binary": program, "args": ["--automation"]}}
        session = ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
        here = f"/session/{session}"
        try:
            ask("POST", f"{here}/timeouts", {"script": 390_000, "pageLoad": 120_000})
            ask("POST", f"{here}/url", {"url": url})
            seen = []
            for again in ("false", "true"):
                script = (
                    f"const done = arguments[0]; {text}; "
                    f"story({again}).then(done, error => done(JSON.stringify({{error: error.message}})))"
                )
                found = json.loads(ask("POST", f"{here}/execute/async", {"script": script, "args": []}))
                seen.append(found)
                ask("POST", f"{here}/refresh")
            return seen
        finally:
            ask("DELETE", here)
