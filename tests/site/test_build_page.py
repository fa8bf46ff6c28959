"""Checks the rewriting of Panel's page, which must stop the build when Panel writes another page than
expected."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from web.build.errors import BuildError
from web.build.page import Page
from web.build.render import PLACEHOLDER

HTML = f"""
<meta charset="utf-8">
<script type="esms-options">{{"shimMode": true}}</script>
<script src="{PLACEHOLDER}panel/1.9.4/dist/es-module-shims.min.js"></script>
<link rel="stylesheet" href="{PLACEHOLDER}panel/1.9.4/dist/css/loading.css?v=1">
<script src="{PLACEHOLDER}panel/1.9.4/dist/bundled/shims@^1.0/shims.js"></script>
<script src="https://cdn.bokeh.org/bokeh/release/bokeh-gl-3.9.2.min.js"></script>
<script src="https://cdn.bokeh.org/bokeh/release/bokeh-widgets-3.9.2.min.js"></script>
<script src="https://cdn.bokeh.org/bokeh/release/bokeh-mathjax-3.9.2.min.js"></script>
<div id="3f2b8e8c-9a3e-4d46-8f0e-0a4f6f4a9b11"></div><div id="b9cbd334-9d51-4c00-882d-e81c5fed5c13"></div>
<script>
const pyodideWorker = new Worker("./app.js")
function send_change(jsdoc, event) {{
}}
const roots = {{"p1": "b9cbd334-9d51-4c00-882d-e81c5fed5c13", "p2": "3f2b8e8c-9a3e-4d46-8f0e-0a4f6f4a9b11"}}
</script>
"""


@pytest.fixture
def page(tmp_path: Path) -> Page:
    """Return a rewriter with small stand-ins for the wheels of Panel and Bokeh."""
    panel, bokeh = tmp_path / "panel-1.9.4-py3-none-any.whl", tmp_path / "bokeh-3.9.2-py3-none-any.whl"
    with zipfile.ZipFile(panel, "w") as archive:
        for name in ("css/loading.css", "css/button.css", "bundled/shims@^1.0/shims.js", "bundled/other.js"):
            archive.writestr(f"panel/dist/{name}", name)
    with zipfile.ZipFile(bokeh, "w") as archive:
        archive.writestr("bokeh/server/static/js/bokeh-widgets.min.js", "widgets")
    site = tmp_path / "site"
    site.mkdir()
    return Page(panel, bokeh, site)


def test_addresses_become_relative_and_their_files_are_there(page: Page) -> None:
    page.write(HTML)
    written = (page.site / "index.html").read_text()
    assert 'href="./static/panel/1.9.4/dist/css/loading.css"' in written
    assert 'src="./static/panel/1.9.4/dist/bundled/shims@1.0/shims.js"' in written
    assert 'src="./static/bokeh/3.9.2/bokeh-widgets.min.js"' in written
    assert "https://" not in written
    files = {path.relative_to(page.site).as_posix() for path in page.site.rglob("*") if path.is_file()}
    assert files == {
        "index.html",
        "static/panel/1.9.4/dist/css/loading.css",
        "static/panel/1.9.4/dist/css/button.css",  # asked for at run time, so all style sheets are shipped
        "static/panel/1.9.4/dist/bundled/shims@1.0/shims.js",
        "static/panel/page-1.js",  # an inline script of the page
        "static/bokeh/3.9.2/bokeh-widgets.min.js",
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
        (
            "https://cdn.bokeh.org/bokeh/release",
            "https://bokeh.example",
            "no address under https://cdn.bokeh.org",
        ),
        ("bokeh-gl-3", "bokeh-gpu-3", "wrote 0 scripts of bokeh-gl; page.py expects one"),
        ("/panel/1.9.4/dist/css", "/npm/x/css", "an address that page.py doesn't know: .*/npm/x/css"),
        ("esms-options", "shim-options", "1 of the 2 scripts of es-module-shims"),
        ("css/loading.css", "css/gone.css", r"panel-1\.9\.4.* lacks panel/dist/css/gone\.css"),
        ("bokeh-widgets-3.9.2", "bokeh-widgets-4.0.0", r"bokeh-3\.9\.2.* lacks .*bokeh-widgets-4\.0\.0"),
    ],
)
def test_a_panel_that_writes_something_else_stops_the_build(
    page: Page, old: str, new: str, reason: str
) -> None:
    assert old in HTML
    with pytest.raises(BuildError, match=reason):
        page.write(HTML.replace(old, new))
