"""Checks that the head's files are joined into fewer, with the same content in the same order."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.build.bundle import bundle
from web.build.errors import BuildError

HTML = """<head>
  <script src="./boot/page/one.js"></script>
  <script src="./boot/page/two.js"></script>
  <script src="./boot/page/late.js" defer></script>
  <link rel="icon" href="./look/icon.svg">
  <link rel="stylesheet" href="./look/page.css">
  <link rel="stylesheet" href="./look/more.css">
  <link rel="modulepreload" href="./boot/module.mjs">
</head><body><script src="./boot/page/two.js"></script></body>"""
FILES = {
    "boot/page/one.js": "(() => { a() })()",
    "boot/page/two.js": "(() => { b() })()",
    "boot/page/late.js": "late()",
    "look/page.css": "a { color: red }",
    "look/more.css": "b { color: blue }",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_neighbours_become_one_file_in_their_order(site: Path) -> None:
    lines = bundle(HTML, site).split("\n")
    assert lines == [
        "<head>",
        '  <script src="./boot/page/head.js"></script>',
        '  <script src="./boot/page/later.js" defer></script>',
        '  <link rel="icon" href="./look/icon.svg">',
        '  <link rel="stylesheet" href="./look/head.css">',
        '  <link rel="modulepreload" href="./boot/module.mjs">',
        '</head><body><script src="./boot/page/two.js"></script></body>',
    ]
    assert (site / "boot/page/head.js").read_text() == "(() => { a() })();\n(() => { b() })()"
    assert (site / "look/head.css").read_text() == "a { color: red }\nb { color: blue }"


def test_what_can_not_be_joined_stops_the_build(site: Path) -> None:
    with pytest.raises(BuildError, match="no files in its <head> to join into boot/page/later.js"):
        bundle(HTML.replace(" defer", ""), site)
    (site / "look/more.css").write_text("b { background: url(paper.png) }")
    with pytest.raises(BuildError, match="refers to another file"):
        bundle(HTML, site)
