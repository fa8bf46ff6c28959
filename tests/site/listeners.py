"""What a page must not do, written down while it does it: foreign requests, errors on the console, uncaught
ones."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tests.site.server import SiteServer

# Addresses without a host.
OWN_SCHEMES = ("data", "blob", "about")


class Listeners:
    """``problems`` lists what went wrong on every page of a browser context, in order."""

    def __init__(self, context: Any, server: SiteServer) -> None:
        self.problems: list[str] = []
        self._server = server
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"uncaught: {error.error}"))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._foreign(socket.url)))

    def _request(self, request: Any) -> None:
        self._foreign(request.url)

    def _foreign(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in OWN_SCHEMES and f"{parts.scheme}://{parts.netloc}" != self._server.origin:
            self.problems.append(f"request to another host: {url}")

    def _console(self, message: Any) -> None:
        if message.type != "error":
            return
        # The browser's own note on an answer that the test itself made wrong is not the page's error.
        name = message.location.get("url", "").removeprefix(self._server.url)
        if message.text.startswith("Failed to load resource") and name in self._server.faults:
            return
        self.problems.append(f"console: {message.text}")
