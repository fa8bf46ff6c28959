"""A small static server to look at a built site: ``python build.py --serve``.

Any other static server serves the site as well.
"""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from web.build.errors import BuildError


class SiteHandler(SimpleHTTPRequestHandler):
    """Request handler with our own table of file types, and without a log line for each request.

    The system's table may be wrong or incomplete, and browsers refuse modules and WebAssembly of another
    type.
    """

    protocol_version = "HTTP/1.1"
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".css": "text/css",
        ".gz": "application/gzip",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript",
        ".json": "application/json",
        ".mjs": "text/javascript",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
        ".whl": "application/zip",
    }

    def end_headers(self) -> None:
        # A reload after a rebuild must show the new site; unchanged files still get the answer 304.
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


def make_server(site: Path, port: int) -> ThreadingHTTPServer:
    """Return a server for ``site``, on this machine alone; port 0 takes any free port.

    Raises:
        BuildError: if the port is taken or not allowed.
    """
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), partial(SiteHandler, directory=str(site)))
    except (OSError, OverflowError) as error:
        raise BuildError(f"--port {port} can't be used ({error})") from error


def serve(site: Path, port: int) -> None:
    """Serve until interrupted, after printing the address."""
    with make_server(site, port) as server:
        print(f"\nServing on http://127.0.0.1:{server.server_port}/ (Ctrl-C stops it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
