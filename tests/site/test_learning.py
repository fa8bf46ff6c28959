"""Uses the cards Network and Learning as a person does: edit, train, go back, compare."""

from __future__ import annotations

from typing import Any

import pytest

from tests.site.driving import (
    command,
    open_lab,
    snapshot,
    text,
    text_comes,
    train_until_paused,
    wait_until,
)
from tests.site.server import SiteServer


@pytest.fixture
def learned(lab: Any) -> None:
    """Train the network for one step, so that it has learned something."""
    command(lab, "step")


def choices(page: Any) -> dict[str, Any]:
    """Return the choices of the last run in the log."""
    return command(page, "runs")[-1]


def test_layers_are_added_changed_and_removed_and_what_was_learned_stays(lab: Any) -> None:
    lab.locator(".lab-epoch").click()
    seen = wait_until(lab, lambda seen: seen["epoch"] == 1 and not seen["running"], 90, "an epoch")
    before = wait_until(lab, lambda now: now["evaluated_at"] == now["samples"], 30, "measured")
    lab.locator(".lab-add-layer").click()
    wait_until(lab, lambda now: now["layers"] == [784, 200, 200, 10], 10, "a second hidden layer")
    lab.get_by_label("Neurons in hidden layer 1").fill("220")
    lab.get_by_label("Neurons in hidden layer 1").press("Enter")
    wait_until(lab, lambda now: now["layers"] == [784, 220, 200, 10], 10, "more neurons")
    assert snapshot(lab)["samples"] == seen["samples"], "nothing was begun anew"
    lab.locator(".lab-step").click()
    after = wait_until(lab, lambda now: now["samples"] > seen["samples"], 10, "a step")
    assert after["loss"] < 1.0, "a network that knows nothing is at 2.3"
    lab.get_by_label("Activation of hidden layer 2").select_option("tanh")
    wait_until(lab, lambda _now: "tanh" in command(lab, "share")["query"], 20, "another activation")
    lab.get_by_label("Remove hidden layer 2").click()
    wait_until(lab, lambda now: now["layers"] == [784, 220, 10], 10, "without it")
    assert before["test_accuracy"] > 0.85


@pytest.mark.usefixtures("learned")
def test_neurons_and_layers_that_were_removed_come_back_with_undo(lab: Any) -> None:
    before = snapshot(lab)
    picture = command(lab, "neuron", {"layer": 1, "neuron": 1})
    question = lab.locator(".lab-question")
    lab.get_by_label("Neurons in hidden layer 1").fill("3")
    lab.get_by_label("Neurons in hidden layer 1").press("Enter")
    question.get_by_text("removed").wait_for()
    assert snapshot(lab)["layers"][1] == 3
    question.locator(".lab-undo").click()
    wait_until(lab, lambda now: now["layers"] == before["layers"], 10, "the neurons")
    lab.get_by_label("Remove hidden layer 1").click()
    wait_until(lab, lambda now: len(now["layers"]) == len(before["layers"]) - 1, 10, "without the layer")
    question.locator(".lab-undo").click()
    now = wait_until(lab, lambda now: now["layers"] == before["layers"], 10, "the layer")
    assert now["samples"] == before["samples"]
    assert command(lab, "neuron", {"layer": 1, "neuron": 1}) == picture
    assert lab.locator(".lab-pad-undo").inner_text() != question.locator(".lab-undo").inner_text()
    question.locator(".lab-dismiss").click()


@pytest.mark.parametrize("typed", ["99999", "-5", "0", "12.5", ""])
def test_a_number_of_neurons_that_can_not_be_is_told_and_nothing_changes(lab: Any, typed: str) -> None:
    layers = snapshot(lab)["layers"]
    neurons = lab.get_by_label("Neurons in hidden layer 1")
    neurons.fill(typed)
    neurons.press("Enter")
    fault = lab.locator(".card-network").get_by_role("alert").filter(has_text="from 1 to 2,000")
    fault.wait_for()
    assert typed in fault.inner_text() and f"keeps its {layers[1]}" in fault.inner_text()
    assert neurons.input_value() == str(layers[1])
    assert snapshot(lab)["layers"] == layers
    neurons.fill(str(layers[1] + 1))
    neurons.press("Enter")
    fault.wait_for(state="hidden")
    wait_until(lab, lambda now: now["layers"][1] == layers[1] + 1, 10, "a number that can be")


