"""Records everything that a page must not do: requests to other hosts, errors on the console, and uncaught
errors."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from tests.site.server import SiteServer

# Addresses without a host.
OWN_SCHEMES = ("data", "blob", "about")


class Listeners:
    """Records the ``problems`` on every page of a browser context, in order. A test that breaks something on
    purpose names the problems that follow from it with ``expect``."""

    def __init__(self, context: Any, server: SiteServer) -> None:
        self.problems: list[str] = []
        self._expected: list[str] = []
        self._server = server
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"uncaught: {error.error}"))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._foreign(socket.url)))

    def expect(self, *patterns: str) -> None:
        """Allow problems that match one of these regular expressions: the test causes them."""
        self._expected += patterns

    @property
    def unexpected(self) -> list[str]:
        """Return the problems that were not expected."""
        return [p for p in self.problems if not any(re.search(pattern, p) for pattern in self._expected)]

    def _request(self, request: Any) -> None:
        self._foreign(request.url)

    def _foreign(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in OWN_SCHEMES and f"{parts.scheme}://{parts.netloc}" != self._server.origin:
            self.problems.append(f"request to another host: {url}")

    def _console(self, message: Any) -> None:
        if message.type != "error":
            return
        # The browser reports an answer that the test itself has broken; that is not the page's error.
        name = message.location.get("url", "").removeprefix(self._server.url)
        if message.text.startswith("Failed to load resource") and name in self._server.faults:
            return
        self.problems.append(f"console: {message.text}")
