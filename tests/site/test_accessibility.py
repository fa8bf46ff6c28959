"""Checks accessibility with axe-core, which must find no fault: in light and dark, in every tab, with the
tour open.

Other tests here check what axe can't: that the tour and the explanations work by keyboard, and that a screen
reader is not made to talk all the time while the network learns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.site.driving import command, open_tab, opened_lab, settle, wait_until
from tests.site.server import SiteServer
from web.build.fetch import Inputs, cache_folder
from web.build.pins import read_pins
from web.views.tabs import TABS

TOOLS = Path(__file__).with_name("tools.toml")
SEVEN = [[[120, 130], [380, 110], [240, 430]]]


@pytest.fixture(scope="module")
def axe() -> str:
    inputs = Inputs(cache_folder() / "tools", offline=False, say=print)
    return inputs.get(read_pins(TOOLS))["axe.min.js"].read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lab(browser: Any, site: Path, axe: str) -> Iterator[Any]:
    """Open a lab that has learned a little, with a seven on its pad and axe-core loaded."""
    with SiteServer(site).running() as server, opened_lab(browser, server) as page:
        page.evaluate(axe)
        command(page, "draw", SEVEN)
        command(page, "epoch")
        yield page


def complaints(page: Any) -> list[str]:
    """Return axe's complaints, each with the first element that it names."""
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] }).then(done => done.violations)")
    return [
        f"{rule['id']} ({len(rule['nodes'])}): {rule['help']}: {rule['nodes'][0]['target']} "
        f"{rule['nodes'][0]['html'][:200]} {rule['nodes'][0]['failureSummary'][:200]}"
        for rule in found
    ]


def in_both_themes(page: Any) -> list[str]:
    found = complaints(page)
    page.locator(".lab-theme").click()
    page.evaluate("Promise.all(document.getAnimations().map(({ finished }) => finished))")
    settle(page)
    found += complaints(page)
    page.locator(".lab-theme").click()
    return found


def test_axe_finds_nothing_on_the_page(lab: Any) -> None:
    assert in_both_themes(lab) == []


@pytest.mark.parametrize("tab", TABS)
def test_axe_finds_nothing_in_a_tab(lab: Any, tab: str) -> None:
    open_tab(lab, tab)
    assert in_both_themes(lab) == []


def test_the_tour_has_six_steps_and_can_be_left_at_any_point(lab: Any) -> None:
    tour = lab.locator(".tour")
    assert tour.count() == 0, "it never begins by itself"
    lab.locator(".lab-help").click()
    titles = [tour.locator("h2").inner_text()]
    assert complaints(lab) == []
    while tour.locator("span").inner_text() != "6 of 6":
        lab.keyboard.press("Enter")  # Next has the focus
        titles.append(tour.locator("h2").inner_text())
        box = tour.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= 800 and box["x"] + box["width"] <= 1280
    assert len(set(titles)) == 6
    lab.keyboard.press("Enter")
    assert tour.count() == 0
    assert lab.evaluate("document.activeElement.className") == "lab-help", "the focus is back"
    lab.keyboard.press("Enter")
    lab.keyboard.press("Escape")
    assert tour.count() == 0
    lab.locator(".lab-help").click()
    lab.locator("footer").click(position={"x": 2, "y": 2})
    assert tour.count() == 0
    lab.evaluate("scrollTo(0, 0)")


def described(page: Any) -> dict[str, str]:
    """Return the name of the focused control and its description for a screen reader."""
    return page.evaluate(
        """() => {
             let focused = document.activeElement
             while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
             return { tag: focused.tagName, says: focused.ariaDescription ?? "",
                      name: focused.ariaLabel ?? focused.labels?.[0]?.innerText ?? focused.innerText }
           }"""
    )


def test_every_control_of_the_cards_says_what_it_is_by_keyboard(lab: Any) -> None:
    lab.locator(".lab-help").focus()
    seen: dict[str, str] = {}
    for _ in range(60):
        lab.keyboard.press("Tab")
        control = described(lab)
        if control["tag"] in ("BUTTON", "SELECT", "INPUT"):
            seen[control["name"].strip()] = control["says"]
    assert {"Learning rate", "Mini-batch", "Step", "Epoch", "Reset"} <= {name.strip() for name in seen}
    # Controls whose name has several words need no description, nor do the digits after "It was a …".
    silent = [name for name, says in seen.items() if not says and " " not in name and not name.isdigit()]
    assert set(silent) <= {"", "More", "Undo", "Clear"}
    assert lab.locator(".tip").count() == 1


def test_the_tabs_are_opened_by_keyboard(lab: Any) -> None:
    names = list(TABS.values())
    tabs = lab.get_by_role("tablist").get_by_role("tab")
    assert tabs.all_inner_texts() == names
    tabs.first.click()

    def press(*keys: str) -> list[str]:
        """Press the keys and return the titles of the open tabs afterwards."""
        for key in keys:
            lab.keyboard.press(key)
        return lab.get_by_role("tab", selected=True).all_inner_texts()

    assert press("ArrowRight") == names[:1], "an arrow goes there, and opens nothing yet"
    assert press("Enter") == names[1:2]
    assert press("End", "Space") == names[-1:]
    assert press("ArrowRight", "Enter") == names[:1], "after the last comes the first"
    assert press("ArrowLeft", "Enter") == names[-1:]
    assert press("Home", "Enter") == names[:1]
    assert lab.get_by_role("tabpanel", name=names[0]).is_visible()
    lab.keyboard.press("Tab")
    inside = lab.evaluate("document.activeElement.shadowRoot.activeElement.role")
    assert inside == "tabpanel", "the Tab key goes on into what it shows"
    lab.keyboard.press("Shift+Tab")
    assert described(lab)["name"] == names[0], "and back to the one in front"


def test_what_is_chosen_and_what_is_open_is_said(lab: Any) -> None:
    for chosen in ("transpose", "gradient"):
        lab.get_by_role("button", name=chosen).click()
        lab.get_by_role("button", name=chosen, pressed=True).wait_for()
        others = lab.get_by_role("button", pressed=True, name=re.compile("^(logit|transpose|gradient|all)$"))
        assert others.all_inner_texts() == [chosen]
    lab.get_by_role("button", name="More", expanded=False).click()
    lab.get_by_role("button", name="More", expanded=True).click()
    lab.get_by_role("button", name="More", expanded=False).wait_for()


def test_a_page_that_learns_does_not_talk_all_the_time(lab: Any) -> None:
    lab.evaluate(
        """() => {
             window.spoken = []
             const watch = (root) => {
               for (const live of root.querySelectorAll("[aria-live], [role=status], [role=alert], output"))
                 new MutationObserver(() => window.spoken.push(live.textContent)).observe(
                   live, { childList: true, characterData: true, subtree: true })
               for (const { shadowRoot } of root.querySelectorAll("*")) if (shadowRoot) watch(shadowRoot)
             }
             watch(document)
           }"""
    )
    command(lab, "clear")
    wait_until(lab, lambda seen: seen["prediction"] is None, 20, "an empty pad")
    settle(lab)
    lab.evaluate("window.spoken.length = 0")
    command(lab, "play", {"epochs": 0})
    lab.wait_for_timeout(4000)  # how much is said in this time is what is tested
    command(lab, "pause")
    spoken = lab.evaluate("window.spoken")
    assert len(spoken) <= 3, spoken
