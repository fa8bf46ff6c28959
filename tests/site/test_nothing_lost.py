"""Checks that the learner's work survives a reload, a closed tab and a second tab, and that a browser without
storage is reported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.site.driving import (
    brief,
    command,
    draw,
    open_lab,
    save_now,
    snapshot,
    train_until_paused,
    wait_until,
)
from tests.site.listeners import Listeners
from tests.site.server import SiteServer
from web.build.output import sealed


@pytest.fixture
def trained(page: Any, serve: SiteServer) -> Any:
    """Open a page whose network has learned for a while and is paused, with a drawing on its pad."""
    open_lab(page, serve.url)
    command(page, "set", {"layers": [784, 60, 10], "batch_size": 50, "epochs": 0})
    draw(page, [(250, 60), (250, 440)])
    page.locator(".lab-play").click()
    wait_until(page, lambda seen: seen["samples"] > 20_000, 60, "some training")
    page.locator(".lab-pause").click()
    wait_until(page, lambda seen: seen["evaluated_at"] == seen["samples"], 30, "measured")
    return page


def test_a_reload_brings_everything_back(trained: Any, serve: SiteServer) -> None:
    before = snapshot(trained)
    save_now(trained)
    open_lab(trained, serve.url)
    after = snapshot(trained)
    for name in (
        "layers",
        "samples",
        "epoch",
        "loss",
        "test_accuracy",
        "evaluated_at",
        "prediction",
        "pixels",
    ):
        assert after[name] == before[name], name
    line = trained.locator(".lab-note")
    assert "is back" in line.inner_text()
    command(trained, "step")
    # At most one mini-batch. The share of the epoch is restored; of fewer digits, less than a batch may be
    # left.
    assert 0 < snapshot(trained)["samples"] - before["samples"] <= 50


KEPT = """async () => {
  const [{ name }] = (await indexedDB.databases()).filter(({ name }) => name.startsWith("inkling "))
  const settled = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = reject
  })
  const database = await settled(indexedDB.open(name))
  const keys = await settled(database.transaction("kept").objectStore("kept").getAllKeys())
  database.close()
  return keys.map(([, key]) => key)
}"""


def test_the_table_of_runs_and_the_moments_of_the_past_are_there_after_a_reload(
    trained: Any, serve: SiteServer
) -> None:
    command(trained, "set", {"optimiser": "sgd"})
    command(trained, "epoch")
    trained.locator(".lab-tabs").get_by_text("Runs", exact=True).click()
    rows = trained.locator(".tab-runs tr[data-run]")
    rows.nth(1).wait_for()
    name = rows.nth(1).get_by_role("textbox")  # the newest is first
    name.fill("My first")
    name.press("Enter")
    before = snapshot(trained)
    assert len(before["moments"]) > 5 and before["moments"][0] == 0

    def all_kept(_seen: Any) -> bool:
        past = [name for name in trained.evaluate(KEPT) if name.startswith("past/")]
        return {int(name.split("/")[2]) for name in past} == set(before["moments"])

    wait_until(trained, all_kept, 60, "all moments kept, and no others")
    save_now(trained)
    runs = command(trained, "runs")
    assert runs[0]["name"] == "My first"
    open_lab(trained, serve.url)
    after = wait_until(trained, lambda seen: seen["moments"] == before["moments"], 30, "the past")
    assert after["samples"] == before["samples"]
    again = command(trained, "runs")
    assert [run["name"] for run in again] == ["My first", runs[1]["name"]]
    assert again == [runs[0] | {"kept": False}, runs[1]]
    trained.locator(".lab-tabs").get_by_text("Runs", exact=True).click()
    rows.nth(1).wait_for()
    assert rows.nth(1).get_by_role("textbox").input_value() == "My first"
    slider = trained.locator(".lab-rewind")
    slider.focus()
    slider.press("Home")
    then = wait_until(trained, lambda seen: seen["rewound"] is not None, 10, "the past is shown")
    assert then["rewound"] < before["samples"]
    trained.locator(".lab-branch").click()
    wait_until(trained, lambda seen: seen["rewound"] is None, 10, "it goes on from there")
    command(trained, "step")
    assert snapshot(trained)["samples"] == then["rewound"] + 50
    assert [run["run"] for run in command(trained, "runs")] == [run["run"] for run in runs] + [
        runs[1]["run"] + 1
    ]


def test_a_tab_closed_in_training_loses_two_seconds_at_most(
    trained: Any, context: Any, serve: SiteServer
) -> None:
    """The test counts what was kept and measures no time, because the machine may be busy."""
    before = snapshot(trained)["samples"]
    trained.locator(".lab-play").click()
    wait_until(trained, lambda seen: seen["samples"] > before, 30, "training goes on")
    trained.evaluate(
        """() => {
          window.seen = []
          const look = async () => {
            const { samples } = await inkling.snapshot()  // by a busy machine answered a while later
            window.seen.push([performance.now(), samples])
          }
          setInterval(look, 100)
        }"""
    )
    trained.wait_for_timeout(3500)  # two seconds that may be lost, and some that may not
    seen = trained.evaluate("window.seen")
    trained.close()  # the page gets no chance to save
    page = context.new_page()
    open_lab(page, serve.url)
    kept = snapshot(page)["samples"]
    end = seen[-1][0]
    must = [samples for moment, samples in seen if moment <= end - 2000]
    assert must and kept >= must[-1], f"kept {kept:,}, two seconds before the end it was {must[-1]:,}"


# Holds a lock until two seconds after another tab has asked for it, like a tab that is slow to close.
HOLD = """(name) => new Promise((held) => navigator.locks.request(name, async () => {
  held()
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
  while (!(await navigator.locks.query()).pending.some((lock) => lock.name === name)) await pause(20)
  await pause(2000)
}))"""


def test_a_tab_that_takes_its_time_to_close_leaves_its_work_to_the_next(
    trained: Any, context: Any, serve: SiteServer
) -> None:
    """A page that holds the first place and does not answer stands for a tab that a busy machine is
    closing."""
    samples = snapshot(trained)["samples"]
    save_now(trained)
    trained.goto(serve.url + "licences.html")
    trained.evaluate(HOLD, "inkling /some/sub/path/ 1")
    page = context.new_page()
    open_lab(page, serve.url)
    assert page.evaluate("sessionStorage.getItem('inkling-place')") == "1"
    assert snapshot(page)["samples"] == samples


def test_a_second_tab_has_a_place_of_its_own(trained: Any, context: Any, serve: SiteServer) -> None:
    first = brief(snapshot(trained))
    other = context.new_page()
    open_lab(other, serve.url)
    assert snapshot(other)["samples"] == 0
    assert "another tab" in other.locator(".lab-note").inner_text()
    command(other, "set", {"layers": [784, 20, 10]})
    command(other, "epoch")
    save_now(other)
    # Opened again, each tab finds its own network.
    open_lab(trained, serve.url)
    open_lab(other, serve.url)
    assert brief(snapshot(trained))["samples"] == first["samples"]
    assert snapshot(trained)["layers"] == [784, 60, 10] and snapshot(other)["layers"] == [784, 20, 10]


def test_start_afresh_asks_and_then_forgets(trained: Any, serve: SiteServer) -> None:
    save_now(trained)
    trained.locator(".lab-fresh").click()
    line = trained.locator(".lab-note[data-note=fresh]")
    line.get_by_role("button", name="Keep them").click()
    assert snapshot(trained)["samples"] > 0 and line.count() == 0
    trained.locator(".lab-fresh").click()
    with trained.expect_navigation():
        line.get_by_role("button", name="Start afresh").click()
    trained.wait_for_function("document.documentElement?.dataset.lab === 'ready'", timeout=120_000)
    seen = snapshot(trained)
    assert (seen["samples"], seen["prediction"], seen["layers"]) == (0, None, [784, 200, 10])


# Makes storage fail in the worker as in a browser whose disk is full, or that forbids storage.
FULL = """IDBObjectStore.prototype.put = function () {
  this.transaction.abort(); throw new DOMException("full", "QuotaExceededError") }"""
FORBIDDEN = "indexedDB.open = () => { throw new DOMException('no', 'SecurityError') }"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def served(site: Path, tmp_path: Path) -> Iterator[Any]:
    """Return a function that serves the site with a line put before its storage module."""
    servers = []

    def serve_with(line: str) -> SiteServer:
        server = SiteServer(site)
        source = (site / "boot" / "worker" / "store.mjs").read_bytes()
        changed = line.encode() + b"\n" + source
        build = (site / "build.json").read_text().replace(_sha256(source), _sha256(changed))
        server.replace("boot/worker/store.mjs", changed)
        server.replace("build.json", json.dumps(sealed(json.loads(build))).encode())
        running = server.running()
        servers.append(running)
        return running.__enter__()

    yield serve_with
    for running in servers:
        running.__exit__(None, None, None)


@pytest.mark.parametrize(("line", "reason"), [(FULL, "no room left"), (FORBIDDEN, "forbids storage")])
def test_where_nothing_can_be_kept_it_says_so_and_works(
    browser: Any, served: Any, line: str, reason: str
) -> None:
    server = served(line)
    context = browser.new_context()
    listeners = Listeners(context, server)
    page = context.new_page()
    open_lab(page, server.url)
    command(page, "epoch")
    alert = page.locator(".lab-error")
    alert.wait_for(timeout=10_000)
    assert reason in alert.inner_text() and "can't be kept" in alert.inner_text()
    command(page, "epoch")
    assert snapshot(page)["epoch"] == 2 and alert.count() == 1
    context.close()
    assert listeners.problems == []


def test_a_clock_that_was_changed_loses_nothing(trained: Any, context: Any, serve: SiteServer) -> None:
    before = snapshot(trained)["samples"]
    save_now(trained)
    trained.close()
    page = context.new_page()
    page.clock.set_system_time("2001-01-01T00:00:00")
    open_lab(page, serve.url)
    assert snapshot(page)["samples"] == before
    assert json.loads(page.evaluate("JSON.stringify(document.querySelectorAll('.lab-error').length)")) == 0


KILLS = {
    "dies": "self.close()",
    "hangs": "setTimeout(() => { for (;;); })",
}


@pytest.mark.parametrize("how", KILLS)
def test_a_worker_that_goes_in_training_is_noticed_and_replaced(
    page: Any, serve: SiteServer, listeners: Listeners, how: str
) -> None:
    open_lab(page, serve.url)
    train_until_paused(page)
    wait_until(page, lambda seen: seen["samples"] > 10_000, 60, "some training")
    save_now(page)
    before = snapshot(page)["samples"]
    page.evaluate(
        """() => {
          window.gone = performance.now()
          new MutationObserver(() => { window.noticed ??= performance.now() })
            .observe(document.querySelector(".notes"), {childList: true})
        }"""
    )
    page.workers[0].evaluate(KILLS[how])
    page.locator(".lab-note[data-note=restored]").wait_for(timeout=20_000)
    assert page.evaluate("window.noticed - window.gone") <= 5000, "noticed within five seconds"
    page.wait_for_function("document.documentElement?.dataset.lab === 'booting'", timeout=30_000)
    page.wait_for_function("document.documentElement?.dataset.lab === 'ready'", timeout=120_000)
    line = page.locator(".lab-note[data-note=restored]").inner_text()
    assert "stopped answering" in line and "is back" in line
    kept = snapshot(page)["samples"]
    assert kept >= before * 0.5 > 0
    page.locator(".lab-play").click()
    wait_until(page, lambda seen: seen["samples"] > kept, 30, "training goes on")


def look_of(page: Any) -> dict[str, Any]:
    """Return the network's numbers, its drawing, and the link, which contains every choice."""
    seen = snapshot(page)
    names = ("layers", "samples", "epoch", "loss", "test_accuracy", "evaluated_at", "prediction", "pixels")
    return {name: seen[name] for name in names} | command(page, "share")


