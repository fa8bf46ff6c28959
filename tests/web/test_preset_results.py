"""Test a preset's name, its source's claim and the results here, shown while its choices are unchanged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nncore.presets import PRESETS
from tests.web.conftest import Bench, public
from web.lab import Lab
from web.runs.preset_results import changed, claim, network_choices, reached
from web.runs.run_log import POINTS, RunSummary, thinned_passes
from web.state.choices_table import PAGE_PRESETS
from web.state.lab_state import LabState
from web.state.snapshot import Evaluation, Snapshot
from web.views.network import PresetSelect, facts

RASHID = PRESETS["rashid"]


def measured(*accuracies: float) -> tuple[Evaluation, ...]:
    """Return two measures for each epoch: one in its middle, and one with the given accuracy at its end."""
    passes = []
    for epoch, accuracy in enumerate(accuracies, start=1):
        passes.append(Evaluation(epoch * 100 - 50, epoch - 0.5, 0.5, 0.1, 1.0, (0.0, 1.0)))
        passes.append(Evaluation(epoch * 100, float(epoch), 0.5, accuracy, 1.0, (0.0, 1.0)))
    return tuple(passes)


def record(*accuracies: float, **choices: object) -> RunSummary:
    passes = measured(*accuracies)
    made_with = network_choices(RASHID) | {"seed": 3, "epochs": 9} | choices
    last = accuracies[-1]
    return RunSummary(1, "a run", made_with, 0, len(accuracies), 0.0, test_accuracy=last, evaluations=passes)


def state_of(preset: str) -> LabState:
    state = LabState()
    state.choose(preset=preset)
    return state


def test_a_claim_names_its_author_and_epochs() -> None:
    assert claim(state_of("rashid")) == "Rashid, after 5 epochs: 97.42, 97.12 and 97.47 %."
    assert "50 epochs" in claim(state_of("classic-feedforward"))
    assert claim(state_of("fast")) == claim(state_of("best")) == "", "Simard's is of another network"


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"layers": (784, 100, 10)}, True), ({"learning_rate": 0.2}, True), ({"elastic": 5.0}, True),
        ({"inputs": "unit"}, True), ({"epochs": 50}, False), ({"seed": 7}, False), ({"patience": 2}, False),
    ],
)  # fmt: skip
def test_a_claim_goes_with_the_first_choice_that_differs(change: dict[str, object], differs: bool) -> None:
    """Change one choice: the claim goes if the choice changes the network or its training."""
    state = state_of("rashid")
    state.choose(**change)
    assert changed(state) == differs == (claim(state) == "")
    assert ("Rashid" in facts(state, Snapshot())) != differs
    assert ("Changed from Make Your Own Neural Network." in facts(state, Snapshot())) == differs


def test_what_was_reached_counts_after_as_many_epochs_as_the_source() -> None:
    """Collect the results of unchanged runs, each after as many epochs as the source's."""
    seven = record(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
    assert reached([seven], RASHID) == [0.5]
    assert reached([record(0.1, 0.2)], RASHID) == [], "not so far"
    assert reached([record(0.1, 0.2, 0.3, 0.4, 0.5, learning_rate=0.2)], RASHID) == []
    assert reached([record(0.1, 0.2, 0.3, 0.4, 0.5, styles=0.3)], RASHID) == []
    of_a_sweep = replace(record(0.9), evaluations=(), epoch=5.0)
    assert reached([of_a_sweep, replace(of_a_sweep, epoch=1.0)], RASHID) == [0.9]
    state = state_of("rashid")
    state.runs = (seven,)
    assert "You got 50.00\u00a0% after 5 epochs." in facts(state, Snapshot())
    state.runs = (seven, record(0.1, 0.2, 0.3, 0.4, 0.55))
    assert "Best of 2 runs here, after 5 epochs: 55.00\u00a0%." in facts(state, Snapshot())


def test_a_record_keeps_the_ends_of_the_first_epochs() -> None:
    """Thin out the measures of 200 epochs: the ends of the first epochs are kept."""
    passes = measured(*[0.5] * 200)
    kept = thinned_passes(passes)
    assert len(kept) == POINTS and kept[-1] == passes[-1]
    assert [known.samples for known in kept] == sorted(known.samples for known in kept)
    assert {float(epoch) for epoch in range(1, POINTS // 2 + 1)} <= {known.epoch for known in kept}


def test_the_list_says_that_a_preset_was_changed_and_offers_it_again(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        select = PresetSelect(lab).widget
        before = dict(select.options)
        assert select.value == "fast" and len(before) == len(PAGE_PRESETS)
        await lab.command("set", {"learning_rate": 0.1, "layers": [784, 30, 10]})
        await lab.command("step")
        assert select.value == PresetSelect.CHANGED
        assert [name for name in select.options if name not in before] == ["Changed from Fast · 784-200-10"]
        select.value = "fast"
        assert lab.staging.question() == "Begin again with Fast?"
        lab.staging.begin()
        assert (lab.state.learning_rate, public(lab)["layers"]) == (0.004, [784, 200, 10])
        assert public(lab)["samples"] == 0 and select.value == "fast" and select.options == before
        trainer = lab.runner.experiment.run.need_trainer()
        assert trainer.spec.schedule == PRESETS["fast"].training.schedule, "not that of a rate set by hand"
        await lab.command("undo")
        assert public(lab)["layers"] == [784, 30, 10] and public(lab)["samples"] == 100
        assert select.value == PresetSelect.CHANGED

    experiment.run(story)


def test_the_command_preset_takes_the_values_of_the_one_that_is_chosen(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("set", {"learning_rate": 0.1})
        await lab.command("step")
        await lab.command("preset", "fast")
        assert lab.state.learning_rate == 0.004 and public(lab)["samples"] == 0
        await lab.command("step")
        await lab.command("preset", "fast")
        assert public(lab)["samples"] == 100, "nothing to change"

    experiment.run(story)
