"""Checks links, single parts of the page for embedding, and the theme, in the built page."""

from __future__ import annotations

from typing import Any

from tests.site.driving import command, open_lab, snapshot, wait_until
from tests.site.listeners import Listeners
from tests.site.server import SiteServer

CARDS = ("network", "train", "pad", "imagine", "tabs")


def shown(page: Any) -> list[str]:
    return [name for name in CARDS if page.locator(f".card-{name}").is_visible()]


def query(page: Any) -> str:
    return page.evaluate("location.search")


def test_a_link_carries_the_choices_to_another_page(
    context: Any, page: Any, listeners: Listeners, serve: SiteServer
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_lab(page, serve.url + "?v=1&preset=rashid&layers=784-20-10&batch_size=lots&workers=1")
    alerts = page.locator(".problems .lab-error")
    assert alerts.count() == 1 and "?batch_size=lots" in alerts.inner_text()
    seen = snapshot(page)
    assert seen["layers"] == [784, 20, 10] and seen["train_size"] > 0
    command(page, "set", {"learning_rate": 0.3})
    assert "784-200-10" in page.locator(".lab-preset select option:checked").inner_text()
    wait_until(page, lambda _: "learning_rate=0.3" in query(page), 5, "the address follows")
    page.locator(".lab-share").click()
    said = page.locator(".said")
    said.wait_for(timeout=3000)
    assert "copied" in said.inner_text() and said.get_attribute("role") == "status"
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == serve.url + "?v=1&preset=rashid&layers=784-20-10&learning_rate=0.3&workers=1"
    other = context.new_page()
    open_lab(other, link)
    assert other.locator(".problems .lab-error").count() == 0
    assert command(other, "share")["query"] == link.split("?")[1] and query(other) == "?" + link.split("?")[1]


def test_a_part_of_the_page_can_be_embedded(page: Any, serve: SiteServer) -> None:
    page.goto(serve.url + "?view=pad&start=lean", wait_until="commit")
    page.locator(".lab-pad canvas").wait_for()
    # The part is shown alone even before Python has started.
    assert page.evaluate("document.documentElement.dataset.lab") == "booting" and shown(page) == ["pad"]
    assert not page.locator("header h1").is_visible() and page.locator(".lab-progress").is_visible()
    page.goto(serve.url + "?hide=network,imagine,footer,roof", wait_until="commit")
    page.locator(".lab-pad canvas").wait_for()
    assert shown(page) == ["train", "pad", "tabs"] and not page.locator("footer").is_visible()
    page.locator(".problems .lab-error").wait_for(timeout=60_000)
    assert "?hide=roof" in page.locator(".problems .lab-error").inner_text()


def test_the_theme_follows_the_system_until_one_is_chosen(context: Any, page: Any, serve: SiteServer) -> None:
    def shows(theme: str) -> None:
        colour = {"dark": "rgb(20, 20, 27)", "light": "rgb(250, 247, 242)"}[theme]
        page.wait_for_function(
            "colour => getComputedStyle(document.body).backgroundColor === colour", arg=colour, timeout=5000
        )

    page.emulate_media(color_scheme="dark")
    page.goto(serve.url)
    shows("dark")
    page.emulate_media(color_scheme="light")
    shows("light")
    page.locator(".lab-theme").click()
    shows("dark")
    page.reload()
    shows("dark")  # remembered
    page.locator(".lab-theme").click()
    shows("light")
    page.emulate_media(color_scheme="dark")
    shows("dark")  # the choice equals the system's theme again, so the page follows the system
