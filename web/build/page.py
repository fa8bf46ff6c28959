"""Turns the HTML of Panel's converter into the site's own page. No other module rewrites Panel's output.

Panel writes absolute addresses (of its CDN, which ``render`` made a placeholder, and of Bokeh's) and a worker
of its own. Here every address becomes a relative one, exactly the files referred to are copied out of the
pinned wheels, and Panel's page script gets our worker's port. A pattern that must be found once is counted,
so that a version of Panel that writes something else stops the build.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from web.build.errors import BuildError
from web.build.policy import apply_policy, without_shim
from web.build.render import PLACEHOLDER

BOKEH_CDN = "https://cdn.bokeh.org/bokeh/release/"
# Files that Python requests at run time, by address under PANEL_CDN_ROOT, although the page does not name
# them: the style sheets of components and themes, and the spinners that these refer to.
AT_RUN_TIME = ("css/", "bundled/theme/", "assets/")
# Bokeh's scripts for features that our views don't use: plots drawn by WebGL, formulas typeset by MathJax.
# They are two megabytes of the four that every visitor would fetch and parse before the first control is
# drawn.
WEBGL, MATHJAX = (
    re.compile(rf'<script [^>]*src="[^"]*/bokeh-{name}-[^"]*"></script>\n?') for name in ("gl", "mathjax")
)
UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")


class Page:
    """Rewrites one page and copies the files that it refers to.

    Args:
        panel: Panel's wheel. bokeh: Bokeh's wheel. site: the folder that becomes the site.
    """

    def __init__(self, panel: Path, bokeh: Path, site: Path) -> None:
        self.panel, self.bokeh, self.site = panel, bokeh, site
        self.panel_version = panel.name.split("-")[1]
        self.bokeh_version = bokeh.name.split("-")[1]

    def write(self, html: str) -> None:
        """Write ``index.html`` and every static file of Panel's and Bokeh's.

        Raises:
            BuildError: if the HTML differs from the form that this version of Panel is known to write, or a
                wheel lacks a file.
        """
        html = without_shim(html)
        html = self._once(html, 'new Worker("./app.js")', "window.inkling.panelPort", "worker of Panel's own")
        sends = "function send_change(jsdoc, event) {"  # boot/page/hydrate.js calls it
        html = self._once(html, sends, sends, "function that sends a change")
        html, left_out = WEBGL.subn("", html)
        if left_out != 1:
            raise BuildError(
                f"Panel {self.panel_version} wrote {left_out} scripts of bokeh-gl; page.py expects one "
                "and leaves it out"
            )
        html = MATHJAX.sub("", html)  # written only if a model might need it
        html = self._static(
            html, f"{PLACEHOLDER}panel/{self.panel_version}/dist/", self.panel, "panel/dist/", ""
        )
        version = re.escape("-" + self.bokeh_version)
        html = self._static(html, BOKEH_CDN, self.bokeh, "bokeh/server/static/js/", version)
        self._copy(self.panel, "panel/dist/", self._at_run_time())
        html = _numbered(html)
        if PLACEHOLDER in html:
            at = html.index(PLACEHOLDER)
            raise BuildError(
                f"Panel {self.panel_version} wrote an address that page.py doesn't know: {html[at : at + 90]}"
            )
        (self.site / "index.html").write_bytes(apply_policy(html, self.site).encode())

    def _once(self, html: str, old: str, new: str, what: str) -> str:
        """Replace ``old``, which must occur exactly once; ``what`` describes it in the error."""
        if (count := html.count(old)) != 1:
            raise BuildError(
                f"Panel {self.panel_version} wrote {old!r} ({what}) {count} times; page.py expects it once; "
                "Panel's converter has changed, and page.py must be changed to match"
            )
        return html.replace(old, new)

    def _static(self, html: str, address: str, wheel: Path, inside: str, drop: str) -> str:
        """Replace addresses under ``address`` by relative ones, and copy the files from ``inside`` the wheel.

        ``drop`` is a pattern in the addresses' names (a version) that the wheel's own names lack.
        """
        pattern = re.compile(re.escape(address) + r"""([^"'\\ )<>?&]+)(\?[^"'\\ )<>&]*)?""")
        names = {m[1]: re.sub(drop, "", m[1]) for m in pattern.finditer(html)}
        if not names:
            raise BuildError(
                f"Panel {self.panel_version} wrote no address under {address}; "
                "page.py must be changed to match"
            )
        self._copy(wheel, inside, names.values())
        return pattern.sub(lambda m: "./" + self._target(wheel, names[m[1]]), html)

    def _target(self, wheel: Path, name: str) -> str:
        """Return the path in the site of a static file."""
        if wheel == self.bokeh:
            return f"static/bokeh/{self.bokeh_version}/{name}"
        # `@^1.10.0` means "or newer" to npm; in an address the circumflex causes trouble.
        return f"static/panel/{self.panel_version}/dist/{name.replace('@^', '@')}"

    def _copy(self, wheel: Path, inside: str, names: Iterable[str]) -> None:
        """Copy files out of a wheel into the site."""
        with zipfile.ZipFile(wheel) as archive:
            for name in sorted(set(names)):
                try:
                    data = archive.read(inside + name)
                except KeyError:
                    raise BuildError(
                        f"{wheel.name} lacks {inside + name}, which the page refers to"
                    ) from None
                target = self.site / self._target(wheel, name)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)

    def _at_run_time(self) -> list[str]:
        """Return the names of the files of Panel that Python requests at run time."""
        with zipfile.ZipFile(self.panel) as archive:
            names = [
                name.removeprefix("panel/dist/") for name in archive.namelist() if not name.endswith("/")
            ]
        return [name for name in names if name.startswith(AT_RUN_TIME)]


def _numbered(html: str) -> str:
    """Replace Bokeh's random UUIDs by numbers in the order in which they appear.

    Two builds are then equal.
    """
    order: dict[str, str] = {}
    return UUID.sub(lambda m: order.setdefault(m[0], f"00000000-0000-4000-8000-{len(order):012d}"), html)