@pytest.mark.usefixtures("learned")
def test_what_begins_a_new_network_asks_first_and_can_be_kept(lab: Any) -> None:
    samples = snapshot(lab)["samples"]
    question = lab.locator(".lab-question")
    lab.get_by_label("Activation of the outputs").select_option("sigmoid")
    question.get_by_text("choose another loss").wait_for()
    assert not question.locator(".lab-begin").is_visible()
    question.locator(".lab-keep").click()
    question.wait_for(state="hidden")
    assert lab.get_by_label("Activation of the outputs").input_value() == "softmax"
    lab.get_by_text("More", exact=True).click()
    lab.get_by_label("Optimiser").select_option("SGD")
    question.get_by_text("Begin again with SGD?").wait_for()
    assert snapshot(lab)["samples"] == samples
    question.locator(".lab-begin").click()
    wait_until(lab, lambda now: now["samples"] == 0, 10, "a new network")
    question.locator(".lab-undo").click()
    wait_until(lab, lambda now: now["samples"] == samples, 10, "the old network")
    lab.get_by_text("More", exact=True).click()


def test_weight_decay_changes_while_it_trains(lab: Any) -> None:
    train_until_paused(lab)
    seen = wait_until(lab, lambda now: now["running"], 10, "training")
    handle = lab.get_by_role("slider", name="Weight decay (L2)")
    handle.focus()
    handle.press("ArrowRight")
    lab.locator(".card-network").get_by_text("1e-06").wait_for()
    now = wait_until(lab, lambda now: now["samples"] > seen["samples"], 10, "training on")
    assert now["running"]
    lab.locator(".lab-pause").click()
    wait_until(lab, lambda now: not now["running"] and now["evaluated_at"] == now["samples"], 30, "measured")
    assert choices(lab)["l2"] == 1e-6


def test_training_ends_after_the_epochs_that_are_typed(lab: Any) -> None:
    field = lab.locator(".stopping").get_by_label("Epochs")
    command(lab, "preset", "fast")
    assert field.input_value() == "8"
    field.fill("1")
    field.press("Enter")
    lab.wait_for_function("location.search.includes('epochs=1')")
    begun = snapshot(lab)["epoch"]
    for more in (1, 2):
        lab.locator(".lab-play").click()
        wait_until(lab, lambda now, goal=begun + more: now["epoch"] == goal, 90, "an epoch")
        lab.locator(".lab-ended").get_by_text("Trained for 1 epoch. Press Train to go on.").wait_for()
        assert not snapshot(lab)["running"]
    field.fill("")
    field.press("Enter")
    lab.wait_for_function("location.search.includes('epochs=0')")
    lab.locator(".stopping").get_by_label("Stop early").select_option("after 3 epochs")
    lab.wait_for_function("location.search.includes('patience=3')")
    command(lab, "set", {"epochs": 8, "patience": 0})


def test_a_changed_preset_is_taken_again_with_a_button_or_from_the_list(lab: Any) -> None:
    chosen = lab.locator(".lab-preset select option:checked")
    command(lab, "set", {"preset": "rashid", "seed": 0})
    card = lab.locator(".card-network")
    card.get_by_text("Rashid, after 5 epochs: 97.42, 97.12 and 97.47 %.").wait_for()
    assert not lab.locator(".lab-preset-again").is_visible()
    for way in ("button", "list"):
        command(lab, "set", {"layers": [784, 100, 10]})
        card.get_by_text("Changed from Make Your Own Neural Network.").wait_for()
        assert chosen.inner_text() == "Changed from Rashid's book · 784-200-10"
        assert card.get_by_text("97.42").count() == 0
        if way == "button":
            lab.locator(".lab-preset-again").click()
        else:
            label = "Make Your Own Neural Network · 784-200-10"
            lab.locator(".lab-preset select").select_option(label=label)
        wait_until(lab, lambda now: now["layers"] == [784, 200, 10], 10, "the preset's layers")
        card.get_by_text("97.42").wait_for()
    command(lab, "preset", "fast")


@pytest.mark.usefixtures("learned")
def test_rewind_shows_the_past_and_a_branch_goes_on_from_there(lab: Any) -> None:
    now = snapshot(lab)
    slider = lab.locator(".lab-rewind")
    slider.focus()
    slider.press("Home")
    then = wait_until(lab, lambda seen: seen["rewound"] is not None, 10, "the past")
    assert then["samples"] < now["samples"]
    text_comes(lab, "metric-samples", str(then["samples"]))
    lab.locator(".lab-now").click()
    wait_until(lab, lambda seen: seen["samples"] == now["samples"], 10, "the present")
    slider.press("Home")
    then = wait_until(lab, lambda seen: seen["rewound"] is not None, 10, "the past again")
    lab.locator(".lab-branch").click()
    wait_until(
        lab, lambda seen: seen["rewound"] is None and seen["samples"] == then["samples"], 10, "a branch"
    )
    lab.locator(".lab-question").locator(".lab-undo").click()
    wait_until(lab, lambda seen: seen["samples"] == now["samples"], 10, "the run from before")


