"""Checks the page's policy, for the page and its workers: no request to another host, and no hostile text
that runs as code."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.site.driving import wait_until
from tests.site.listeners import Listeners
from tests.site.server import SiteServer
from web.build.policy import sha256_of

FOREIGN = "https://example.com/"


def open_under_policy(page: Any, url: str) -> None:
    """Open the lab without Playwright's ``wait_for_function``, which runs text as code; the policy forbids
    that."""
    page.goto(url)
    end = time.monotonic() + 120
    while page.evaluate("document.documentElement?.dataset.lab") not in ("ready", "training", "failed"):
        assert time.monotonic() < end, "the page did not become ready"
        page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.dataset.lab") != "failed"


@pytest.fixture(scope="module")
def strict(browser: Any, site: Path) -> Iterator[Any]:
    """Open one page under its policy for the whole module, and fail at the end if it has recorded a
    problem."""
    with SiteServer(site).running() as server:
        context = browser.new_context(bypass_csp=False, viewport={"width": 1280, "height": 800})
        listeners = Listeners(context, server)
        page = context.new_page()
        page.add_init_script(
            """window.violations = []
            document.addEventListener("securitypolicyviolation",
              event => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`))"""
        )
        open_under_policy(page, server.url)
        yield page
        foreign = [p for p in listeners.problems if FOREIGN not in p]
        context.close()
        assert foreign == []


def test_the_policy_allows_this_site_alone(site: Path) -> None:
    html = (site / "index.html").read_text()
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split("; ")}
    assert rules["default-src"] == ["'self'"]
    [guard] = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert set(rules["script-src"]) == {
        "'self'",
        "blob:",
        "'wasm-unsafe-eval'",
        f"'{sha256_of(guard.encode())}'",
    }
    local = {"'self'", "'none'", "blob:", "data:", "'wasm-unsafe-eval'", "'unsafe-inline'"}
    del rules["script-src"]
    assert {source for sources in rules.values() for source in sources} <= local
    inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", html)
    assert len(inline) == 1, "no script in the page but the guard"
    assert not re.findall(r"\son\w+=", html), "no handler in an attribute"


def test_everything_works_under_it_without_a_violation(strict: Any) -> None:
    strict.locator(".lab-play").click()
    wait_until(strict, lambda seen: seen["samples"] > 0, 60, "some training")
    strict.locator(".lab-pause").click()
    canvas = strict.locator(".lab-pad canvas").first
    box = canvas.bounding_box()
    strict.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    strict.mouse.down()
    strict.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 20, steps=8)
    strict.mouse.up()
    strict.evaluate("inkling.command('sweep', {setting: 'l2', values: [0], epochs: 1, preset: 'fast'})")
    tabs = strict.locator(".lab-tabs .bk-tab")
    for number in range(tabs.count()):
        tabs.nth(number).click()
        strict.wait_for_timeout(500)
    wait_until(strict, lambda seen: seen["prediction"] is not None, 60, "the drawing is read")
    assert strict.evaluate("window.violations") == []


@pytest.mark.parametrize("mode", ["cors", "no-cors"])
def test_no_worker_can_ask_another_host(strict: Any, mode: str) -> None:
    """The Python worker and a worker of the pool each try a request and answer with the result."""
    ask = f"fetch('{FOREIGN}', {{mode: '{mode}'}}).then(() => 'it went out', error => error.name)"
    assert strict.workers
    for worker in strict.workers:
        assert "Error" in worker.evaluate(ask)
    assert "Error" in strict.evaluate(ask)


def test_the_policy_is_what_stops_it_in_the_worker(strict: Any) -> None:
    """A fetch may also fail because there is no network, so the worker itself must report that the policy
    stopped it."""
    [python] = strict.workers[:1]
    directive = python.evaluate(
        f"""() => new Promise(resolve => {{
          self.addEventListener("securitypolicyviolation", event => resolve(event.effectiveDirective))
          fetch("{FOREIGN}").catch(() => {{}})
          setTimeout(() => resolve("nothing stopped it"), 5000)
        }})"""
    )
    assert directive == "connect-src"


HOSTILE = '<img src=x onerror="window.broken = 1"><script>window.broken = 1</script>'


def test_hostile_names_and_values_stay_text(strict: Any) -> None:
    """A hostile text as a run's name or a command's argument must be shown as text, never as HTML."""
    strict.evaluate("inkling.command('step')")
    strict.evaluate(
        """async (name) => {
          const runs = await inkling.command("runs")
          await inkling.command("rename", {run: runs.at(-1).run, name})
        }""",
        HOSTILE[:60],
    )
    refused = strict.evaluate(
        "name => inkling.command('preset', name).catch(error => error.message)", HOSTILE
    )
    assert "there is no preset" in refused
    tabs = strict.locator(".lab-tabs .bk-tab")
    for number in range(tabs.count()):
        tabs.nth(number).click()
        strict.wait_for_timeout(500)
    assert strict.evaluate("window.broken") is None
    assert strict.evaluate("document.querySelectorAll('img[src=x]').length") == 0


def test_hostile_values_in_the_address_are_told_as_text(strict: Any) -> None:
    base = strict.url.split("?")[0]
    open_under_policy(
        strict, f"{base}?preset=%3Cimg%20src%3Dx%20onerror%3D%22window.broken%3D1%22%3E&kernel=%3Cb%3E"
    )
    alerts = " ".join(strict.locator(".lab-error").all_inner_texts())
    assert "<img src=x" in alerts and "<b>" in alerts
    assert strict.evaluate("window.broken") is None
    assert strict.locator(".lab-error img, .lab-error b").count() == 0
