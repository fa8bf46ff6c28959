"""Checks explanations on a touch screen: a finger that rests on a control, or taps its name, shows the
control's explanation. The control must not change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.site.driving import opened_lab, snapshot
from tests.site.seeing import UNEXPLAINED
from tests.site.server import SiteServer
from web.views.tabs import TABS

LONG, SHORT = 900, 40  # milliseconds: a resting finger, and a tap


@pytest.fixture(scope="module")
def phone(browser: Any, site: Path) -> Iterator[Any]:
    options = {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    }
    with SiteServer(site).running() as server, opened_lab(browser, server, **options) as page:
        page.wait_for_load_state("networkidle")
        yield page


@pytest.fixture(autouse=True)
def no_tip(phone: Any) -> None:
    phone.keyboard.press("Escape")
    phone.locator(".tip").wait_for(state="hidden")


def touch(page: Any, element: Any, milliseconds: int, across: float = 0.5) -> None:
    """Put a finger on an element for ``milliseconds``, at the share ``across`` of its width."""
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    place = {"x": box["x"] + across * box["width"], "y": box["y"] + box["height"] / 2}
    session = page.context.new_cdp_session(page)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [place]})
    page.wait_for_timeout(milliseconds)  # the test is about this time
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def unchanged(page: Any, before: dict[str, Any]) -> bool:
    names = ("layers", "learning_rate", "batch_size", "running", "samples", "preset", "trained")
    now = snapshot(page)
    return all(now.get(name) == before.get(name) for name in names)


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        (".lab-play button", "Train for as many epochs"),
        (".lab-reset button", "Begin again from the same first weights"),
        (".lab-preset select", "A network from a book or course"),
        (".card-network input[type=range] >> nth=0", "How far each step goes"),
        (".lab-theme", "dark"),
    ],
)
def test_a_finger_that_rests_on_a_control_is_told_what_it_does(phone: Any, selector: str, words: str) -> None:
    control = phone.locator(selector)
    before = snapshot(phone)
    value = control.evaluate("one => one.value")
    touch(phone, control, LONG, across=0.8)
    phone.locator(".tip", has_text=words).wait_for()
    assert unchanged(phone, before) and control.evaluate("one => one.value") == value


@pytest.mark.parametrize("name", ["Learning rate", "Mini-batch", "Preset", "Epochs"])
def test_a_tap_on_the_name_of_a_control_explains_it(phone: Any, name: str) -> None:
    label = phone.locator("label, label .name").get_by_text(name, exact=True).first
    before = snapshot(phone)
    touch(phone, label, SHORT)
    phone.locator(".tip").wait_for()
    assert unchanged(phone, before)
    touch(phone, label, SHORT)  # a second tap hides it again
    phone.locator(".tip").wait_for(state="hidden")


def test_a_tap_on_a_button_presses_it_and_explains_nothing(phone: Any) -> None:
    before = snapshot(phone)["samples"]
    touch(phone, phone.locator(".lab-step button"), SHORT)
    phone.wait_for_function(f"inkling.snapshot().then((seen) => seen.samples > {before})")
    assert not phone.locator(".tip").is_visible()


def test_every_control_has_an_explanation(phone: Any) -> None:
    phone.get_by_role("button", name="More", expanded=False).click()
    phone.get_by_label("Optimiser").wait_for()
    assert phone.evaluate(UNEXPLAINED) == []
    for name, label in TABS.items():
        phone.locator(".lab-tabs .bk-tab", has_text=label).click()
        phone.locator(f".tab-{name} > *").first.wait_for(state="attached")
        assert phone.evaluate(UNEXPLAINED) == [], name
