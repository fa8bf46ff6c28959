"""Test the table of choices: each row is complete, and address, JSON and page take its values in one form."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from panel.viewable import Viewable

from tests.web.test_reload import values
from web.components.layers import Layers
from web.lab import Lab
from web.state.address import carried, take_query, to_query
from web.state.choice import Choice, Effect, IllegalValue
from web.state.choices import Choices, choices_of, preset_choices
from web.state.choices_table import CHOICES, HOT_SETTINGS, PAGE_PRESETS, ROWS
from web.state.dataset_options import DATASET_OPTIONS
from web.state.lab_state import LabState
from web.state.sweep_choices import SWEEP_CHOICES
from web.state.sweep_settings import SETTINGS
from web.views.choice_labels import COLUMNS, heading, shown
from web.views.controls import tip
from web.views.dataset_choice import DatasetChoice
from web.views.draw import DrawView
from web.views.imagine import ImagineView
from web.views.network import NetworkView, preset_select
from web.views.tabs import TABS, TabsView
from web.views.train import TrainView

ALL = CHOICES | SWEEP_CHOICES
BAD: dict[str, tuple[Any, str]] = {
    "layers": ([784, 0, 10], "two positive whole numbers such as [784, 200, 10], not [784, 0, 10]"),
    "activations": (["swish"], "must be a list, one for each hidden layer, of sigmoid, "),
    "pen_steps": (["deskew"], "must be a list of crop, box, pen, centre, not ['deskew']"),
    "styles_off": (["7 backwards"], "must be a list such as [\"7 crossed\"], not ['7 backwards']"),
    "learning_rate": (0, "must be greater than 0, not 0"),
    "sweep_values": (7, "must be a text, not 7"),
}
"""Choice -> an illegal value of it and the error's words, where ``-1`` and ``"magic"`` don't test enough."""


def complaint(row: Choice, value: Any) -> str:
    with pytest.raises(IllegalValue) as error:
        row.check(value)
    assert str(error.value) == f"{row.called} {error.value.reason}"
    return error.value.reason


@pytest.mark.parametrize("name", ALL)
def test_a_row_says_what_is_wrong_with_a_value_and_what_is_right(name: str) -> None:
    """Give each choice illegal values: the error names the value and the legal ones."""
    row = ALL[name]
    if name in BAD:
        value, words = BAD[name]
        assert words in complaint(row, value)
    if hasattr(row.kind, "labels"):
        words = f"does not accept 'magic'; it can be {', '.join(row.kind.labels)}"
        assert complaint(row, "magic") == words
        assert "['magic']" in complaint(row, ["magic"]), "also what can't be looked up"
    if hasattr(row.kind, "high"):
        most, over = f"{row.kind.high:,}", row.kind.high + 1
        assert complaint(row, over) == f"must be at most {most}, not {over}"
        assert str(row.kind.low) in complaint(row, row.kind.low - 1)
        for value in (float("nan"), True, "many", None, [1]):
            assert complaint(row, value).endswith(f"to {most}, not {value!r}")


def test_digits_that_are_not_there_are_refused_with_those_that_are() -> None:
    """Refuse a data set that is not loaded; the error names those that can be chosen."""
    words = f"dataset does not accept 'own'; it can be {', '.join(DATASET_OPTIONS)}"
    assert Choices.usual().refusal(dataset="own") == words


@pytest.mark.parametrize("name", CHOICES)
def test_a_value_comes_back_from_an_address_and_from_json(name: str) -> None:
    kind = CHOICES[name].kind
    for value in [*values(name), Choices.usual()[name]]:
        assert kind.form(kind.read(kind.write(value))) == value
        assert kind.form(json.loads(json.dumps(value))) == value
        assert kind.check(value) == value == kind.form(value)
        assert kind.legal() and kind.label(value) and shown(name, value)


@pytest.mark.parametrize(
    "query", ["seed=-1", "l2=much", "optimiser=magic", "activations=swish", "layers=784-10-9"]
)
def test_an_address_tells_of_a_value_as_commands_do(query: str) -> None:
    """Give an address an illegal value: its message has the words of the command's error."""
    name, _, text = query.partition("=")
    [fault] = take_query(LabState(), query)
    assert fault.startswith(f"?{name}={text} in the address is left out: ")
    with pytest.raises(ValueError) as error:
        row = CHOICES[name]
        row.check(row.kind.read(text))
    assert str(error.value).removeprefix(f"{name} ").removesuffix(".") in fault


def test_an_address_carries_legal_values_only() -> None:
    """Read an address with one legal value of five: only this one counts as carried."""
    query = "optimiser=magic&dataset=own&seed=-1&layers=784-0-10&l2=0.1"
    assert carried(LabState(), query) == {"l2"}, "for no other is a kept network set aside"


