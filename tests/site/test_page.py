"""Checks the built page in a real Chromium, driven as a person drives it and through ``window.inkling``.

Most tests share one page, because opening takes ten seconds. Each test brings it into the state that it
needs, so each can be run alone; only the first two need an untouched page. Tests of faults open their own
page.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.site.driving import (
    READY,
    brief,
    command,
    draw,
    imagined,
    open_lab,
    snapshot,
    text,
    text_comes,
    train_until_paused,
    wait_until,
)
from tests.site.listeners import Listeners
from tests.site.server import SiteServer


def trains(lab: Any) -> None:
    """Start training, if the network is not in training."""
    if not snapshot(lab)["running"]:
        lab.locator(".lab-play").click()
    wait_until(lab, lambda seen: seen["images_per_second"] is not None, 10, "training")


def rests(lab: Any) -> dict[str, Any]:
    """Bring the network into a state in which it has learned, is paused and was measured; return the
    snapshot."""
    trains(lab)
    lab.locator(".lab-pause").click()
    return wait_until(
        lab,
        lambda seen: not seen["running"] and seen["evaluated_at"] == seen["samples"] > 0,
        30,
        "measured as it stands after a pause",
    )


def test_opens_under_a_sub_path_and_says_what_it_is(lab: Any, site: Path) -> None:
    assert lab.evaluate("document.documentElement.dataset.labPad") == "ready"
    built = json.loads((site / "build.json").read_text())
    assert lab.evaluate("document.documentElement.dataset.labVersion") == built["version"]
    seen = snapshot(lab)
    expected = {
        "epoch", "samples", "loss", "train_accuracy", "test_accuracy", "evaluated_at", "images_per_second",
        "running", "kernel", "dataset", "train_size", "test_size", "layers", "prediction", "probabilities",
        "pixels",
    }  # fmt: skip
    assert expected <= set(seen)
    assert seen["train_size"] > 0 and seen["test_size"] > 0
    assert (seen["samples"], seen["test_accuracy"], seen["prediction"]) == (0, None, None)
    assert lab.locator(".lab-error").count() == 0


def test_nothing_drawn_reads_as_nothing(lab: Any) -> None:
    assert text(lab, "prediction") == ""
    assert not any(snapshot(lab)["pixels"])


def test_train_reaches_the_accuracy_that_its_digits_allow(lab: Any, site: Path) -> None:
    small = json.loads((site / "data" / "manifest.json").read_text())["small"]
    before = imagined(lab)
    train_until_paused(lab)
    goal = 0.90 if small else 0.95
    wait_until(lab, lambda seen: (seen["test_accuracy"] or 0) > goal, 60, f"test accuracy above {goal}")
    assert lab.evaluate("document.documentElement.dataset.lab") == "training"
    after = imagined(lab)
    changed = [a["digit"] for a, b in zip(after, before, strict=True) if a["ink"] != b["ink"]]
    assert changed == list(range(10)), "every picture changes as it learns"


def test_drawing_is_read_while_it_trains(lab: Any) -> None:
    trains(lab)
    command(lab, "clear")
    draw(lab, [(250, 60), (250, 440)])
    wait_until(lab, lambda seen: seen["prediction"] == 1, 10, "a stroke read as a 1")
    one = snapshot(lab)
    draw(lab, [(250, 60), (420, 250), (250, 440), (80, 250), (250, 60)])
    wait_until(lab, lambda seen: seen["prediction"] not in (None, 1), 10, "a diamond read as something else")
    both = snapshot(lab)
    assert one["pixels"] != both["pixels"]
    assert both["running"], "drawing does not stop training"


def test_pause_stops_within_a_second(lab: Any) -> None:
    """The page's own clock measures from the click to ``data-lab="ready"``. The best of three presses counts,
    because other work on the machine may delay any of them."""
    lab.evaluate(
        """() => {
          window.clickedAt = window.stoppedAt = 0
          document.addEventListener("click", () => { window.clickedAt = performance.now() }, true)
          new MutationObserver(() => { window.stoppedAt = performance.now() })
            .observe(document.documentElement, {attributeFilter: ["data-lab"]})
        }"""
    )
    waits = []
    for _ in range(3):
        trains(lab)
        lab.locator(".lab-pause").click()
        lab.wait_for_function("document.documentElement?.dataset.lab === 'ready'", timeout=10_000)
        waits.append(lab.evaluate("window.stoppedAt - window.clickedAt"))
    assert min(waits) <= 1000
    stopped = snapshot(lab)
    assert not stopped["running"]
    lab.wait_for_timeout(500)
    assert snapshot(lab)["samples"] == stopped["samples"]


def test_what_is_shown_is_what_the_snapshot_says(lab: Any) -> None:
    command(lab, "clear")
    draw(lab, [(250, 60), (250, 440)])
    seen = rests(lab)
    # When this number is drawn, all others are drawn too.
    text_comes(lab, "metric-samples", str(seen["samples"]))
    text_comes(lab, "metric-test-accuracy", f"{100 * seen['test_accuracy']:.2f}")
    assert text(lab, "metric-epoch") == str(seen["epoch"])
    assert float(text(lab, "metric-loss")) == pytest.approx(seen["loss"], abs=1e-4)
    assert float(text(lab, "metric-test-accuracy")) == pytest.approx(100 * seen["test_accuracy"], abs=0.006)
    assert float(text(lab, "metric-train-accuracy")) == pytest.approx(100 * seen["train_accuracy"], abs=0.006)
    assert text(lab, "prediction") == str(seen["prediction"])


def test_undo_and_clear(lab: Any) -> None:
    command(lab, "clear")
    draw(lab, [(250, 60), (250, 440)])
    wait_until(lab, lambda seen: seen["prediction"] == 1, 10, "a stroke read as a 1")
    alone = snapshot(lab)["pixels"]
    draw(lab, [(100, 250), (400, 250)])
    wait_until(lab, lambda seen: seen["pixels"] != alone, 20, "a second stroke")
    lab.locator(".lab-pad-undo").click()
    wait_until(lab, lambda seen: seen["pixels"] == alone, 20, "the first stroke alone")
    lab.locator(".lab-pad-clear").click()
    wait_until(lab, lambda seen: seen["prediction"] is None, 20, "nothing that could be read")
    text_comes(lab, "prediction", "")


def test_the_pictures_are_read_as_a_forward_pass_outside_the_page_reads_them(lab: Any) -> None:
    """The page gives out its weights only through back-queries, so the test makes the same network again
    (same seed, same digits, one step) and checks all ten pictures."""
    from nncore.network import Network
    from nncore.presets import PRESETS

    command(lab, "preset", "fast")
    command(lab, "set", {"seed": 11, "layers": [784, 40, 10], "method": "logit"})
    command(lab, "reset")
    preset = PRESETS["fast"]
    spec = preset.network.__class__(**{**vars(preset.network), "layers": (784, 40, 10)})
    network = Network.create(spec, 11)
    last = np.array(command(lab, "backquery", {"method": "logit", "target": 9})["image"], np.float32)

    def all_are_new(_seen: Any) -> bool:
        shown = lab.locator(".lab-imagine").get_attribute("data-method") == "logit" and imagined(lab)
        return bool(shown) and np.abs(np.array(shown[9]["ink"]) - 255 * last).max() <= 1

    wait_until(lab, all_are_new, 30, "pictures of the new network")
    for shown in imagined(lab):
        exact = command(lab, "backquery", {"method": "logit", "target": shown["digit"]})
        image = np.array(exact["image"], np.float32)
        outputs = network.predict(image[None])[0]
        assert np.abs(np.array(shown["ink"]) - 255 * image).max() <= 1
        assert shown["reads"] == exact["reads"] == outputs.argmax()
        assert shown["confidence"] == pytest.approx(float(outputs.max()), abs=1e-3)
        assert str(shown["reads"]) in shown["caption"].split("\n")[-1]


def test_step_epoch_reset_and_undo_by_hand(lab: Any) -> None:
    command(lab, "preset", "fast")
    command(lab, "set", {"batch_size": 20, "layers": [784, 16, 10]})
    command(lab, "reset")
    lab.locator(".lab-step").click()
    wait_until(lab, lambda seen: seen["samples"] == 20, 10, "one mini-batch of 20")
    lab.locator(".lab-epoch").click()
    seen = wait_until(lab, lambda seen: seen["epoch"] == 1 and not seen["running"], 60, "an epoch")
    assert seen["samples"] == seen["train_size"], "the last partial batch is trained on too"
    lab.locator(".lab-reset").click()
    wait_until(lab, lambda seen: seen["samples"] == 0, 10, "a new network")
    lab.locator(".lab-undo").click()
    wait_until(lab, lambda now: now["samples"] == seen["samples"], 10, "the old network")


def test_sliders_and_lists_choose(lab: Any) -> None:
    command(lab, "preset", "fast")
    command(lab, "set", {"layers": [784, 16, 10]})
    command(lab, "step")
    facts = lab.locator(".card-network .lab-facts")
    expect(facts).to_contain_text("weights.")
    lab.locator(".lab-preset select").select_option(label="Make Your Own Neural Network · 784-200-10")
    question = lab.locator(".lab-question")  # asked, because the present network has learned something
    question.get_by_text("Begin again with Make Your Own Neural Network?").wait_for()
    assert snapshot(lab)["layers"] == [784, 16, 10]
    question.locator(".lab-begin").click()
    wait_until(lab, lambda seen: seen["layers"] == [784, 200, 10], 10, "Rashid's network")
    expect(facts).to_contain_text("weights, no biases.")
    neurons = lab.get_by_label("Neurons in hidden layer 1")
    neurons.focus()
    neurons.press("ArrowDown")
    wait_until(lab, lambda seen: seen["layers"][1] == 199, 10, "fewer hidden neurons by the keyboard")


def test_bad_commands_are_refused_with_a_reason(lab: Any) -> None:
    command(lab, "preset", "fast")
    before = brief(snapshot(lab))
    reason = lab.evaluate("window.inkling.command('set', {layers: [784, -1, 10]}).catch(e => e.message)")
    assert "layers" in reason and "[784, 200, 10]" in reason
    assert brief(snapshot(lab)) == before


def test_a_missing_shard_is_named_and_training_goes_on(page: Any, serve: SiteServer, site: Path) -> None:
    serve.fail("data/test-01-images-idx3-ubyte.gz")
    manifest = json.loads((site / "data" / "manifest.json").read_text())
    part = "train-01" if len(manifest["train"]) > 1 else "train-00"
    name = f"data/{part}-images-idx3-ubyte.gz"
    serve.fail(name)
    open_lab(page, serve.url)
    alert = page.locator(".lab-error", has_text=part)
    alert.wait_for(timeout=30_000)
    assert "404" in alert.inner_text() and alert.get_attribute("role") == "alert"
    page.locator(".lab-play").click()
    if part == "train-00":  # the small set has no others
        assert "waits for them" in alert.inner_text()
        serve.mend(name)
    wait_until(page, lambda seen: seen["samples"] > 5000, 60, "training on the digits that came")


@pytest.mark.parametrize(
    ("pattern", "status", "told"),  # the page does not know the status of files that the browser loads
    [
        ("pyodide/pyodide-lock.json", 500, True),
        ("pyodide/pyodide.asm.wasm", 404, True),
        ("start/packages-*.zst", 404, True),
        ("static/bokeh.js", 404, False),
        ("boot/worker/worker.mjs", 404, True),
        ("look/head.css", 503, False),
    ],
)
def test_a_missing_file_of_the_start_is_named_with_a_way_out(
    page: Any, serve: SiteServer, listeners: Listeners, site: Path, pattern: str, status: int, told: bool
) -> None:
    listeners.expect(r"^(console|uncaught): ")  # the browser, Bokeh and Pyodide report it too
    names = [path.relative_to(site).as_posix() for path in site.glob(pattern)]
    if pattern.endswith(".wasm"):  # from a slow or busy host the page fetches the compressed copy
        names += [path.relative_to(site).as_posix() for path in site.glob("start/code-*.zst")]
    for name in names:
        serve.fail(name, status)
    # The packages are needed by the lean start alone; all else is needed by the other too, which is sooner.
    start = "lean" if "packages" in pattern else "image"
    page.goto(f"{serve.url}?start={start}")
    page.wait_for_function("document.documentElement?.dataset.lab === 'failed'", timeout=READY)
    alert = page.locator(".lab-error")
    assert any(Path(name).name in alert.inner_text() for name in names)
    assert (f"the server answered {status}" in alert.inner_text()) is told
    for name in names:
        serve.mend(name)
    alert.get_by_role("button", name="Try again").click()
    page.wait_for_function("document.documentElement?.dataset.lab === 'ready'", timeout=READY)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ({"type": "bogus"}, "the message bogus (toPage) is not known"),
        ({"type": "mended", "words": "a"}, "the message mended (toPage) needs text: string"),
    ],
)
def test_a_message_that_the_page_does_not_know_is_told(
    page: Any, serve: SiteServer, listeners: Listeners, message: dict[str, str], told: str
) -> None:
    listeners.expect(r"^console: .*the message")
    open_lab(page, serve.url)
    page.evaluate("message => inklingSession.deliver(message)", message)
    alert = page.locator(".lab-error")
    alert.wait_for(timeout=5000)
    assert told in alert.inner_text() and alert.get_attribute("role") == "alert"
    assert snapshot(page)["running"] is False, "and the page goes on"


def test_a_press_on_train_and_a_drawing_before_python_is_up_count(page: Any, serve: SiteServer) -> None:
    page.goto(serve.url + "?start=lean", wait_until="commit")  # the slowest start
    page.locator(".lab-play").wait_for()
    assert page.evaluate("document.documentElement.dataset.lab") == "booting"
    page.locator(".lab-play").click()
    draw(page, [(250, 60), (250, 440)])
    page.wait_for_function("document.documentElement?.dataset.lab === 'training'", timeout=READY)
    seen = wait_until(page, lambda seen: seen["samples"] > 0, 30, "training as asked")
    assert seen["prediction"] is not None


@pytest.mark.parametrize("size", [(1280, 800), (820, 1180), (390, 844)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fits_the_screen(browser: Any, serve: SiteServer, size: tuple[int, int], scheme: str) -> None:
    """Even before Python has started, nothing scrolls sideways, and a laptop shows all four cards at once."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    page = context.new_page()
    page.goto(serve.url)
    page.locator(".lab-imagine").wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    if size[0] >= 1280:
        bottom = max(
            page.locator(card).bounding_box()["y"] + page.locator(card).bounding_box()["height"]
            for card in (".card-network", ".card-train", ".card-pad", ".card-imagine")
        )
        assert bottom <= size[1]
    context.close()


def test_opened_from_a_file_it_says_what_to_do(context: Any, site: Path) -> None:
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    alert = page.locator(".lab-error")
    alert.wait_for()
    assert "python -m http.server" in alert.inner_text()
    assert page.evaluate("document.documentElement.dataset.lab") == "failed"


def test_the_page_links_to_its_source(lab: Any) -> None:
    """A link to another host is allowed, because it makes no request until a person follows it."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    link = lab.get_by_role("link", name="Source", exact=True)
    assert link.is_visible() and link.get_attribute("href") == project["project"]["urls"]["Source"]
