"""Checks the views into the network in the built page, by mouse and keyboard: imagined pictures, mistakes,
neurons and code. All tests use one page, in the order of the file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nncore.storage import load
from tests.site.driving import command, imagined, open_tab, text, train_until_paused, wait_until

ROOT = Path(__file__).parents[2]


def eventually(page: Any, condition: Any, what: str, seconds: float = 20) -> None:
    for _ in range(int(seconds * 10)):
        if condition():
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"not within {seconds} s: {what}")


NUMBERS = 16
WATCH = """([canvas, root, enough]) => new Promise(done => {
  const began = performance.now(), seen = { pictures: -1, numbers: -1 }, last = {}
  const count = (what, now) => { if (now !== last[what]) { last[what] = now; seen[what] += 1 } }
  const look = () => {
    count("pictures", canvas.getContext("2d").getImageData(0, 0, 28, 28).data.join())
    count("numbers", root.querySelector(".lab-metric-samples").textContent)
    seen.seconds = (performance.now() - began) / 1000
    if (seen.numbers >= enough) done(seen); else setTimeout(look, 20)
  }
  look()
})"""


def test_gradient_pictures_are_refreshed_twice_a_second_while_it_learns(lab: Any) -> None:
    """On a machine too busy to update the numbers three times a second, pictures must come with every fourth
    update of the numbers instead."""
    lab.locator(".card-imagine .bk-btn", has_text="gradient").click()
    train_until_paused(lab)
    wait_until(lab, lambda seen: (seen["samples"] or 0) > 2000, 60, "learning")
    # Watch the root around the numbers, because each update replaces their elements.
    numbers = lab.locator(".lab-metric-samples").evaluate_handle("span => span.getRootNode()")
    canvas = lab.locator(".lab-imagine [data-digit='3'] canvas").element_handle()
    seen = lab.evaluate(WATCH, [canvas, numbers, NUMBERS])
    command(lab, "pause")
    quick = seen["numbers"] > 3 * seen["seconds"]
    assert seen["pictures"] >= (2 * seen["seconds"] - 1 if quick else seen["numbers"] / 4), seen
    wait_until(lab, lambda seen: not seen["running"], 30, "paused")
    assert len(imagined(lab)) == 10


def test_all_methods_are_three_rows(lab: Any) -> None:
    lab.locator(".card-imagine .bk-btn", has_text="all").click()
    rows = lab.locator(".lab-imagine")
    eventually(lab, lambda: rows.count() == 3, "three rows")
    methods = [rows.nth(i).get_attribute("data-method") for i in range(3)]
    assert methods == ["logit", "transpose", "gradient"]
    assert lab.locator(".lab-imagine [data-digit]").count() == 30
    for row, method in enumerate(methods):
        answer = command(lab, "backquery", {"method": method, "target": 6})
        figure = rows.nth(row).locator("[data-digit='6']")
        eventually(
            lab,
            lambda figure=figure, answer=answer: figure.get_attribute("data-reads") == str(answer["reads"]),
            f"{method} reads what the command reads",
        )
    lab.locator(".card-imagine .bk-btn", has_text="gradient").click()
    eventually(lab, lambda: rows.count() == 1, "one row again")


def film_has_run(page: Any) -> None:
    """Wait until the requested picture has arrived and its film has run to the end.

    A film that is about to begin also shows its last step, but with the button that stops it. So the state,
    the step and the button are read in one call."""
    state = """dialog => [dialog.hasAttribute("data-asking"), dialog.querySelector(".step").textContent,
                          dialog.querySelector(".play").firstChild.data]"""
    done = [False, "step 60 of 60", "▶"]
    dialog = page.locator(".lab-portrait")
    eventually(page, lambda: dialog.evaluate(state) == done, "the film has run", 120)


def test_a_picture_large_by_the_keyboard_its_film_a_mixture_a_file_and_the_pad(
    lab: Any, tmp_path: Path
) -> None:
    first = lab.locator(".lab-imagine [data-digit='0'] button")
    first.focus()
    for _ in range(3):
        lab.keyboard.press("ArrowRight")
    lab.keyboard.press("Enter")
    dialog = lab.locator(".lab-portrait")
    dialog.wait_for(state="visible")
    step = dialog.locator(".step")
    film_has_run(lab)
    scrub = dialog.locator(".lab-portrait-step")
    scrub.focus()
    lab.keyboard.press("Home")
    assert step.inner_text() == "step 0 of 60"
    for digit, key, times in ((3, "ArrowLeft", 10), (8, "ArrowRight", 10)):
        dialog.locator(f".shares [data-digit='{digit}']").focus()
        for _ in range(times):
            lab.keyboard.press(key)
    title = dialog.locator("h2")
    eventually(lab, lambda: title.inner_text() == "Imagined: 50 % 3 + 50 % 8", "a mixture is asked for")
    film_has_run(lab)
    with lab.expect_download() as saved:
        dialog.locator(".lab-portrait-save").click()
    saved.value.save_as(tmp_path / "picture.png")
    assert saved.value.suggested_filename == "imagined-3-8-gradient.png"
    half = command(lab, "backquery", {"method": "gradient", "target": [0, 0, 0, 0.5, 0, 0, 0, 0, 0.5, 0]})
    # Ink on paper, ten pixels for each pixel of the picture.
    picture = np.asarray(Image.open(tmp_path / "picture.png").convert("L"))
    ink = np.asarray(half["image"]).reshape(28, 28)
    assert picture.shape == (280, 280)
    assert np.allclose(picture, np.kron(255 * (1 - ink), np.ones((10, 10))), atol=1)
    dialog.locator(".lab-portrait-to-pad").click()
    dialog.wait_for(state="hidden")
    seen = wait_until(lab, lambda seen: seen["prediction"] is not None, 10, "the picture on the pad is read")
    assert np.allclose(seen["pixels"], half["image"], atol=0.5 / 255 + 1e-6)
    assert seen["prediction"] == half["reads"]
    lab.locator(".lab-pad-clear").click()
    wait_until(lab, lambda seen: seen["prediction"] is None, 10, "the pad is empty")


def test_mistakes_by_the_keyboard(lab: Any) -> None:
    open_tab(lab, "mistakes")
    eventually(lab, lambda: lab.locator(".lab-gallery button").count() > 0, "digits that were misread", 60)
    answer = command(lab, "mistakes")
    cells = lab.locator(".lab-confusion [data-cell]").all_inner_texts()
    shown = [0 if cell == "·" else int(cell.replace(",", "")) for cell in cells]
    assert shown == list(np.array(answer["matrix"]).ravel())
    first = answer["digits"][0]
    caption = lab.locator(".lab-gallery button").first.inner_text()
    assert caption.startswith(f"{first['label']}→{first['read']}")
    lab.locator(".lab-confusion [data-cell='0-0']").focus()
    for key, times in (("ArrowDown", first["label"]), ("ArrowRight", first["read"])):
        for _ in range(times):
            lab.keyboard.press(key)
    lab.keyboard.press("Enter")
    chosen = command(lab, "mistakes", {"cell": [first["label"], first["read"]]})["digits"]
    buttons = lab.locator(".lab-gallery button")
    eventually(lab, lambda: buttons.count() == min(40, len(chosen)), "the digits of one cell")
    buttons.first.press("Enter")
    wait_until(
        lab, lambda seen: seen["prediction"] == first["read"], 10, "the digit on the pad, read wrongly"
    )
    assert text(lab, "prediction") == str(first["read"])
    assert lab.locator(".lab-activations canvas").count() == 2


def test_inside_shows_weights_and_what_the_pad_does(lab: Any) -> None:
    open_tab(lab, "inside")
    tiles = lab.locator(".lab-neurons button")
    eventually(lab, lambda: tiles.count() == 48, "a page of neurons")
    eventually(lab, lambda: "use" in (tiles.first.get_attribute("aria-label") or ""), "use is measured", 30)
    numbers = lab.locator(".lab-neurons .numbers")
    tiles.first.focus()
    lab.keyboard.press("ArrowRight")
    words = numbers.inner_text()
    neuron = int(words.split()[1])
    exact = command(lab, "neuron", {"layer": 1, "neuron": neuron})
    bias = float(words.split("bias ")[1].split()[0].replace("−", "-"))
    assert bias == pytest.approx(exact["bias"], rel=0.01, abs=1e-5)
    assert "gives" in words, "a digit is on the pad"
    # The picture is the weights: blue where they are clearly below zero, orange where above.
    colours = (
        tiles.nth(1)
        .locator("canvas")
        .evaluate("canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data]")
    )
    red, blue = np.array(colours[0::4]), np.array(colours[2::4])
    weights = np.array(exact["weights"])
    strong = np.abs(weights) > np.quantile(np.abs(weights), 0.5)
    assert np.array_equal((red > blue)[strong], (weights > 0)[strong])
    lab.locator(".lab-inside-next button, .lab-inside-next .bk-btn").first.click()
    eventually(lab, lambda: tiles.first.locator(".name").inner_text() != words.split()[1], "another page")
    command(lab, "clear")
    eventually(lab, lambda: "gives" not in (tiles.first.get_attribute("aria-label") or ""), "an empty pad")


def test_the_script_of_the_page_repeats_its_run_outside(lab: Any, site: Path, tmp_path: Path) -> None:
    command(lab, "set", {"seed": 5, "layers": [784, 30, 10], "batch_size": 50})
    command(lab, "reset")
    for _ in range(3):
        command(lab, "step")
    command(lab, "set", {"learning_rate": 0.01})
    command(lab, "step")
    open_tab(lab, "code")
    eventually(lab, lambda: lab.get_by_text("(50, 784) @ (784, 30)").count() > 0, "the present shapes")
    source = (ROOT / "nncore" / "network.py").read_text()
    line = "logits = ops.affine(signal, self.parameters.weights[layer], self.parameters.bias(layer))"
    assert line in source and lab.get_by_text(line).count() == 1, "the very source"
    for name, file in (("script", "repeat.py"), ("notebook", "repeat.ipynb")):
        with lab.expect_download(timeout=20_000) as saved:
            lab.locator(f".lab-code-{name} a, .lab-code-{name} .bk-btn").first.click()
        saved.value.save_as(tmp_path / file)
    assert json.loads((tmp_path / "repeat.ipynb").read_text())["nbformat"] == 4
    address = lab.locator(".lab-source").get_attribute("href")
    assert f'pip install "git+{address}"' in (tmp_path / "repeat.py").read_text()
    done = subprocess.run(
        [sys.executable, "repeat.py", str(site / "data")],
        cwd=tmp_path, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    network = load(tmp_path / "repeated.npz").network
    for neuron in (1, 17, 30):
        exact = command(lab, "neuron", {"layer": 1, "neuron": neuron})
        assert np.allclose(network.weights[0][:, neuron - 1], exact["weights"], atol=1e-5)
        assert network.biases[0][neuron - 1] == pytest.approx(exact["bias"], abs=1e-5)
