"""Measures how fast Inkling trains, beside other programs that train the same network: in one Chromium, and
natively.

    python -m tests.bench.kernels --mnist DIR --torch PYTHON

All contestants train the same networks (``tasks.py``) on the same real digits from the same weights. Their
losses over the first ten batches must agree, otherwise the benchmark stops with an error. Then all are
measured in turn, a second each, for five rounds or more, so that other work on the machine slows all of them
alike; the median counts. At the end the page itself is built and measured: its speed beside that of training
without a page, and the time until it reads 97 and 98 % of the test images. The table and the plot go to
``--out``.

--torch names a Python with PyTorch 2.13.0 and NumPy; without it one is made, in a virtual environment in the
cache (200 MB from PyPI).
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np

from nncore.datasets.mnist import load_mnist
from tests.bench.contestants import Contestant, in_the_browser, native, on_the_host
from tests.bench.live import measure_live
from tests.bench.report import Report
from tests.bench.tasks import TASKS
from tests.bench.workbench import RIVALS, build_site, write_workbench
from tests.site.conftest import BROWSERS, FLAGS
from web.build.fetch import ROOT, cache_folder
from web.build.pins import read_pins
from web.build.serve import make_server

TORCH = "torch==2.13.0"
TOLERANCE = (
    2e-3  # relative difference of the losses in the check: all use float32, but add in different orders
)


def main() -> None:
    options = _arguments()
    train, _ = load_mnist(options.mnist)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        write_workbench(folder, train)
        build_site(folder / "site", options.mnist)
        torch = options.torch or _torch_environment()
        page = stack.enter_context(_chromium(folder))
        processes = [
            stack.enter_context(native(Path(python), which, folder, ROOT))
            for python, which in ((sys.executable, "inkling"), (torch, "torch"))
        ]
        versions = dict(pin.npm.rsplit("@", 1) for pin in (*read_pins(), *read_pins(RIVALS)) if pin.npm)
        contestants = in_the_browser(page, versions) + on_the_host(*processes)
        _check(contestants)
        speeds = _measure(contestants, options.rounds, options.seconds)
        browser = f"Chromium {page.context.browser.version}, Pyodide {versions['pyodide']}"
        print("the live page")
        live = measure_live(page.context.browser.new_page(), page.url.replace("index.html", "site/"))
    report = Report(contestants, speeds, live, browser, options.rounds)
    report.write(options.out)
    print(report.table())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mnist", type=Path, required=True, help="folder with MNIST's four files")
    parser.add_argument("--torch", type=Path, help="a Python that has PyTorch and NumPy")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each contestant, task and round")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "bench", help="folder for table and plot")
    return parser.parse_args()


@contextmanager
def _chromium(folder: Path) -> Iterator[Any]:
    """Open a page of a headless Chromium, with ``folder`` served to it."""
    from playwright.sync_api import sync_playwright

    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        raise SystemExit(f"no browser: none of {', '.join(BROWSERS)} is installed")
    with make_server(folder, 0) as server, sync_playwright() as playwright:
        Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/index.html")
            page.wait_for_function("typeof ask == 'function'")
            yield page
        finally:
            browser.close()
            server.shutdown()


def _torch_environment() -> Path:
    folder = cache_folder() / "torch"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.is_file():
        print(f"installing {TORCH} into {folder}")
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", TORCH, "numpy"], check=True)
    return python


def _check(contestants: list[Contestant]) -> None:
    """Check that all contestants do the same work; an error stops the benchmark otherwise."""
    for task in TASKS:
        losses = {c.name: c.check(task) for c in contestants if task.name in c.tasks}
        expected = losses["native-numpy"]
        print(f"{task.title}: the first ten batches have a loss of {expected:.5f}")
        for name, loss in losses.items():
            if not np.isclose(loss, expected, rtol=TOLERANCE):
                raise SystemExit(
                    f"{name} comes to a loss of {loss}, not {expected}: it is not the same training"
                )


def _measure(contestants: list[Contestant], rounds: int, seconds: float) -> dict[tuple[str, str], float]:
    """Return images a second by contestant and task, the median of all rounds after one to warm up."""
    speeds: dict[tuple[str, str], list[float]] = {}
    for round_ in range(rounds + 1):
        print(f"round {round_} of {rounds}", flush=True)
        for task in TASKS:
            for contestant in contestants:
                if task.name in contestant.tasks:
                    speed = contestant.measure(task, seconds if round_ else seconds / 2)
                    if round_:
                        speeds.setdefault((contestant.name, task.name), []).append(speed)
    return {key: statistics.median(measured) for key, measured in speeds.items()}


if __name__ == "__main__":
    main()