@pytest.mark.usefixtures("learned")
def test_a_new_seed_begins_again_and_the_loss_can_be_logarithmic(lab: Any) -> None:
    lab.locator(".lab-new-seed").click()
    wait_until(lab, lambda seen: seen["samples"] == 0, 10, "a new network")
    lab.locator(".lab-question").locator(".lab-dismiss").click()
    lab.locator(".lab-loss-scale").get_by_text("Log scale").click()
    lab.locator(".lab-loss-scale").get_by_text("Linear scale").wait_for()
    lab.wait_for_timeout(500)
    lab.locator(".lab-step").click()
    wait_until(lab, lambda seen: seen["samples"] > 0, 10, "a step")
    lab.locator(".lab-loss-scale").get_by_text("Linear scale").click()


def test_runs_are_listed_sorted_compared_brought_back_and_exported(lab: Any) -> None:
    for seed in (1, 2, 3):
        command(lab, "set", {"layers": [784, 16, 10], "seed": seed})
        command(lab, "epoch")
    lab.locator(".lab-tabs").get_by_text("Runs", exact=True).click()
    rows = lab.locator(".tab-runs tr[data-run]")
    rows.first.wait_for()
    count = len(command(lab, "runs"))
    assert rows.count() == count >= 3
    lab.get_by_role("button", name="Test accuracy").click()
    lab.locator(".tab-runs th[aria-sort=descending]").wait_for()

    def accuracies() -> list[float]:
        shown = rows.locator("td:nth-child(3)").all_inner_texts()
        return [float(text.removesuffix("%")) for text in shown if text != "–"]

    for _ in range(100):  # the rows are sorted a moment after the press on the head
        if accuracies() == sorted(accuracies(), reverse=True):
            break
        lab.wait_for_timeout(50)
    assert accuracies() == sorted(accuracies(), reverse=True)
    for place in (0, 1):
        rows.nth(place).get_by_role("checkbox").check()
    lab.locator(".tab-runs .compared table").wait_for()
    other = rows.filter(has=lab.locator(".lab-reload")).first  # any run but the present one
    if not other.get_by_role("checkbox").is_checked():
        other.get_by_role("checkbox").check()
    name = other.get_by_role("textbox")
    name.fill("<i>mine</i>")
    name.press("Enter")
    lab.locator(".tab-runs .compared").get_by_text("<i>mine</i>").wait_for()
    [mine] = [run for run in command(lab, "runs") if run["name"] == "<i>mine</i>"]
    lab.locator(f".tab-runs tr[data-run='{mine['run']}'] .lab-reload").click()
    wait_until(lab, lambda seen: seen["samples"] == mine["samples"], 10, "the run that was brought back")
    with lab.expect_download() as download:
        lab.locator(".lab-export-runs").get_by_text("Export CSV").click()
    lines = download.value.path().read_text().splitlines()
    assert len(lines) == 1 + len(command(lab, "runs")) and lines[0].startswith("run,name,preset,layers")
    assert any("<i>mine</i>" in line for line in lines)


HIDING = """
  // A headless browser shows all its pages at once. Of a page that is hidden no frame is drawn before it is
  // seen again.
  let hidden = false
  const waiting = []
  const request = window.requestAnimationFrame.bind(window)
  window.requestAnimationFrame = (act) => (hidden ? waiting.push(act) : request(act))
  Object.defineProperty(Document.prototype, "hidden", { get: () => hidden })
  Object.defineProperty(Document.prototype, "visibilityState", { get: () => (hidden ? "hidden" : "visible") })
  window.hide = (yes) => {
    hidden = yes
    document.dispatchEvent(new Event("visibilitychange"))
    if (!hidden) waiting.splice(0).forEach((act) => request(act))
  }
"""


def test_a_tab_in_the_background_trains_on_and_catches_up_when_looked_at(
    page: Any, serve: SiteServer
) -> None:
    page.add_init_script(HIDING)
    open_lab(page, serve.url)
    train_until_paused(page)
    wait_until(page, lambda now: now["samples"] > 0, 20, "training")
    page.evaluate("hide(true)")
    before = snapshot(page)["samples"]
    unseen = wait_until(page, lambda now: now["samples"] > before, 60, "training on, unseen")
    assert unseen["running"]
    page.evaluate("hide(false)")
    wait_until(page, lambda now: now["samples"] > unseen["samples"], 60, "a newer snapshot")
    wait_until(
        page,
        lambda _now: int(text(page, "metric-samples").replace(",", "")) > unseen["samples"],
        60,
        "it is shown",
    )
    page.locator(".lab-pause").click()
    wait_until(page, lambda now: not now["running"], 20, "paused")
