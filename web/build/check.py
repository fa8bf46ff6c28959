"""Checks that a finished site is whole and needs no other host.

Every address that the page loads must be relative and exist. Text is another matter: minified libraries are
full of addresses in messages, comments and name spaces that are never requested, and of a few that are
requested only by features we don't use. So the rule has two halves. In the files that we and Panel's
converter write (HTML, our scripts, style sheets) a foreign address is an error wherever it could be loaded.
In vendored JavaScript every foreign host must be on the list below, with the reason why it is never
requested: a new version that brings a new host stops the build until someone has looked. The tests in a real
browser then count requests.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from web.build.errors import BuildError

VENDORED = ("static/", "pyodide/")
TEXT = "an address in a message, a comment or a licence"
HOSTS = {
    "www.w3.org": "a name space",
    "cdn.jsdelivr.net": "MathJax and Tabler icons: not used; Pyodide's packages: ours are local",
    "maps.googleapis.com": "Google maps, not used",
    "panel.pyviz.org": "a remote table, not used",
    "octopart.com": "an example inside SlickGrid's remote model, not used",
    "foo.com": "the base to parse an address against, never fetched",
} | dict.fromkeys(
    (
        "bokeh.org", "developers.google.com", "docs.bokeh.org", "fusejs.io", "get.webgl.org", "github.com",
        "jquery.com", "jquery.org", "kiro.me", "redux.js.org", "tabler.io", "threedubmedia.com",
        "www.apache.org", "www.foretagsplatsen.se", "www.jsdelivr.com", "www.npmjs.com",
    ),
    TEXT,
)  # fmt: skip

ADDRESS = re.compile(r"(?:https?:)?//([\w-]+(?:\.[\w-]+)*\.[a-z]{2,})(?=[/:\"'`?#)\s\\]|$)", re.IGNORECASE)
WITH_SCHEME = re.compile(r"\b(?:https?|wss?)://([\w.-]+)")
IN_QUOTES = re.compile(r"""["'`(](?:https?:|wss?:)?//([\w-]+(?:\.[\w-]+)+)""")
CSS_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
# Attributes whose value the browser fetches. It follows the `href` of a link (`<a>`) only after a click.
LOADING = {"src", "srcset", "poster", "data", "href", "action", "manifest", "xlink:href"}


def check_site(site: Path) -> None:
    """Check all files of the site.

    Raises:
        BuildError: names the first fault.
    """
    for name in (
        "index.html",
        "licences.html",
        "service-worker.js",
        "manifest.webmanifest",
        "pyodide/pyodide-lock.json",
        "data/manifest.json",
        ".nojekyll",
    ):
        if not (site / name).is_file():
            raise BuildError(f"{name} is missing in the built site")
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.suffix == ".html":
            _check_html(site, name, path.read_text(encoding="utf-8"))
        elif path.suffix == ".css":
            _check_addresses(site, name, _css_addresses(path.read_text(encoding="utf-8")))
        elif path.suffix in (".js", ".mjs"):
            _check_script(name, path.read_text(encoding="utf-8"))
    _check_lock(site)


class _Page(HTMLParser):
    """Parser that collects the addresses that a page loads, and the text of its scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        for name, value in attrs:
            if name in LOADING and tag != "a" and value:
                self.addresses += (
                    [part.split()[0] for part in value.split(",")] if name == "srcset" else [value]
                )
            elif name == "style" and value:
                self.styles.append(value)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts.append(data)
        elif self._inside == "style":
            self.styles.append(data)


def _check_html(site: Path, name: str, text: str) -> None:
    """Check the addresses in a page's attributes, styles and scripts."""
    page = _Page()
    page.feed(text)
    _check_addresses(site, name, page.addresses)
    for style in page.styles:
        _check_addresses(site, name, _css_addresses(style))
    for script in page.scripts:
        # Panel's document is in a script as JSON, with the addresses of its style sheets.
        for match in WITH_SCHEME.finditer(script):
            if match[1] != "www.w3.org":
                raise BuildError(f"{name} has a foreign address in a script: {match[0]}")
        _check_addresses(site, name, re.findall(r"""["'](\./static/[^"'\\]+)""", script))


def _css_addresses(text: str) -> list[str]:
    """Return the addresses in a style sheet, without those in comments."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return [first or second for first, second in CSS_ADDRESS.findall(text)]


def _check_addresses(site: Path, name: str, addresses: list[str]) -> None:
    """Check that each address is relative and leads to a file of the site.

    ``#...`` and ``data:`` are skipped, because they load nothing.
    """
    for address in addresses:
        parts = urlsplit(address.strip())
        if parts.scheme == "data" or address.startswith("#"):
            continue
        if parts.scheme or parts.netloc or parts.path.startswith("/"):
            raise BuildError(f"{name} loads {address}, which is not relative to the site")
        target = (site / name).parent / unquote(parts.path)
        if not (target / "index.html" if target.is_dir() else target).is_file():
            raise BuildError(f"{name} loads {address}, which is not in the site")


def _check_script(name: str, text: str) -> None:
    """Check that a script contains no foreign address, or if it is vendored, only hosts of the list."""
    if name.startswith(VENDORED):
        for match in ADDRESS.finditer(text):
            if match[1].lower() not in HOSTS:
                raise BuildError(
                    f"{name} names the host {match[1]}, which is not in the list of web/build/check.py"
                )
    elif foreign := IN_QUOTES.search(text):
        raise BuildError(f"{name} has the foreign address {foreign[0]}")


def _check_lock(site: Path) -> None:
    """Check that the lock lists exactly the wheels in the site, with all packages that they depend on."""
    folder = site / "pyodide"
    packages = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    listed = {package["file_name"] for package in packages.values()}
    present = {path.name for path in folder.glob("*.whl")}
    if listed != present:
        differing = ", ".join(sorted(listed ^ present))
        raise BuildError(f"pyodide-lock.json and the wheels beside it differ in {differing}")
    for package in packages.values():
        if unknown := set(package["depends"]) - set(packages):
            raise BuildError(
                f"{package['name']} depends on {', '.join(sorted(unknown))}, "
                "which pyodide-lock.json does not list"
            )
