"""A static server for tests: the site under a sub-path, with faults on demand and a record of what was
asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from web.build.serve import SiteHandler

SUB_PATH = "/some/sub/path/"


class SiteServer:
    """``url`` is where the site's index.html is. ``requests`` lists the paths asked for, relative to it (a
    path outside begins with ``/`` and is answered 404). ``fail`` makes a path answer with an error."""

    def __init__(self, site: Path) -> None:
        self.requests: list[str] = []
        self.faults: dict[str, int] = {}
        owner = self

        class Handler(SiteHandler):
            def __init__(self, *args: Any) -> None:
                super().__init__(*args, directory=str(site))

            def send_head(self) -> Any:
                path = self.path.split("?")[0]
                name = path.removeprefix(SUB_PATH)
                owner.requests.append(name)
                if status := owner.faults.get(name):
                    return self.send_error(status)
                if not path.startswith(SUB_PATH):
                    return self.send_error(404)
                self.path = "/" + name
                return super().send_head()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self.url = self.origin + SUB_PATH

    def fail(self, name: str, status: int = 404) -> None:
        """From now on answer requests for ``name`` (relative to the site) with ``status``."""
        self.faults[name] = status

    def mend(self, name: str) -> None:
        """Serve ``name`` properly again."""
        del self.faults[name]

    @contextmanager
    def running(self) -> Iterator[SiteServer]:
        """Answer requests until the end of the block."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()
