"""Checks the page without a mouse: when the focused control is hidden, disabled or removed, the focus moves
to another control, and a screen reader is told about drawings and the training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.site.driving import command, draw, wait_until

FOCUSED = """() => {
  let focused = document.activeElement
  const classes = []
  for (; focused; focused = focused.shadowRoot?.activeElement) {
    classes.push(focused.localName, ...focused.classList)
    if (focused.ariaLabel) classes.push(focused.ariaLabel)
    if (focused.localName === "button") classes.push(focused.textContent.trim())
  }
  return classes
}"""
SEVEN = [(120, 100), (380, 100), (220, 420)]


def focus_comes_to(page: Any, *wanted: str) -> None:
    """Wait until the focus is on an element with one of these class names, labels or texts."""
    has = f"wanted => {{ const now = ({FOCUSED})(); return wanted.some(one => now.includes(one)) }}"
    try:
        page.wait_for_function(has, arg=list(wanted), timeout=20_000)
    except Exception as error:
        raise AssertionError(f"the focus is on {page.evaluate(FOCUSED)}, not on {wanted}") from error


def press(page: Any, selector: str, key: str = "Enter") -> None:
    page.locator(selector).focus()
    page.keyboard.press(key)


def test_one_button_trains_and_pauses_for_as_long_as_enter_is_pressed(lab: Any) -> None:
    lab.locator(".lab-play button").focus()
    for _ in range(2):
        lab.keyboard.press("Enter")
        focus_comes_to(lab, "lab-pause")
        lab.keyboard.press("Enter")
        focus_comes_to(lab, "lab-play")
    wait_until(lab, lambda seen: not seen["running"], 30, "paused")


def test_a_command_from_outside_takes_the_focus_along(lab: Any) -> None:
    lab.locator(".lab-play button").focus()
    command(lab, "play")
    focus_comes_to(lab, "lab-pause")
    command(lab, "pause")
    focus_comes_to(lab, "lab-play")
    press(lab, ".lab-epoch button")
    wait_until(lab, lambda seen: seen["running"], 30, "learning")
    command(lab, "pause")
    wait_until(lab, lambda seen: not seen["running"], 30, "paused")
    focus_comes_to(lab, "lab-epoch")


def test_back_in_time_and_back_to_now(lab: Any) -> None:
    command(lab, "step")
    lab.locator(".lab-rewind:enabled").focus()
    lab.keyboard.press("Home")
    lab.locator(".lab-branch").wait_for()
    press(lab, ".lab-now")
    lab.locator(".lab-branch").wait_for(state="hidden")
    focus_comes_to(lab, "lab-rewind")
    lab.keyboard.press("Home")
    lab.locator(".lab-branch").wait_for()
    press(lab, ".lab-branch")
    lab.locator(".lab-branch").wait_for(state="hidden")
    # A new run begins: before its first step there is no past, so the focus must have left the slider.
    lab.locator(".lab-rewind:disabled").wait_for()
    lab.wait_for_function(f"!({FOCUSED})().includes('body') && !({FOCUSED})().includes('lab-rewind')")
    command(lab, "step")
    focus_comes_to(lab, "lab-rewind")


def ask(page: Any) -> None:
    """Make the page ask whether to begin a new network, with no offer from before beside the question."""
    command(page, "step")
    dismiss = page.locator(".lab-question .lab-dismiss button")
    if dismiss.is_visible():
        dismiss.click()
        dismiss.wait_for(state="hidden")
    select = page.locator(".lab-preset select")
    select.focus()
    now = command(page, "runs")[-1]["preset"]
    select.select_option(index=1 if now == "fast" else 0)
    page.locator(".lab-question .lab-keep button").wait_for()


def test_the_question_is_answered_and_the_focus_is_where_it_was(lab: Any) -> None:
    ask(lab)
    press(lab, ".lab-question .lab-keep button")
    focus_comes_to(lab, "lab-preset")
    ask(lab)
    press(lab, ".lab-question .lab-begin button")
    focus_comes_to(lab, "lab-undo")
    press(lab, ".lab-question .lab-dismiss button")
    focus_comes_to(lab, "lab-preset")


def test_layers_are_removed_and_added_up_to_the_last(lab: Any) -> None:
    add = lab.locator(".lab-add-layer")
    add.focus()
    while add.is_enabled():
        before = lab.locator(".lab-layer").count()
        lab.keyboard.press("Enter")
        wait_until(lab, lambda seen: len(seen["layers"]) == before + 3, 20, "one layer more")  # noqa: B023
    focus_comes_to(lab, "Activation of the outputs")
    while lab.locator(".lab-remove-layer").count() > 1:
        lab.locator(".lab-remove-layer").last.focus()
        lab.keyboard.press("Enter")
        focus_comes_to(lab, "lab-add-layer")


def test_the_pad_is_emptied(lab: Any) -> None:
    for name in ("lab-pad-undo", "lab-pad-clear"):
        draw(lab, SEVEN)
        lab.wait_for_function("name => !document.querySelector(`.${name}`).disabled", arg=name)
        press(lab, f".{name}")
        lab.wait_for_function("name => document.querySelector(`.${name}`).disabled", arg=name)
        focus_comes_to(lab, "lab-pad")


def test_my_digits_are_deleted_and_brought_back(lab: Any) -> None:
    lab.locator(".lab-tabs .bk-tab", has_text="My digits").click()
    for _ in range(2):
        command(lab, "draw", [SEVEN])
        command(lab, "was", 7)
        lab.locator(".lab-delete-mine button:enabled").wait_for()
        press(lab, ".lab-delete-mine button")
        focus_comes_to(lab, "lab-undelete-mine")
        lab.keyboard.press("Enter")
        focus_comes_to(lab, "lab-delete-mine", "lab-teach-mine", "lab-export-mine")


def test_a_sweep_begins_and_is_cancelled(lab: Any) -> None:
    lab.locator(".lab-tabs .bk-tab", has_text="Sweep").click()
    lab.locator(".lab-sweep-run button").focus()
    lab.keyboard.press("Enter")
    focus_comes_to(lab, "lab-sweep-cancel")
    lab.keyboard.press("Enter")
    focus_comes_to(lab, "lab-sweep-run")


def show_error(page: Any, text: str) -> None:
    page.evaluate(
        "text => window.inkling.command('open', { files: [{ name: text, url: 'data:,x' }] }).catch(() => 0)",
        text,
    )
    page.locator(".problems .lab-error", has_text=text).wait_for()


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda page: show_error(page, "wrong.txt"), ".problems .lab-error"),
        (lambda page: page.locator(".lab-fresh").click(), ".lab-note[data-note=fresh]"),
        (lambda page: page.locator(".lab-share").click(), ".said"),
    ],
    ids=["an error", "a notice", "what was just done"],
)
def test_a_line_that_is_dismissed_gives_the_focus_back(
    lab: Any, make: Callable[[Any], None], line: str
) -> None:
    make(lab)
    lab.locator(".lab-step button").focus()
    buttons = lab.locator(f"{line} button")
    if buttons.count():  # some notes have no buttons
        buttons.last.focus()
        lab.keyboard.press("Enter")
        lab.locator(f"{line} button").wait_for(state="detached")
    focus_comes_to(lab, "lab-step")


def test_a_file_is_saved_from_the_menu(lab: Any) -> None:
    press(lab, ".lab-save summary")
    with lab.expect_download():
        press(lab, "[data-save=npz]")
    focus_comes_to(lab, "summary")


def test_a_key_that_is_held_down_presses_one_button(lab: Any) -> None:
    lab.locator(".lab-play button").focus()
    lab.keyboard.down("Enter")
    focus_comes_to(lab, "lab-pause")
    for _ in range(3):
        lab.keyboard.down("Enter")  # a repeat
    assert wait_until(lab, lambda seen: seen["samples"] > 0, 30, "learning")["running"]
    lab.keyboard.up("Enter")
    lab.keyboard.press("Enter")
    focus_comes_to(lab, "lab-play")


def test_a_press_beside_everything_leaves_the_focus_there(lab: Any) -> None:
    lab.locator(".lab-step button").focus()
    lab.locator("footer").click(position={"x": 2, "y": 2})
    assert lab.evaluate("document.activeElement === document.body")
    command(lab, "step")
    wait_until(lab, lambda seen: seen["samples"] > 0, 20, "a step")
    assert lab.evaluate("document.activeElement === document.body")


# --- sentences for a screen reader


def test_a_drawing_is_told_in_a_sentence_once_it_rests(lab: Any) -> None:
    command(lab, "clear")
    draw(lab, SEVEN)
    lab.wait_for_function(
        "/^reads as \\d, .*(percent|yet|one)/.test(document.querySelector('.pad .reading').textContent)",
        timeout=20_000,
    )
    digit = lab.locator(".lab-prediction").inner_text()
    assert lab.locator(".pad .reading").inner_text().startswith(f"reads as {digit}, ")
    command(lab, "clear")
    lab.wait_for_function("document.querySelector('.pad .reading').textContent === ''", timeout=20_000)


def test_training_tells_that_it_begins_and_ends(lab: Any) -> None:
    lab.evaluate(
        """() => {
             window.told = []
             const region = document.querySelector(".lab-voice")
             const hear = () => window.told.push(region.textContent)
             new MutationObserver(hear).observe(region, { childList: true })
           }"""
    )
    command(lab, "play")
    lab.wait_for_function("window.told.includes('Training started.')", timeout=20_000)
    command(lab, "pause")
    lab.wait_for_function(
        "/^Training stopped after .* images, test accuracy [\\d.]+ percent\\.$/.test(window.told.at(-1))",
        timeout=60_000,
    )
