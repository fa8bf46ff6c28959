"""Test reading the typed values of a sweep: the jobs that they give, and the words about faults."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.presets.rashid import SWEEP_RATES
from web.state.lab_state import LabState
from web.state.sweep_settings import SETTINGS, find_setting, spelled_out
from web.sweeps.planning import planned


def test_the_first_sweep_is_the_one_of_the_book() -> None:
    state = LabState()
    plan = planned(state)
    assert (plan.preset, plan.setting, plan.values) == ("rashid", "learning_rate", SWEEP_RATES)
    assert [job.training.learning_rate for job in plan.jobs] == list(SWEEP_RATES)
    assert {job.training.epochs for job in plan.jobs} == {1}
    assert {job.network.initialiser for job in plan.jobs} == {"rashid"}


@pytest.mark.parametrize(
    "text, words",
    [
        ("0.1, 0.2, ..., 0.5", ["0.1", "0.2", "0.3", "0.4", "0.5"]),
        ("10,20,…,40", ["10", "20", "30", "40"]),
        ("3, 2, ..., 0", ["3", "2", "1", "0"]),
        ("0.001, 0.1, 0.2, ..., 0.4, 1", ["0.001", "0.1", "0.2", "0.3", "0.4", "1"]),
        (" tanh ,relu,", ["tanh", "relu"]),
        ("", []),
    ],
)
def test_dots_stand_for_what_lies_between(text: str, words: list[str]) -> None:
    """Spell out typed values: dots stand for the numbers between, in equal steps."""
    assert spelled_out(text) == words


@given(st.integers(0, 50), st.integers(1, 9), st.integers(3, 40))
def test_dots_give_equal_steps(first: int, step: int, count: int) -> None:
    numbers = [(first + step * k) / 10 for k in range(count)]
    text = f"{numbers[0]}, {numbers[1]}, ..., {numbers[-1]}"
    assert [float(word) for word in spelled_out(text)] == numbers


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_can_be_planned_with_the_values_it_offers(name: str) -> None:
    setting = SETTINGS[name]
    state = LabState(sweep_preset="", sweep_setting=name, sweep_values=setting.offered, sweep_seeds=2)
    plan = planned(state)
    assert len(plan.values) >= 3 and len(plan.jobs) == 2 * len(plan.values)
    assert len(set(plan.jobs)) == len(plan.jobs), "every value and seed gives another network"


def test_all_but_the_setting_is_as_chosen() -> None:
    state = LabState(sweep_preset="", sweep_setting="hidden", sweep_values="5, 7", sweep_epochs=3)
    state.choose(layers=(784, 40, 20, 10), l2=0.5, seed=9, activation="tanh")
    plan = planned(state)
    assert [job.network.layers for job in plan.jobs] == [(784, 5, 20, 10), (784, 7, 20, 10)]
    for job in plan.jobs:
        assert (job.training.l2, job.training.seed, job.training.epochs) == (0.5, 9, 3)
        assert job.network.activations == ("tanh", "tanh", "softmax")
        assert job.training.horizon is None, "the schedule stretches over the epochs that there are"
    assert state.layers == (784, 40, 20, 10)


def test_a_hidden_layer_is_put_in_where_there_is_none() -> None:
    state = LabState(sweep_preset="", sweep_setting="hidden", sweep_values="5")
    state.choose(layers=(784, 10))
    assert [job.network.layers for job in planned(state).jobs] == [(784, 5, 10)]


@pytest.mark.parametrize(
    "name, text, reason",
    [
        ("learning_rate", "", "no values to compare; give some, such as 0.1, 0.2, ..., 0.9"),
        ("learning_rate", "0.1, fast", "'fast' is not a number"),
        ("learning_rate", "0.1, 0", "learning_rate must be greater than 0, not 0"),
        ("learning_rate", "nan", "learning_rate must be"),
        ("learning_rate", "0.1, 0.10", "the value 0.1 is there twice"),
        ("learning_rate", "..., 0.9", "dots need two numbers before them and one behind"),
        ("learning_rate", "0.1, 0.2, ...", "dots need two numbers before them and one behind"),
        ("learning_rate", "0.1, 0.3, ..., 0.9, ..., 2", "0.9, ... never reaches 2"),
        ("learning_rate", "0.1, 0.2, ..., 0.95", "0.1, 0.2, ... never reaches 0.95"),
        ("learning_rate", "0.1, 0.1, ..., 0.9", "never reaches 0.9"),
        ("learning_rate", "0.1, 0.2, ..., inf", "never reaches"),
        ("learning_rate", "0.2, 0.1, ..., 0.9", "never reaches 0.9"),
        ("batch_size", "1, 2, ..., 1000000000", "more than 50 values"),
        ("batch_size", ",".join(map(str, range(1, 60))), "59 values are too many"),
        ("batch_size", "0.5", "'0.5' is not a whole number"),
        ("batch_size", "0", "batch_size must be at least 1, not 0"),
        ("hidden", "0", "positive whole numbers"),
        ("digits", "0", "number of training digits is 0; it must be at least 1"),
        ("activation", "relu, swish", "sigmoid.*not .'swish'"),
    ],
)
def test_what_is_not_legal_is_said_in_plain_words(name: str, text: str, reason: str) -> None:
    state = LabState(sweep_preset="", sweep_setting=name, sweep_values=text)
    with pytest.raises(ValueError, match=reason) as error:
        planned(state)
    assert "parameter 'LabState" not in str(error.value)


def test_an_unknown_setting_names_those_that_are() -> None:
    unknown: Any = "luck"
    with pytest.raises(ValueError, match="setting to sweep 'luck' is not known; legal: learning_rate, "):
        find_setting(unknown)


def test_too_many_networks_are_refused() -> None:
    values = "1, 2, ..., 40"
    state = LabState(sweep_setting="batch_size", sweep_values=values, sweep_seeds=20)
    with pytest.raises(ValueError, match="number of networks is 800; it must be at most 300"):
        planned(state)
