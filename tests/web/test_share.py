"""Test writing choices to an address and reading them back, and reading a wrong address."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.web.conftest import Bench
from web.lab import Lab
from web.state.address import check_parts, page_parameters, take_query, to_query
from web.state.choices_table import CHOICES, PAGE_PRESETS, SHORTHANDS
from web.state.kinds import LARGEST_LAYER
from web.state.lab_state import LabState


@st.composite
def chosen(draw: Any) -> LabState:
    """Draw a state with legal choices on top of any preset."""
    state = LabState()
    state.choose(preset=draw(st.sampled_from([preset.name for preset in PAGE_PRESETS])))
    selectors = {
        name: draw(st.sampled_from(list(CHOICES[name].kind.labels)))
        for name in ("optimiser", "initialiser", "inputs", "method")
        if draw(st.booleans())
    }
    hidden = draw(st.lists(st.integers(1, LARGEST_LAYER), max_size=3))
    numbers = {
        "layers": (state.layers[0], *hidden, state.layers[-1]),
        "learning_rate": draw(st.floats(1e-9, 100)),
        "batch_size": draw(st.integers(1, 60_000)),
        "l2": draw(st.floats(0, 1)),
        "seed": draw(st.integers(0, 2**31 - 1)),
    }
    some = {name: value for name, value in numbers.items() if draw(st.booleans())}
    for name, value in (selectors | some).items():
        try:
            state.choose(**{name: value})
        except ValueError:  # this value does not go with the preset, and the page would refuse it too
            continue
    return state


@settings(max_examples=40, deadline=None)
@given(chosen())
def test_what_a_link_says_is_what_was_chosen(state: LabState) -> None:
    other = LabState()
    assert take_query(other, to_query(state)) == []
    assert other.choices() == state.choices()
    assert to_query(other) == to_query(state)


FOLLOWING = {
    "preset": set(CHOICES),
    "dataset": {"layers"},  # the first layer has as many neurons as a picture has pixels
    "layers": {"activations"},  # one for each hidden layer
}
"""Choice -> the choices that change with it."""

FAULTY = (("layers", "784-0-10"), ("batch_size", "0"), ("learning_rate", "-1"), ("activations", "relu-magic"),
          ("optimiser", "magic"), ("colour", "red"))  # fmt: skip


@st.composite
def links(draw: Any) -> list[tuple[str, str]]:
    """Draw some of a link's parameters, without others that belong to them, and perhaps a faulty one."""
    carried = parse_qsl(to_query(draw(chosen())))
    some = [pair for pair in carried if draw(st.booleans())]
    return [*some, *draw(st.lists(st.sampled_from(FAULTY), max_size=1))]


@settings(max_examples=100, deadline=None)
@given(links())
def test_no_address_changes_what_it_does_not_name(pairs: list[tuple[str, str]]) -> None:
    """Read part of a link, perhaps with a fault: only the choices named, and those tied to them, change."""
    state = LabState()
    before = state.choices()
    take_query(state, urlencode(pairs))
    changed = {name for name, value in state.choices().items() if value != before[name]}
    named = {name for name, _ in pairs}
    assert changed <= named.union(*(FOLLOWING.get(name, set()) for name in named))
    state.core_settings()  # raises if the choices don't go with one another


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from("?&=%;+#-12\x00é") | st.characters()))
def test_an_address_that_names_no_choice_changes_nothing(query: str) -> None:
    assume(not {name for name, _ in parse_qsl(query.removeprefix("?"))} & {*CHOICES, *SHORTHANDS})
    state = LabState()
    before = state.choices()
    take_query(state, query)
    assert state.choices() == before


def test_a_link_is_short_and_readable() -> None:
    state = LabState()
    assert to_query(state) == ""
    state.choose(preset="rashid")
    assert to_query(state) == "v=1&preset=rashid"
    state.choose(layers=(784, 64, 10), learning_rate=0.25, l2=1.0)
    assert to_query(state) == "v=1&preset=rashid&layers=784-64-10&learning_rate=0.25&l2=1"


def test_what_is_wrong_is_told_one_by_one_and_the_rest_is_taken() -> None:
    """Read an address with six faults: each is reported, and the good values are used."""
    state = LabState()
    faults = take_query(
        state,
        "?v=1&preset=rashid&batch_size=many&learning_rate=0.5&seed=-1&colour=red&optimiser=magic"
        "&layers=784-0-10&l2=nan&utm_source=mail&kernel=numpy",
    )
    assert (state.preset, state.learning_rate) == ("rashid", 0.5)
    assert {**state.choices(), "preset": "", "learning_rate": 0} == {
        **_preset("rashid").choices(), "preset": "", "learning_rate": 0
    }  # fmt: skip
    expected = ["batch_size=many", "colour", "optimiser=magic", "l2=nan", "layers=784-0-10", "seed=-1"]
    assert len(faults) == len(expected)
    for start in expected:
        assert any(fault.startswith("?" + start) for fault in faults), f"{start} in {faults}"


def _preset(name: str) -> LabState:
    state = LabState()
    state.choose(preset=name)
    return state


def test_a_link_of_a_later_version_is_used_as_far_as_it_is_known() -> None:
    state = LabState()
    faults = take_query(state, "v=7&seed=5")
    assert state.seed == 5 and len(faults) == 1 and "'7'" in faults[0]


@pytest.mark.parametrize(
    ("query", "faulty"),
    [("hide=network,imagine", []), ("hide=network,wall&view=pad", ["wall"]), ("view=all", ["all"])],
)
def test_parts_of_the_page_that_do_not_exist_are_told(query: str, faulty: list[str]) -> None:
    faults = check_parts(query)
    assert len(faults) == len(faulty) and all(
        part in fault for part, fault in zip(faulty, faults, strict=True)
    )


def test_the_page_hears_of_every_change_and_keeps_its_own_parameters(experiment: Bench) -> None:
    experiment.lab.open_link("?workers=2&seed=5&shape=round")

    async def story(lab: Lab) -> None:
        assert lab.state.seed == 5
        await lab.command("set", {"learning_rate": 0.5, "batch_size": 10})
        assert await lab.command("share") == {"query": "v=1&learning_rate=0.5&batch_size=10&seed=5&workers=2"}
        await lab.command("preset", "fast")
        await lab.command("set", {"seed": 0})

    experiment.run(story)
    links = [message["query"] for message in experiment.messages if message["type"] == "choices"]
    assert links[-1] == "workers=2" and "v=1&learning_rate=0.5&batch_size=10&seed=5&workers=2" in links
    assert any("?shape" in text for text in experiment.problems())
    assert page_parameters("a=1&kernel=simd") == [("kernel", "simd")]
    assert set(CHOICES) == set(experiment.lab.state.choices())
