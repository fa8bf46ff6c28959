"""Runs the app once on the host and lets Panel's converter write the page, with its controls drawn.

``python -m web.build.render web/app.py OUT.html``. The page then shows the real controls before any Python
has started (Panel calls it prerendering). This happens in a process of its own, because Panel reads its
addresses from the environment when it is imported, and because Bokeh numbers its models from the start of the
process.
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

# A host that cannot exist: page.py finds Panel's addresses by it, and makes them relative.
PLACEHOLDER = "https://inkling.invalid/"


def render(app: Path, folder: Path) -> str:
    """Return the page's HTML as Panel writes it, with addresses under ``PLACEHOLDER``.

    Args:
        app: the app's file. folder: a folder for a scratch file.

    Raises:
        BuildError: if the host's Panel or Bokeh is not the pinned version, or the app failed.
    """
    html = folder / "rendered.html"
    # The settings of the user who runs the build must not change its result.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("BOKEH_", "PANEL_"))}
    environment |= {
        "PANEL_CDN_ROOT": PLACEHOLDER + "panel/",
        "PANEL_NPM_CDN": PLACEHOLDER + "npm",
        "BOKEH_SIMPLE_IDS": "yes",  # p1001, p1002, ... instead of random ones
        "PYTHONHASHSEED": "0",  # Bokeh writes sets in the order of their hashes
    }
    done = subprocess.run(
        [sys.executable, "-m", "web.build.render", str(app), str(html)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    # Panel logs an app's error and continues with an incomplete page, so the exit code alone is not enough.
    if done.returncode or "Error running application handler" in done.stderr or not html.is_file():
        raise BuildError(f"the app did not run at build time: {_reason(done.stderr)}")
    text = html.read_text(encoding="utf-8")
    html.unlink()
    return text


def _reason(log: str) -> str:
    """Return the app's own error, which comes before the errors that follow from it; else the last line."""
    errors = re.findall(r"^(?:[\w.]+(?:Error|Exception)|KeyboardInterrupt): .*$", log, re.MULTILINE)
    return (errors or log.strip().splitlines()[-1:] or ["no reason given"])[0]


def _check_versions() -> None:
    """Check that the host's Panel and Bokeh have the pinned versions.

    They exist twice, here and in the page, and Python and JavaScript of different versions do not fit
    together.
    """
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
    """Write the app's page as HTML."""
    _check_versions()
    from panel.io.convert import script_to_html
    from panel.io.resources import set_resource_mode

    with set_resource_mode("cdn"):
        text, _ = script_to_html(app, requirements=[], runtime="pyodide-worker", prerender=True)
    Path(html).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    _main(*sys.argv[1:])
