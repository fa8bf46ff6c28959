"""Checks that nothing moves under the pointer: a slider stays where it is dropped, and longer numbers move
nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.site.driving import command, snapshot, train_until_paused, wait_until

WIDTHS = (390, 1024, 1280, 1920)
HEIGHT = 844
PLACES = (0.1, 0.3, 0.5, 0.7, 0.9)
THUMB = 16  # pixels: width of the handle, whose middle stays half of it away from either end of the track


@pytest.fixture(scope="module")
def trained(lab: Any) -> Any:
    """Train a network until it has many moments to go back to, and pause it."""
    command(lab, "set", {"layers": [784, 16, 10]})
    train_until_paused(lab)
    wait_until(lab, lambda seen: len(seen["moments"]) > 20, 120, "moments to go back to")
    lab.locator(".lab-pause").click()
    wait_until(lab, lambda seen: seen["evaluated_at"] == seen["samples"], 60, "measured")
    return lab


def at(slider: Any) -> float:
    """Return the handle's place: the share of the track to its left."""
    return slider.evaluate("input => input.value / input.max")


def settled(page: Any, slider: Any) -> float:
    """Return the handle's place after Python has answered the last request."""
    command(page, "runs")  # its answer comes after all earlier answers
    wait_until(page, lambda seen: seen["rewound"] is not None, 20, "a moment of the past")
    page.wait_for_timeout(300)
    return at(slider)


@pytest.mark.parametrize("width", WIDTHS)
def test_rewind_ends_where_it_is_dropped_and_moves_nothing(trained: Any, width: int) -> None:
    trained.set_viewport_size({"width": width, "height": HEIGHT})
    slider = trained.locator(".lab-rewind")
    for place in PLACES:
        command(trained, "rewind", None)
        trained.locator(".moment").get_by_text("moments to go back to").wait_for()
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        middle, track = box["y"] + box["height"] / 2, box["width"] - THUMB
        trained.mouse.move(box["x"] + box["width"] - THUMB / 2, middle)
        trained.mouse.down()
        trained.mouse.move(box["x"] + THUMB / 2 + place * track, middle, steps=8)
        wait_until(trained, lambda seen: seen["rewound"] is not None, 20, "a moment of the past")
        assert slider.bounding_box() == box, "the row stays as it is under the pointer"
        trained.mouse.up()
        assert settled(trained, slider) == pytest.approx(place, abs=0.03)
        shown = trained.locator(".moment").inner_text()
        seen = snapshot(trained)
        assert re.fullmatch(rf"epoch \d+\.\d\d · {seen['rewound']:,} images", shown)
        assert seen["epoch"] <= float(shown.split()[1]) <= seen["epoch"] + 1
        assert slider.bounding_box() == box
    command(trained, "rewind", None)
    trained.locator(".moment").get_by_text("moments to go back to").wait_for()
    trained.set_viewport_size({"width": 1280, "height": 800})


def test_back_to_now_works_after_a_script_has_rewound(trained: Any) -> None:
    command(trained, "rewind", 0)
    trained.locator(".lab-now").click()
    wait_until(trained, lambda seen: seen["rewound"] is None, 10, "the present")


CONTROLS = (
    ".lab-play, .lab-pause, .lab-step, .lab-epoch, .lab-reset, .lab-new-seed, .lab-rewind, .lab-loss-scale,"
    ".lab-preset, .lab-dataset, .lab-add-layer, .lab-remove-layer, .card-network input, .card-network select,"
    ".stopping input, .stopping select, .lab-sweep-run, .field"
)


@pytest.mark.parametrize("width", [390, 1280])
def test_no_control_moves_while_the_network_trains(trained: Any, width: int) -> None:
    trained.set_viewport_size({"width": width, "height": HEIGHT})
    train_until_paused(trained)
    started = wait_until(trained, lambda seen: seen["images_per_second"] is not None, 30, "training")
    controls = [one for one in trained.locator(CONTROLS).element_handles() if one.is_visible()]
    assert len(controls) >= 15
    before = [one.bounding_box() for one in controls]
    epochs = snapshot(trained)["epoch"] + 1
    wait_until(trained, lambda seen: seen["epoch"] > epochs, 120, "two epochs and their measures")
    assert snapshot(trained)["samples"] > started["samples"]
    assert [one.bounding_box() for one in controls] == before
    trained.locator(".lab-pause").click()
    wait_until(trained, lambda seen: not seen["running"], 20, "paused")
    trained.set_viewport_size({"width": 1280, "height": 800})


def test_a_slider_keeps_its_handle_under_the_pointer_whatever_python_says(trained: Any) -> None:
    slider = trained.get_by_role("slider", name="Mini-batch")
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    trained.mouse.move(box["x"] + 0.5 * box["width"], middle)
    trained.mouse.down()
    trained.mouse.move(box["x"] + 0.3 * box["width"], middle, steps=4)
    held = at(slider)
    command(trained, "set", {"batch_size": 1000})
    trained.wait_for_timeout(500)
    assert at(slider) == held == pytest.approx(0.3, abs=0.06)
    trained.mouse.up()
    trained.wait_for_timeout(500)
    assert at(slider) == held
    command(trained, "set", {"batch_size": 100})


@pytest.mark.parametrize("width", [390, 1280])
def test_the_speed_and_what_ended_training_have_a_fixed_place(trained: Any, width: int) -> None:
    trained.set_viewport_size({"width": width, "height": HEIGHT})
    card, line = trained.locator(".card-train"), trained.locator(".speed").first
    before = card.bounding_box()
    line.evaluate("line => { line.firstElementChild.textContent = '1:02:03 · 12,345,678 images/s' }")
    assert card.bounding_box() == before
    told = "No lower test loss for 10 epochs. This is the best moment, epoch 123."
    line.evaluate("(line, text) => { line.firstElementChild.textContent = '62:03 · ' + text }", told)
    assert card.bounding_box() == before
    assert line.evaluate("line => line.scrollHeight <= line.clientHeight"), "all of it is seen"
    command(trained, "step")
    trained.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize("width", [390, 1280])
def test_names_of_presets_fit_their_list(trained: Any, width: int) -> None:
    """The names of changed presets, which are longer, must fit too."""
    trained.set_viewport_size({"width": width, "height": HEIGHT})
    select = trained.locator(".lab-preset select")
    fits = """select => {
      const style = getComputedStyle(select)
      const pen = document.createElement("canvas").getContext("2d")
      pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
      const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
      return [...select.options].map((option) => [option.label, room - pen.measureText(option.label).width])
    }"""
    seen = []
    for name in ("rashid", "classic-feedforward", "digits-from-scratch", "samsel", "emil", "best", "fast"):
        command(trained, "preset", name)
        command(trained, "set", {"learning_rate": 0.0123})
        select.locator("option:checked", has_text="Changed from").wait_for(state="attached")
        seen += select.evaluate(fits)
    assert len({name for name, _ in seen}) == 14
    assert [(name, room) for name, room in seen if room < 0] == []
    trained.set_viewport_size({"width": 1280, "height": 800})
