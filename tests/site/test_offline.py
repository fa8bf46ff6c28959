"""Checks the service worker: after one visit the site opens without a network, a new version replaces all
files at once, and after an interruption no file is fetched twice."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.site.driving import command, open_lab, save_now, snapshot, wait_until
from tests.site.listeners import Listeners
from tests.site.server import SiteServer
from web.build.output import SERVICE_WORKER, write_manifest

KEPT = 120_000  # milliseconds


@pytest.fixture
def visit(browser: Any, serve: SiteServer) -> Iterator[Any]:
    """Open a context in which service workers work; return it with its listeners."""
    context = browser.new_context(service_workers="allow", viewport={"width": 1280, "height": 800})
    listeners = Listeners(context, serve)
    yield context, listeners
    context.close()
    assert listeners.unexpected == []


def wait_until_kept(page: Any) -> None:
    page.locator(".lab-offline", has_text="Works offline").wait_for(timeout=KEPT)


def train_and_pause(page: Any) -> None:
    """Train for a moment, because the page begins to keep the site as soon as training pauses."""
    command(page, "play", {"epochs": 0})
    page.wait_for_function("document.documentElement.dataset.lab === 'training'")
    command(page, "pause")


def test_keeping_waits_for_a_pause_in_training(visit: Any, serve: SiteServer) -> None:
    context, _ = visit
    page = context.new_page()
    open_lab(page, serve.url)
    command(page, "play", {"epochs": 0})
    wait_until(page, lambda seen: seen["epoch"] > 0, 60, "an epoch")
    assert SERVICE_WORKER not in serve.requests
    command(page, "pause")
    wait_until_kept(page)


def test_after_one_visit_it_opens_without_a_network(visit: Any, serve: SiteServer, site: Path) -> None:
    context, _ = visit
    page = context.new_page()
    open_lab(page, serve.url)
    train_and_pause(page)
    wait_until_kept(page)
    page.close()
    asked = len(serve.requests)
    serve.unplug()
    page = context.new_page()
    open_lab(page, serve.url)
    train_count = json.loads((site / "data" / "manifest.json").read_text())["train"]
    everything = sum(entry["count"] for entry in train_count)
    wait_until(page, lambda seen: seen["train_size"] == everything, 60, "all digits without a network")
    command(page, "step")
    assert snapshot(page)["samples"] > 0
    assert page.locator(".lab-error").count() == 0
    page.goto(serve.url + "licences.html")
    assert page.locator("h1").inner_text() == "Licences"
    missed = {name for name in serve.requests[asked:] if name != SERVICE_WORKER}
    assert missed == set(), "whatever the page asks for is kept"


def test_it_can_be_installed(site: Path) -> None:
    manifest = json.loads((site / "manifest.webmanifest").read_text())
    assert manifest["start_url"] == manifest["scope"] == "./" and manifest["display"] == "standalone"
    for icon in manifest["icons"]:
        data = (site / icon["src"]).read_bytes()
        if icon["type"] == "image/png":
            width = int.from_bytes(data[16:20], "big")
            assert data[:4] == b"\x89PNG" and icon["sizes"] == f"{width}x{width}"


def test_a_dropped_network_costs_nothing_twice(visit: Any, serve: SiteServer, site: Path) -> None:
    """One of the last files is missing: the page must name it, and later fetch only this file."""
    context, listeners = visit
    last = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.css"))[-1]
    serve.fail(last, 503)
    page = context.new_page()
    open_lab(page, serve.url)
    train_and_pause(page)
    line = page.locator(".lab-note[data-note=not-kept]")
    line.wait_for(timeout=KEPT)
    assert last in line.inner_text() and "503" in line.inner_text()
    serve.mend(last)
    before = len(serve.requests)
    line.get_by_role("button", name="Try again").click()
    wait_until_kept(page)
    again = [name for name in serve.requests[before:] if name not in (SERVICE_WORKER, last)]
    assert not any(name.endswith((".whl", ".wasm", ".gz")) for name in again), again


def new_version(site: Path, folder: Path) -> Path:
    """Return a copy of the site with another style sheet, like a new build."""
    shutil.copytree(site, folder)
    sheet = folder / "look" / "widgets.css"
    sheet.write_text(sheet.read_text() + "\n/* new version */\n")
    about = json.loads((folder / "build.json").read_text())
    old = hashlib.sha256((folder / "build.json").read_bytes()).hexdigest()
    worker = folder / SERVICE_WORKER
    worker.write_text(worker.read_text().replace(old, "__BUILD__"))
    (folder / "build.json").unlink()
    del about["files"]
    write_manifest(folder, about)
    return folder


def test_a_new_version_is_offered_and_taken_whole(
    visit: Any, serve: SiteServer, site: Path, tmp_path: Path
) -> None:
    context, _ = visit
    page = context.new_page()
    open_lab(page, serve.url)
    train_and_pause(page)
    wait_until_kept(page)
    command(page, "step")
    save_now(page)
    serve.site = new_version(site, tmp_path / "new")
    open_lab(page, serve.url)
    is_new = "fetch('look/widgets.css').then(r => r.text()).then(text => text.includes('new version'))"
    assert not page.evaluate(is_new), "until it is asked for, everything is of the old version"
    line = page.locator(".lab-note[data-note=update]")
    line.wait_for(timeout=KEPT)
    big = [name for name in serve.requests if name.endswith("python_stdlib.zip")]
    with page.expect_navigation():
        line.get_by_role("button", name="Update now").click()
    page.wait_for_function("document.documentElement?.dataset.lab === 'ready'", timeout=KEPT)
    assert page.evaluate(is_new)
    assert snapshot(page)["samples"] > 0, "the work is back"
    assert [name for name in serve.requests if name.endswith("python_stdlib.zip")] == big
    names = page.evaluate("caches.keys().then(names => names.filter(name => name.startsWith('inkling /')))")
    assert len(names) == 1, "the old version is gone"


def test_a_slow_or_metered_connection_is_asked_first(browser: Any, serve: SiteServer, site: Path) -> None:
    context = browser.new_context(service_workers="allow")
    context.add_init_script(
        "Object.defineProperty(navigator, 'connection', {value: {saveData: true, effectiveType: '3g'}})"
    )
    page = context.new_page()
    open_lab(page, serve.url)
    manifest = json.loads((site / "data" / "manifest.json").read_text())
    first, everything = manifest["train"][0]["count"], sum(entry["count"] for entry in manifest["train"])
    others = sum(entry["count"] for part in ("train", "test") for entry in manifest[part][1:])
    assert page.locator(".lab-note[data-note=keep]").is_visible()
    page.wait_for_timeout(3000)
    assert not any(name in path for path in serve.requests for name in ("pyodide/scipy", "pyodide/pillow"))
    if first < everything:
        assert snapshot(page)["train_size"] == first
        line = page.locator(".lab-note[data-note=digits]")
        assert f"{others:,}" in line.inner_text()
        line.get_by_role("button", name="Fetch them").click()
        wait_until(page, lambda seen: seen["train_size"] == everything, 60, "the rest, as asked for")
    context.close()


def test_later_digits_come_after_a_drop(
    page: Any, serve: SiteServer, site: Path, listeners: Listeners
) -> None:
    manifest = json.loads((site / "data" / "manifest.json").read_text())
    everything = sum(entry["count"] for entry in manifest["train"])
    last = f"data/{manifest['test'][-1]['images']['file']}"
    serve.fail(last, 503)
    open_lab(page, serve.url)
    page.locator(".lab-error", has_text=Path(last).name).wait_for(timeout=30_000)
    serve.mend(last)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    total = sum(entry["count"] for entry in manifest["test"])
    wait_until(page, lambda seen: seen["test_size"] == total, 30, "the missing digits")
    assert snapshot(page)["train_size"] == everything
    page.locator(".lab-error", has_text=Path(last).name).wait_for(state="detached", timeout=5000)