CHANGES = [
    ("preset", {"preset": "rashid"}),
    ("fifty neurons", {"layers": [784, 50, 10]}),
    ("learning rate", {"learning_rate": 0.002}),
    ("much", {"layers": [784, 30, 20, 10], "activation": "tanh", "styles_off": ["7 crossed"], "seed": 3,
              "method": "all", "loss_scale": "log", "reader": "small", "pen_steps": []}),
]  # fmt: skip


@pytest.mark.parametrize("choices", [choices for _, choices in CHANGES], ids=[name for name, _ in CHANGES])
def test_a_reload_brings_a_changed_network_back(
    page: Any, serve: SiteServer, choices: dict[str, Any]
) -> None:
    open_lab(page, serve.url)
    command(page, "set", choices)
    draw(page, [(250, 60), (250, 440)])
    page.locator(".lab-play").click()
    wait_until(page, lambda seen: seen["samples"] > 3000, 60, "some training")
    page.locator(".lab-pause").click()
    wait_until(page, lambda seen: seen["evaluated_at"] == seen["samples"], 30, "measured")
    page.wait_for_function("location.search !== ''")
    save_now(page)
    before = look_of(page)
    page.reload()
    page.wait_for_function("document.documentElement?.dataset.lab === 'ready'", timeout=120_000)
    assert look_of(page) == before
    assert "is back" in page.locator(".lab-note[data-note=restored]").inner_text()
    # Also when only the address is opened, as in a new tab.
    open_lab(page, page.url)
    assert look_of(page) == before