@pytest.mark.parametrize("name", ALL)
def test_a_row_is_complete(name: str) -> None:
    row = ALL[name]
    assert row.label and row.sentence.endswith(".") and row.group
    assert (row.effect is Effect.BEGINS_ANEW) == bool(row.asked), "a new network is asked about"
    assert getattr(LabState(), name) == row.check(getattr(LabState(), name)), "a legal default"


def test_labels_and_sentences_are_told_apart() -> None:
    assert len({heading(name) for name in CHOICES}) == len(CHOICES)
    assert len({row.sentence for row in ALL.values()}) == len(ALL)
    assert set(COLUMNS) <= set(CHOICES)


@pytest.mark.parametrize("preset", PAGE_PRESETS, ids=lambda preset: preset.name)
def test_choices_say_what_the_core_is_set_to(preset: Any) -> None:
    """Turn a preset's choices into the core's settings and back: they are the same."""
    chosen = Choices.usual(preset.name)
    assert chosen.changed(preset=preset.name) == chosen
    found = choices_of(*chosen.core_settings())
    assert found == {name: chosen[name] for name in found}
    assert set(found) == {row.name for row in ROWS if row.setting}
    own = {row.name for row in ROWS if row.default is not None} - {"preset"}
    assert set(preset_choices(preset)) == set(CHOICES) - own, "the learner's own have a default in the table"


def test_choices_never_change() -> None:
    chosen = Choices.usual()
    other = chosen.changed(layers=[784, 30, 20, 10])
    assert chosen["layers"] == (784, 200, 10) and other["layers"] == (784, 30, 20, 10)
    assert other["activations"] == ("relu", "relu")
    with pytest.raises(TypeError):
        other.values["layers"] = (784, 10)  # type: ignore[index]


def test_what_can_be_swept_is_a_row_with_values_to_begin_with() -> None:
    """Check that each swept choice offers legal values to begin with."""
    swept = {row.name for row in ROWS if row.swept}
    assert swept == set(SETTINGS) - {"hidden", "digits", "activation"}
    for name in swept:
        found = SETTINGS[name].values(SETTINGS[name].offered)
        assert [CHOICES[name].check(value) for value in found] == list(found)


def test_what_is_taken_up_at_once_is_a_setting_of_a_training_under_way() -> None:
    """Check that each choice taken up at once is a setting of the training, not of the network."""
    assert {setting.partition(".")[0] for setting in HOT_SETTINGS.values()} == {"training"}


def test_a_choice_that_links_do_not_carry_is_not_in_them(monkeypatch: pytest.MonkeyPatch) -> None:
    state = LabState()
    state.choose(seed=5, l2=0.5)
    assert to_query(state) == "v=1&l2=0.5&seed=5"
    monkeypatch.setitem(CHOICES, "seed", replace(CHOICES["seed"], in_address=False))
    assert to_query(state) == "v=1&l2=0.5"


@pytest.fixture(scope="module")
def page() -> list[Viewable]:
    """Return every part of the drawn page, with all tabs opened."""

    async def drawn() -> list[Any]:  # tabs begin work when they are opened
        lab = Lab(lambda **message: None)
        tabs = TabsView(lab)
        made = [tabs.open(name) for name in TABS]
        views = [NetworkView(lab), TrainView(lab), DrawView(lab), ImagineView(lab), DatasetChoice(lab)]
        return [preset_select(lab), *(view.__panel__() for view in [*views, *made])]

    return [one for whole in asyncio.run(drawn()) for one in whole.select()]


ELSEWHERE = {
    "activations": "in the component of the layers",
    "output": "in the component of the layers",
    "seed": "the button New seed",
    "styles_off": "a press in the gallery of styles",
}
"""Choices that no control of their own explains -> the place on the page that does."""


@pytest.mark.parametrize("name", [name for name in ALL if name not in ELSEWHERE])
def test_a_choice_has_a_control_that_says_what_it_is(page: list[Viewable], name: str) -> None:
    sentence = ALL[name].sentence
    told = [
        one
        for one in page
        if getattr(one, "tip", "") == sentence or tip(sentence) in getattr(one, "stylesheets", ())
    ]
    assert told, f"nothing on the page explains {name}"


def test_layers_show_activations_and_outputs(page: list[Viewable]) -> None:
    [layers] = [one for one in page if isinstance(one, Layers)]
    assert (layers.activations, layers.output) == (["relu"], "softmax")
    assert [name for name, _label in layers.outputs] == list(CHOICES["output"].kind.labels)
