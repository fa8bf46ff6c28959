"""Checks that the build's own small server sends every kind of file with the type that browsers require."""

from __future__ import annotations

import threading
from pathlib import Path
from urllib.request import urlopen

import pytest

from web.build.errors import BuildError
from web.build.serve import make_server


def test_types_that_browsers_insist_on(tmp_path: Path) -> None:
    types = {
        "index.html": "text/html; charset=utf-8",
        "a.mjs": "text/javascript",
        "a.js": "text/javascript",
        "a.wasm": "application/wasm",
        "a.css": "text/css",
        "a.json": "application/json",
        "a.svg": "image/svg+xml",
        "a.gz": "application/gzip",
    }
    for name in types:
        (tmp_path / name).write_bytes(b"x")
    with make_server(tmp_path, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{server.server_port}/"
        for name, expected in types.items():
            with urlopen(origin + name) as response:
                assert (name, response.headers["Content-Type"]) == (name, expected)
                # Compressed data must reach the page compressed.
                assert response.headers["Content-Encoding"] is None
        server.shutdown()


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with make_server(tmp_path, 0) as server, pytest.raises(BuildError, match=f"--port {server.server_port}"):
        make_server(tmp_path, server.server_port)
