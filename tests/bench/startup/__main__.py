"""Measures all starts in turn, for some rounds, and writes the medians as a table.

    python -m tests.bench.startup --mnist DIR [--rounds 5] [--check]

Every round opens every page once over every link, so that other work on the machine slows all of them alike;
compare the ratios. ``--check`` compares them with the committed ``docs/bench/startup.json`` and fails if one
is a fifth worse.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.startup.link import HOME, LOCALHOST, LinkServer
from tests.bench.startup.visit import visit
from tests.bench.startup.yardsticks import write_bare, write_stock
from tests.site.conftest import BROWSERS, FLAGS
from web.build.fetch import ROOT

WORSE = 1.2
Numbers = dict[str, dict[str, Any]]

# Ratios by title: the row, its number, the row to divide by, and the largest ratio wanted.
RATIOS = {
    "pad answers, cold": ("inkling, localhost, cold", "pad", "bare, localhost, cold", 0.4),
    "everything, cold": ("inkling, localhost, cold", "ready", "bare, localhost, cold", 0.5),
    "everything, second visit": ("inkling, localhost, warm", "ready", "bare, localhost, cold", 0.35),
    "everything, cold, beside stock": ("inkling, localhost, cold", "ready", "stock, localhost, cold", 0.25),
    "everything, cold, 20 Mbit/s": ("inkling, 20 Mbit/s, cold", "ready", "bare, 20 Mbit/s, cold", 1.0),
    "the same, lean": ("lean, 20 Mbit/s, cold", "ready", "bare, 20 Mbit/s, cold", 1.0),
}


def main() -> int:
    options = _arguments()
    with tempfile.TemporaryDirectory() as name:
        rows = _measure(Path(name), options)
    numbers = {row: _medians(visits) for row, visits in rows.items()}
    ratios = {
        what: numbers[row][key] / numbers[beside]["ready"]
        for what, (row, key, beside, _) in RATIOS.items()
        if row in numbers and beside in numbers
    }
    print(_table(numbers, ratios, options.rounds))
    if options.check:
        return _check(ratios, options.out / "startup.json")
    (options.out / "startup.json").write_text(
        json.dumps({"rows": numbers, "ratios": ratios}, indent=1) + "\n"
    )
    (options.out / "startup.md").write_text(_table(numbers, ratios, options.rounds))
    return 0


def _arguments() -> argparse.Namespace:
    p = argparse.ArgumentParser(prog="python -m tests.bench.startup", description=__doc__)
    p.add_argument("--mnist", type=Path, help="a folder with MNIST's four idx files")
    p.add_argument("--site", type=Path, help="a site that is built already")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--out", type=Path, default=ROOT / "docs" / "bench")
    p.add_argument("--check", action="store_true", help="compare with the committed figures")
    return p.parse_args()


def _measure(folder: Path, options: argparse.Namespace) -> dict[str, list[Any]]:
    from playwright.sync_api import sync_playwright

    site = options.site or folder / "site"
    if options.site is None:
        digits = ["--mnist", str(options.mnist)] if options.mnist else []
        subprocess.run([sys.executable, str(ROOT / "build.py"), "--out", str(site), *digits], check=True)
    write_bare(folder / "bare")
    write_stock(folder / "stock", site)
    program = next(path for name in BROWSERS if (path := shutil.which(name)))
    rows: dict[str, list[Any]] = {}
    ways = {way: (site, f"?start={way}") for way in ("lean", "image")}
    pages = {"inkling": (site, ""), **ways, "bare": (folder / "bare", "")}
    with sync_playwright() as playwright:
        for number in range(options.rounds):
            for link in (LOCALHOST, HOME):
                here = pages | ({"stock": (folder / "stock", "")} if link is LOCALHOST else {})
                for name, (path, query) in here.items():
                    # A real profile, as visitors have: a private window keeps no compiled code for later.
                    profile = tempfile.TemporaryDirectory()
                    context = playwright.chromium.launch_persistent_context(
                        profile.name,
                        executable_path=program,
                        args=FLAGS,
                        viewport={"width": 1280, "height": 800},
                    )
                    with profile, LinkServer(path, link).running() as server:
                        again = name == "inkling" and link is LOCALHOST
                        for state in ("cold", "warm") if again else ("cold",):
                            row = f"{name}, {link.name.split(', ')[0]}, {state}"
                            found = visit(context, server, query, comes_back=again and state == "cold")
                            rows.setdefault(row, []).append(found)
                            print(f"round {number + 1}: {row}: {found}", flush=True)
                        context.close()
    return rows


def _medians(visits: list[Any]) -> dict[str, Any]:
    keys = ("painted", "pad", "ready", "bytes")
    numbers: dict[str, Any] = {key: statistics.median(getattr(v, key) for v in visits) for key in keys}
    return numbers | {"way": visits[-1].way}


def _table(numbers: Numbers, ratios: dict[str, float], rounds: int) -> str:
    lines = [
        "# From a click to a page that answers",
        "",
        f"Medians of {rounds} in headless Chromium: milliseconds from navigation, and bytes until everything",
        "works (`python -m tests.bench.startup`). Believe the ratios: they are within one run.",
        "",
        "| page, link, cache | start | painted | pad answers | everything | MB |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {row} | {n['way'] or '-'} | {n['painted']:,.0f} | {n['pad'] or 0:,.0f} | {n['ready']:,.0f} "
        f"| {n['bytes'] / 1e6:.1f} |"
        for row, n in numbers.items()
    ]
    lines += ["", "| ratio | here | asked |", "| --- | ---: | ---: |"]
    lines += [f"| {what} | {ratio:.2f} | {RATIOS[what][3]} |" for what, ratio in ratios.items()]
    return "\n".join(lines) + "\n"


def _check(ratios: dict[str, float], committed: Path) -> int:
    before = json.loads(committed.read_text())["ratios"]
    worse = [w for w, ratio in ratios.items() if w in before and ratio > WORSE * before[w]]
    for what in worse:
        print(f"{what}: {ratios[what]:.2f} was {before[what]:.2f}", file=sys.stderr)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
