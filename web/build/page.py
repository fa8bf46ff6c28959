"""Turns the HTML of Panel's converter into the site's own page. No other module rewrites Panel's output.

Panel writes a worker of its own. Here its page script gets our worker's port, and the style sheets that its
Python names are copied out of the pinned wheel. Bokeh's and Panel's JavaScript comes from ``bokeh_bundle``. A
pattern that must be found once is counted, so that a version of Panel that writes something else stops the
build.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from web.build.errors import BuildError
from web.build.policy import apply_policy
from web.build.render import PLACEHOLDER

# Files that Python requests at run time, by address under PANEL_CDN_ROOT, although the page does not name
# them: the style sheets of components and themes, and the spinners that these refer to.
AT_RUN_TIME = ("css/", "bundled/theme/", "assets/")
UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")


class Page:
    """Rewrites one page and copies the files that it refers to.

    Args:
        panel: Panel's wheel. site: the folder that becomes the site.
    """

    def __init__(self, panel: Path, site: Path) -> None:
        self.panel, self.site = panel, site
        self.version = panel.name.split("-")[1]

    def write(self, html: str) -> None:
        """Write ``index.html`` and every static file of Panel's.

        Raises:
            BuildError: if the HTML differs from the form that this version of Panel is known to write.
        """
        html = self._once(html, 'new Worker("./app.js")', "window.inkling.panelPort", "worker of Panel's own")
        sends = "function send_change(jsdoc, event) {"  # boot/page/hydrate.js calls it
        html = self._once(html, sends, sends, "function that sends a change")
        self._copy()
        html = _numbered(html)
        if PLACEHOLDER in html:
            at = html.index(PLACEHOLDER)
            raise BuildError(
                f"Panel {self.version} wrote an address that page.py doesn't know: {html[at : at + 90]}"
            )
        (self.site / "index.html").write_bytes(apply_policy(html, self.site).encode())

    def _once(self, html: str, old: str, new: str, what: str) -> str:
        """Replace ``old``, which must occur exactly once; ``what`` describes it in the error."""
        if (count := html.count(old)) != 1:
            raise BuildError(
                f"Panel {self.version} wrote {old!r} ({what}) {count} times; page.py expects it once; "
                "Panel's converter has changed, and page.py must be changed to match"
            )
        return html.replace(old, new)

    def _copy(self) -> None:
        """Copy the files that Python requests at run time out of Panel's wheel into the site."""
        with zipfile.ZipFile(self.panel) as archive:
            for path in archive.namelist():
                name = path.removeprefix("panel/dist/")
                if path.endswith("/") or not name.startswith(AT_RUN_TIME):
                    continue
                target = self.site / "static" / "panel" / self.version / "dist" / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(path))


def _numbered(html: str) -> str:
    """Replace Bokeh's random UUIDs by numbers in the order in which they appear.

    Two builds are then equal.
    """
    order: dict[str, str] = {}
    return UUID.sub(lambda m: order.setdefault(m[0], f"00000000-0000-4000-8000-{len(order):012d}"), html)
