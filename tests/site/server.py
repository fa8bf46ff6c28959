"""Serves the site under a sub-path for tests, with faults on demand and a record of the requests."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from web.build.serve import SiteHandler

SUB_PATH = "/some/sub/path/"

# Ways to damage a file while it is sent: each returns other bytes.
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda data: data[: len(data) // 2],
    "corrupted": lambda data: (
        data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]
    ),
}


class SiteServer:
    """A server for the site. ``url`` is the address of its index.html. ``requests`` lists the paths
    requested, relative to it (a path outside begins with ``/`` and is answered 404).

    ``fail`` makes requests for a path end with an error, ``damage`` makes them return other bytes, ``hang``
    leaves them without an answer; ``mend`` ends that, for one path or for all. ``unplug`` drops every
    connection, like a network that is down.
    """

    def __init__(self, site: Path) -> None:
        self.site = site
        self.requests: list[str] = []
        self.faults: dict[str, int | bytes | None] = {}  # a status, other bytes, or no answer
        self._mended = threading.Event()
        self._unplugged = False
        owner = self

        class Handler(SiteHandler):
            def send_head(self) -> Any:
                self.directory = str(owner.site)  # a test may change it between two requests
                path = self.path.split("?")[0]
                name = path.removeprefix(SUB_PATH)
                owner.requests.append(name)
                if owner._unplugged:
                    self.close_connection = True
                    return None
                if name in owner.faults:
                    return self._send_fault(name, owner.faults[name])
                if not path.startswith(SUB_PATH):
                    return self.send_error(404)
                self.path = "/" + name
                return super().send_head()

            def _send_fault(self, name: str, fault: int | bytes | None) -> Any:
                if isinstance(fault, int):
                    return self.send_error(fault)
                if fault is None:
                    owner._mended.wait()
                    self.close_connection = True
                    return None
                self.send_response(200)
                self.send_header("Content-Type", self.guess_type(name or "index.html"))
                self.send_header("Content-Length", str(len(fault)))
                self.end_headers()
                return io.BytesIO(fault)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a browser that hangs up
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self.url = self.origin + SUB_PATH

    def fail(self, name: str, status: int = 404) -> None:
        """Answer all later requests for ``name`` (relative to the site) with ``status``."""
        self.faults[name] = status

    def replace(self, name: str, data: bytes) -> None:
        """Answer all later requests for ``name`` with ``data``."""
        self.faults[name] = data

    def damage(self, name: str, how: str) -> None:
        """Serve ``name`` damaged from now on; ``how`` is a key of ``DAMAGES``."""
        self.replace(name, DAMAGES[how]((self.site / (name or "index.html")).read_bytes()))

    def hang(self, name: str) -> None:
        """Leave all later requests for ``name`` without an answer."""
        self.faults[name] = None

    def mend(self, name: str | None = None) -> None:
        """Serve ``name`` without a fault again; all files if no name is given."""
        for mended in [name] if name is not None else list(self.faults):
            del self.faults[mended]
        self._mended.set()
        self._mended = threading.Event()

    def unplug(self, out: bool = True) -> None:
        """Drop every connection without an answer; with False, answer again."""
        self._unplugged = out

    @contextmanager
    def running(self) -> Iterator[SiteServer]:
        """Answer requests until the end of the block."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.mend()
            self._server.shutdown()
            self._server.server_close()
            thread.join()