def test_networks_that_links_set_aside_are_listed_in_runs(page: Any, serve: SiteServer) -> None:
    for neurons in (11, 12, 13):
        open_lab(page, f"{serve.url}?v=1&layers=784-{neurons}-10")
        command(page, "epoch")
        save_now(page)
    assert "kept under Runs" in page.locator(".lab-note[data-note=aside]").inner_text()
    page.locator(".lab-tabs").get_by_text("Runs", exact=True).click()
    rows = page.locator(".tab-runs li[data-aside]")
    rows.nth(1).wait_for()
    assert ["784-12-10" in rows.nth(0).inner_text(), "784-11-10" in rows.nth(1).inner_text()] == [True, True]
    rows.nth(1).locator(".lab-recall").click()
    wait_until(page, lambda seen: seen["layers"] == [784, 11, 10], 30, "the first is back")
    rows.get_by_text("784-13-10").wait_for()
    assert rows.count() == 2, "the present one is not in the list"
    page.locator(".tab-runs li[data-aside]", has_text="784-12-10").locator(".lab-forget-aside").click()
    page.get_by_text("Delete for good?").click()
    rows.get_by_text("784-12-10").wait_for(state="detached")
    save_now(page)
    open_lab(page, serve.url)
    assert snapshot(page)["layers"] == [784, 11, 10]
    assert [entry["layers"][1] for entry in command(page, "aside")] == [13, 11]
