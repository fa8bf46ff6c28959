"""Checks the rewriting of Panel's page, which must stop the build when Panel writes another page than
expected."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from web.build.errors import BuildError
from web.build.page import Page
from web.build.render import PLACEHOLDER

HTML = """
<meta charset="utf-8">
<div id="3f2b8e8c-9a3e-4d46-8f0e-0a4f6f4a9b11"></div><div id="b9cbd334-9d51-4c00-882d-e81c5fed5c13"></div>
<script>
const pyodideWorker = new Worker("./app.js")
function send_change(jsdoc, event) {
}
const roots = {"p1": "b9cbd334-9d51-4c00-882d-e81c5fed5c13", "p2": "3f2b8e8c-9a3e-4d46-8f0e-0a4f6f4a9b11"}
</script>
"""


@pytest.fixture
def page(tmp_path: Path) -> Page:
    """Return a rewriter with a small stand-in for Panel's wheel."""
    panel = tmp_path / "panel-1.9.4-py3-none-any.whl"
    with zipfile.ZipFile(panel, "w") as archive:
        for name in ("css/button.css", "bundled/theme/native.css", "assets/arc.svg", "bundled/other.js"):
            archive.writestr(f"panel/dist/{name}", name)
    site = tmp_path / "site"
    site.mkdir()
    return Page(panel, site)


def test_what_python_asks_for_at_run_time_is_there_and_nothing_else(page: Page) -> None:
    page.write(HTML)
    files = {path.relative_to(page.site).as_posix() for path in page.site.rglob("*") if path.is_file()}
    assert files == {
        "index.html",
        "static/panel/1.9.4/dist/css/button.css",
        "static/panel/1.9.4/dist/bundled/theme/native.css",
        "static/panel/1.9.4/dist/assets/arc.svg",
        "static/panel/page-1.js",  # an inline script of the page
    }


def test_panel_is_given_our_worker(page: Page) -> None:
    page.write(HTML)
    written = (page.site / "static/panel/page-1.js").read_text()
    assert "const pyodideWorker = window.inkling.panelPort" in written
    assert "new Worker" not in written
    assert '<script src="./static/panel/page-1.js"></script>' in (page.site / "index.html").read_text()


def test_random_ids_are_numbered_and_stay_paired(page: Page) -> None:
    page.write(HTML)
    first, second = "00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000001"
    written = (page.site / "index.html").read_text()
    assert f'<div id="{first}"></div><div id="{second}"></div>' in written
    script = (page.site / "static/panel/page-1.js").read_text()
    assert f'{{"p1": "{second}", "p2": "{first}"}}' in script


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            'new Worker("./app.js")',
            'new Worker("./app.js", {})',
            r"Panel 1\.9\.4 wrote .* 0 times; .*converter has changed",
        ),
        ("</script>\n", '</script>\nnew Worker("./app.js")', r"Panel 1\.9\.4 wrote .* [2-9] times"),
        ("function send_change", "function send_changes", r"send_change.* 0 times"),
        ("<div ", f'<link href="{PLACEHOLDER}x.css"><div ', "an address that page.py doesn't know: .*x.css"),
    ],
)
def test_a_panel_that_writes_something_else_stops_the_build(
    page: Page, old: str, new: str, reason: str
) -> None:
    assert old in HTML
    with pytest.raises(BuildError, match=reason):
        page.write(HTML.replace(old, new))
