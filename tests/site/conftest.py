"""Provides the built site, served under a sub-path, and a real Chromium to open it in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.site.driving import opened_lab
from tests.site.listeners import Listeners
from tests.site.server import SiteServer

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",  # containers run tests as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Chromium's own requests would look like the page's.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Full MNIST if MNIST_DIR names its folder; otherwise the digits that the build finds.
DIGITS = ["--mnist", os.environ["MNIST_DIR"]] if os.environ.get("MNIST_DIR") else []


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site once with the user's own command: with full MNIST if ``MNIST_DIR`` is set, else with the
    digits that the build finds."""
    return built(tmp_path_factory.mktemp("built") / "dist")


@pytest.fixture(scope="session")
def site_without_image(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the same site with ``--no-image``, from what the build of ``site`` has left in its cache."""
    return built(tmp_path_factory.mktemp("without-image") / "dist", "--offline", "--no-image")


def built(out: Path, *arguments: str) -> Path:
    """Build the site into ``out``."""
    command = [sys.executable, str(ROOT / "build.py"), "--quick", "--out", str(out), *DIGITS, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"the build failed:\n{done.stdout}\n{done.stderr}"
    return out


@pytest.fixture
def serve(site: Path) -> Iterator[SiteServer]:
    """Serve the site under /some/sub/path/ on this machine; paths can be made to fail, and requests are
    recorded."""
    with SiteServer(site).running() as server:
        yield server


def _new_context(make: Any, usual: dict[str, Any], **options: Any) -> Any:
    return make(**usual | options)


def installed_browser() -> str:
    """Return the path of a browser; without one the test skips, or fails where CI requires it."""
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        reason = f"no browser: none of {', '.join(BROWSERS)} is installed"
        if os.environ.get("INKLING_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    return program


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start the machine's Chromium, headless. Each module of tests has a new one: while Playwright runs,
    asyncio can't be used in this thread, and other tests use it."""
    program = installed_browser()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, headless=True, args=FLAGS)
        # Playwright's wait_for_function evaluates text, which the page's policy forbids, and a service worker
        # would fetch the whole site in every test. Tests of these two set the options differently
        # (test_policy.py, test_offline.py).
        usual = {"bypass_csp": True, "service_workers": "block"}
        chromium.new_context = partial(_new_context, chromium.new_context, usual)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    """Open a new browser profile with nothing cached and nothing stored."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context
    context.close()


@pytest.fixture
def listeners(context: Any, serve: SiteServer) -> Iterator[Listeners]:
    """Record everything that a page must not do; the test fails at its end if there was any."""
    listeners = Listeners(context, serve)
    yield listeners
    assert listeners.unexpected == []


@pytest.fixture
def page(context: Any, listeners: Listeners) -> Any:
    """Open a blank page with the listeners on it. ``page.goto(serve.url)`` opens the site."""
    return context.new_page()


@pytest.fixture(scope="module")
def lab(browser: Any, site: Path) -> Iterator[Any]:
    """Open one lab for a whole module, because opening takes seconds."""
    with SiteServer(site).running() as server, opened_lab(browser, server) as page:
        yield page
