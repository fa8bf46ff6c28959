"""Makes the site's files missing, refused, cut short, damaged or unanswered, one at a time; the build's own
list names the files.

The page must name the file and offer to try again, and must work once the fault is mended. A usual run takes
some files of every kind. All cases (several hundred, hours on two cores) are run by

    INKLING_ALL_FAULTS=1 python -m pytest tests/site/test_faults.py

A part of them, so that several can run side by side, is run with ``2/4``, the second quarter, instead of 1.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.site.listeners import Listeners
from tests.site.server import SiteServer

FAULTS = ("404", "500", "truncated", "corrupted", "never")
PATIENCE = 100.0  # seconds until a fault must be named; the page gives up a silent server after 30
# The browser requests these itself, and not always.
BY_THE_BROWSER = ("look/icon.svg", "look/icon-192.png", "look/icon-512.png")
# The files that a usual run takes; each gets another kind of fault.
CHOSEN = (
    "boot/worker/worker.mjs", "pyodide/pyodide.asm.wasm", "start/packages-*.zst", "build.json",
    "boot/page/head.js",     "data/manifest.json", "look/network.css",
)  # fmt: skip


# From a slow host, the page fetches the compressed copy instead of the file itself.
TWINS = {"pyodide/pyodide.asm.wasm": "start/code-*.zst"}


def forms_of(server: SiteServer, name: str) -> list[str]:
    """Return the files with the content of ``name``: itself and its compressed copies."""
    twins = server.site.glob(TWINS[name]) if name in TWINS else ()
    return [name, *(path.relative_to(server.site).as_posix() for path in twins)]


def start_with(name: str) -> str:
    """Return the query of a start that can't do without ``name``.

    Of the starts' own files the image start can: it falls back to the lean one without a word
    (test_start.py). All else is needed by both, and the image start is sooner.
    """
    return "?start=lean" if name.startswith("start/") else "?start=image"


def set_fault(server: SiteServer, name: str, fault: str) -> None:
    if fault == "never":
        server.hang(name)
    elif fault.isdecimal():
        server.fail(name, int(fault))
    else:
        server.damage(name, fault)


def asked_at_start(browser: Any, site: Path) -> list[str]:
    """Return the files that the page requests when it is opened once."""
    with SiteServer(site).running() as server:
        context = browser.new_context()
        page = context.new_page()
        page.goto(server.url + "?start=lean")  # the lean start can do without none of its files
        page.wait_for_function("document.documentElement?.dataset.lab === 'ready'", timeout=120_000)
        page.wait_for_timeout(2000)
        context.close()
        return sorted({name for name in server.requests if name} - set(BY_THE_BROWSER))


@pytest.fixture(scope="module")
def cases(browser: Any, site: Path) -> list[tuple[str, str]]:
    """Return the cases as (name, fault): all of them, a part of them, or one fault for each of ``CHOSEN``."""
    if asked := os.environ.get("INKLING_ALL_FAULTS"):
        part, _, parts = asked.partition("/")
        every = [(name, fault) for name in asked_at_start(browser, site) for fault in FAULTS]
        return every[int(part) - 1 :: int(parts or 1)]
    names = [
        path.relative_to(site).as_posix() for pattern in CHOSEN for path in sorted(site.glob(pattern))[:1]
    ]
    return [(name, FAULTS[number % len(FAULTS)]) for number, name in enumerate(names)]


@pytest.fixture
def faulty(browser: Any, site: Path) -> Iterator[Any]:
    with SiteServer(site).running() as server:
        context = browser.new_context()
        listeners = Listeners(context, server)
        listeners.expect("^(console|uncaught): ")  # the browser, Bokeh and Pyodide report the fault too
        yield server, context
        context.close()
        assert listeners.unexpected == [], "no fault makes the page ask elsewhere"


def told(page: Any) -> str:
    """Return all error messages on the page."""
    return page.evaluate(
        "[...document.querySelectorAll('.lab-error, .lab-note')].map(line => line.textContent).join(' ')"
    )


def wait_for(page: Any, condition: Any, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"{what}; the page says: {told(page) or 'nothing'}"
        page.wait_for_timeout(100)


def suffers(server: SiteServer, context: Any, name: str, fault: str) -> str:
    """Run one case; return what the page did wrong, or an empty text."""
    names = forms_of(server, name)
    for form in names:
        set_fault(server, form, fault)
    page = context.new_page()
    try:
        page.goto(server.url + start_with(name), wait_until="commit")
        named = lambda: any(Path(form).name in told(page) for form in names)  # noqa: E731
        wait_for(page, named, f"{name}, {fault}: it is named")
        server.mend()
        again = page.get_by_role("button", name="Try again")
        if page.evaluate("document.documentElement?.dataset.lab") == "failed" or again.count():
            assert again.count(), f"{name}, {fault}: there is a way on"
            again.first.click()
        lab = "['ready', 'training'].includes(document.documentElement?.dataset.lab)"
        wait_for(page, lambda: page.evaluate(lab), f"{name}, {fault}: well again")
        step = "inkling.command('step').then(() => true, () => false)"
        wait_for(page, lambda: page.evaluate(step), f"{name}, {fault}: trains")
    except AssertionError as error:
        return str(error).split("\n")[0]
    finally:
        server.mend()
        page.close()
    return ""


def test_each_fault_is_named_and_got_over(faulty: Any, cases: list[tuple[str, str]]) -> None:
    server, context = faulty
    problems = []
    for name, fault in cases:
        problem = suffers(server, context, name, fault)
        print(f"{fault:10} {name}: {problem or 'named, and well again'}", flush=True)
        problems += [problem] if problem else []
    assert problems == []


def test_a_list_of_files_that_says_something_else_is_noticed(faulty: Any, site: Path) -> None:
    """The changed list is still valid JSON and no other file differs, so only the list's own hash shows the
    change."""
    server, context = faulty
    built = (site / "build.json").read_bytes()
    server.replace("build.json", built.replace(b'"bytes": 0', b'"bytes": 1', 1))
    page = context.new_page()
    page.goto(server.url)
    wait_for(page, lambda: "build.json could not be fetched" in told(page), "a changed list is named")


def test_what_is_not_asked_for_at_the_start_is_checked_when_it_is_kept(browser: Any, site: Path) -> None:
    """The service worker compares every file of the build's list, so it must find one damaged byte in any of
    them."""
    listed = json.loads((site / "build.json").read_text())["files"]
    late = [
        file["path"] for file in listed if file["path"].startswith("static/panel/") and file["bytes"] > 99
    ]
    with SiteServer(site).running() as server:
        context = browser.new_context(service_workers="allow")
        for name, fault in zip(late[:: len(late) // 3], ("corrupted", "truncated", "404"), strict=False):
            set_fault(server, name, fault)
        page = context.new_page()
        page.goto(server.url)
        line = page.locator(".lab-note[data-note=not-kept]")
        line.wait_for(timeout=150_000)
        assert any(name in line.inner_text() for name in late)
        server.mend()
        line.get_by_role("button", name="Try again").click()
        page.locator(".lab-offline", has_text="Works offline").wait_for(timeout=120_000)
        context.close()
