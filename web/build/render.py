"""Runs in a process of its own: the app is run once, here, and Panel's converter writes the page around it.

``python -m web.build.render web/app.py OUT.html``. The page then shows the real controls before any Python
has started (Panel calls it prerendering). A process of its own, because Panel reads its addresses from the
environment when it is imported, and because Bokeh numbers its models from the start of the process.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from web.build.errors import BuildError
from web.build.fetch import ROOT
from web.build.pins import pins_for

# Addresses under a host that can't exist: page.py finds them by it, and turns them into the site's own.
PLACEHOLDER = "https://inkling.invalid/"


def render(app: Path, folder: Path) -> str:
    """The page's HTML as Panel writes it, with addresses under ``PLACEHOLDER``. ``folder`` is for a scratch
    file.

    Raises:
        BuildError: if the host's Panel or Bokeh is not the pinned version, or the app failed.
    """
    html = folder / "rendered.html"
    # Settings of whoever runs the build must not change what comes out.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("BOKEH_", "PANEL_"))}
    environment |= {
        "PANEL_CDN_ROOT": PLACEHOLDER + "panel/",
        "PANEL_NPM_CDN": PLACEHOLDER + "npm",
        "BOKEH_SIMPLE_IDS": "yes",  # p1001, p1002, ... instead of random ones
        "PYTHONHASHSEED": "0",  # Bokeh writes sets as they come
    }
    done = subprocess.run(
        [sys.executable, "-m", "web.build.render", str(app), str(html)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    # Panel logs an app's error and goes on with whatever was there by then: the log counts, not the exit code
    # alone.
    if done.returncode or "Error running application handler" in done.stderr or not html.is_file():
        raise BuildError(f"the app did not run at build time: {_reason(done.stderr)}")
    text = html.read_text(encoding="utf-8")
    html.unlink()
    return text


def _reason(log: str) -> str:
    """The app's own error, which comes before those that follow from it; else the last line."""
    errors = re.findall(r"^(?:[\w.]+(?:Error|Exception)|KeyboardInterrupt): .*$", log, re.MULTILINE)
    return (errors or log.strip().splitlines()[-1:] or ["no reason given"])[0]


def _check_versions() -> None:
    """Panel and Bokeh exist twice, here and in the page; Python and JavaScript of two versions don't fit."""
    try:
        import bokeh
        import panel
    except ImportError as error:
        raise SystemExit(
            f'{error.name} is missing; install what the build needs: pip install -e ".[dev]"'
        ) from error
    pinned = {pin.distribution: pin.version for pin in pins_for("page")}
    for module in (bokeh, panel):
        if module.__version__ != pinned[module.__name__]:
            raise SystemExit(
                f"{module.__name__} {module.__version__} is installed, "
                f"but pins.toml has {pinned[module.__name__]}"
            )


def _main(app: str, html: str) -> None:
    _check_versions()
    from panel.io.convert import script_to_html
    from panel.io.resources import set_resource_mode

    with set_resource_mode("cdn"):
        text, _ = script_to_html(app, requirements=[], runtime="pyodide-worker", prerender=True)
    Path(html).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    _main(*sys.argv[1:])
