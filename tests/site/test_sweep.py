"""Runs sweeps in the built page: a press on Run starts web workers, each with its own Python."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.site.driving import command, draw, open_lab, opened_lab, snapshot, wait_until
from tests.site.server import SiteServer

WORKER = "boot/worker/pool-worker.mjs"
SMALL = {"setting": "digits", "values": [1000, 3000], "seeds": 2}


@pytest.fixture(scope="module")
def server(site: Any) -> Iterator[SiteServer]:
    with SiteServer(site).running() as server:
        yield server


@pytest.fixture(scope="module")
def lab(browser: Any, server: SiteServer) -> Iterator[Any]:
    """Open one lab with one worker, for most of the tests."""
    with opened_lab(browser, server, "?workers=1") as page:
        yield page


def sweep(page: Any) -> dict[str, Any]:
    """Run a small sweep of a small network and return its results."""
    command(page, "set", {"layers": [784, 16, 10], "seed": 3})
    return command(page, "sweep", SMALL)


def rows(page: Any) -> list[list[str]]:
    """Return the texts of the table's cells, row by row."""
    return page.locator(".results tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"
    )


def test_results_do_not_depend_on_the_number_of_workers(lab: Any, browser: Any, server: SiteServer) -> None:
    values = lab.locator(".field.values input").input_value()
    assert values == "0.1, 0.2, ..., 0.9", "it opens with the sweep of the book"
    assert WORKER not in server.requests, "no worker before somebody asks for one"
    one = sweep(lab)
    assert server.requests.count(WORKER) == 1
    with opened_lab(browser, server, "?workers=2") as page:
        two = sweep(page)
    assert server.requests.count(WORKER) == 3
    assert (one["workers"], two["workers"]) == (1, 2)
    for row in one["results"] + two["results"]:
        assert row.pop("seconds") > 0
    assert one["results"] == two["results"]
    assert [(row["value"], row["seed"]) for row in one["results"]] == [
        (1000, 3), (1000, 4), (3000, 3), (3000, 4)
    ]  # fmt: skip
    assert [row["samples"] for row in one["results"]] == [1000, 1000, 3000, 3000]
    assert all(0.2 < row["test_accuracy"] < 0.95 for row in one["results"])


def choose_setting(page: Any, label: str, offered: str) -> None:
    """Choose a setting, and wait for the values that it offers."""
    page.locator(".field.setting select").select_option(label=label)
    values = page.locator(".field.values input")
    for _ in range(100):
        if values.input_value() == offered:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{label} offers {values.input_value()!r}, not {offered!r}")


def test_a_setting_brings_its_values(lab: Any) -> None:
    choose_setting(lab, "Hidden neurons", "10, 30, 100, 300")
    choose_setting(lab, "Learning rate", "0.1, 0.2, ..., 0.9")


def test_bad_values_are_refused_beside_the_fields(lab: Any) -> None:
    lab.locator(".field.values input").fill("0.1, fast")
    lab.locator(".lab-sweep-run").click()
    alert = lab.locator(".tab-sweep .lab-error")
    alert.wait_for(timeout=5000)
    assert "'fast' is not a number" in alert.inner_text() and alert.get_attribute("role") == "alert"
    assert lab.locator(".lab-sweep-run").is_visible()


def test_a_sweep_by_hand_while_live_training_goes_on(lab: Any) -> None:
    command(lab, "play", {"epochs": 0})
    lab.locator(".field.network select").select_option(label="As chosen above")
    choose_setting(lab, "Training digits", "1000, 5000, 20000, 60000")
    lab.locator(".field.values input").fill("200, 400, ..., 800")
    seeds = lab.locator(".field.count input").first
    seeds.fill("2")
    seeds.press("Enter")
    lab.locator(".lab-sweep-run").click()
    lab.locator(".lab-sweep-cancel").wait_for(timeout=5000)
    before = snapshot(lab)["samples"]
    draw(lab, [(250, 60), (250, 440)])
    wait_until(lab, lambda seen: seen["prediction"] is not None, 5, "a reading while it sweeps")
    assert lab.locator(".tab-sweep .lab-error").count() == 0
    lab.locator(".lab-sweep-progress", has_text="8 of 8 networks in").wait_for(timeout=60_000)
    assert snapshot(lab)["samples"] > before and snapshot(lab)["running"]
    command(lab, "pause")
    shown = rows(lab)
    assert [row[0] for row in shown] == ["200", "400", "600", "800"]
    means = [float(row[1].removesuffix(" %")) for row in shown]
    for mean, spread in zip(means, (row[2].removesuffix(" %").split(" – ") for row in shown), strict=True):
        assert float(spread[0]) <= mean <= float(spread[1])
    assert lab.locator(".results .best th").inner_text() == shown[means.index(max(means))][0]
    assert lab.locator(".sweep-plot canvas").first.is_visible()


def test_progress_and_cancel(lab: Any) -> None:
    choose_setting(lab, "Learning rate", "0.1, 0.2, ..., 0.9")
    lab.locator(".field.values input").fill("0.001, 0.002, 0.003")
    epochs = lab.locator(".field.count input").last
    epochs.fill("50")
    epochs.press("Enter")
    lab.locator(".lab-sweep-run").click()
    bar = lab.locator(".tab-sweep [role=progressbar]")
    seen = 0.0
    for _ in range(600):
        seen = float(bar.get_attribute("aria-valuenow"))
        if 0 < seen < 100:
            break
        lab.wait_for_timeout(100)
    assert 0 < seen < 100
    lab.locator(".lab-sweep-cancel").click()
    cancelled = re.compile(
        r"Cancelled: 0 of \d+ networks\."
    )  # an earlier test may have chosen another number of seeds
    lab.locator(".lab-sweep-progress", has_text=cancelled).wait_for(timeout=20_000)
    assert lab.locator(".lab-sweep-run").is_visible() and not lab.locator(".lab-sweep-cancel").is_visible()
    still = bar.get_attribute("aria-valuenow")
    lab.wait_for_timeout(1000)
    assert bar.get_attribute("aria-valuenow") == still
    assert [row[1] for row in rows(lab)] == ["–", "–", "–"]


def test_a_worker_that_cannot_start_is_named_and_the_page_goes_on(lab: Any, server: SiteServer) -> None:
    server.fail(WORKER)
    reason = lab.evaluate("args => window.inkling.command('sweep', args).catch(e => e.message)", SMALL)
    assert reason == "no worker could be started: boot/worker/pool-worker.mjs did not load"
    assert reason[1:] in lab.locator(".tab-sweep .lab-error").inner_text()
    assert lab.evaluate("document.documentElement.dataset.lab") == "ready"
    server.mend(WORKER)
    server.damage("pyodide/pyodide.asm.wasm", "corrupted")
    reason = lab.evaluate("args => window.inkling.command('sweep', args).catch(e => e.message)", SMALL)
    assert "pyodide/pyodide.asm.wasm could not be fetched: what came is damaged" in reason
    server.mend()
    assert not sweep(lab)["cancelled"]
    assert lab.locator(".tab-sweep .lab-error").count() == 0


def test_a_number_of_workers_that_is_not_legal_is_said_and_ignored(context: Any, server: SiteServer) -> None:
    page = context.new_page()
    open_lab(page, server.url + "?workers=many")
    told = page.locator(".lab-error").inner_text()
    assert "?workers=many can't be used: it must be a number from 1 to 4" in told
