"""Serves a site over a link of a given bandwidth and latency. Chromium's own throttling does not affect
workers.

Text and WebAssembly are sent gzipped, as every static host does; all other files are sent as stored. Bytes
are counted.
"""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from web.build.serve import SiteHandler

GZIPPED = (".html", ".js", ".mjs", ".css", ".json", ".svg", ".wasm")
PIECE = 16_384
READY = "/bench/ready"


@dataclass(frozen=True)
class Link:
    """A link: its name, bytes a second (0: no limit) and the round trip in seconds."""

    name: str
    rate: float = 0.0
    latency: float = 0.0


LOCALHOST = Link("localhost")
HOME = Link("20 Mbit/s, 40 ms", 20e6 / 8, 0.040)


@cache
def _body(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.compress(data, 6, mtime=0) if path.suffix in GZIPPED else data


class LinkServer:
    """Serves ``folder`` over ``link``. ``sent`` counts the bytes of bodies since it was last set to 0, and
    ``sent_when_ready`` is its value when the page reported that it is ready."""

    def __init__(self, folder: Path, link: Link) -> None:
        for suffix in GZIPPED:
            for path in folder.rglob(f"*{suffix}"):
                _body(path)  # compresses it now: a static host does so before any request
        self.sent = self.sent_when_ready = 0
        self._free_at = 0.0
        self._lock = threading.Lock()
        owner = self

        class Handler(SiteHandler):
            def do_GET(self) -> None:
                if self.path == READY:
                    owner.sent_when_ready = owner.sent
                    return self.send_error(204)
                if link.latency:
                    time.sleep(link.latency)
                path = folder / self.path.split("?")[0].lstrip("/")
                path = path / "index.html" if path.is_dir() else path
                if not path.is_file():
                    return self.send_error(404)
                body = _body(path)
                self.send_response(200)
                self.send_header("Content-Type", self.guess_type(str(path)))
                self.send_header("Content-Length", str(len(body)))
                if path.suffix in GZIPPED:
                    self.send_header("Content-Encoding", "gzip")
                self.send_header("Cache-Control", "max-age=600")
                # SiteHandler would add "no-cache", but usual hosts let browsers keep files.
                super(SiteHandler, self).end_headers()
                for start in range(0, len(body), PIECE):
                    piece = body[start : start + PIECE]
                    owner.wait(len(piece), link.rate)
                    self.wfile.write(piece)

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                """Ignore errors: a page may be closed in the middle of an answer."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def wait(self, count: int, rate: float) -> None:
        """Wait until the link, which all connections share, has carried ``count`` more bytes."""
        with self._lock:
            self.sent += count
            if not rate:
                return
            now = time.perf_counter()
            self._free_at = max(self._free_at, now) + count / rate
            pause = self._free_at - now
        time.sleep(max(0.0, pause))

    @contextmanager
    def running(self) -> Iterator[LinkServer]:
        """Answer requests until the end of the block."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
