"""Test the tab *Code*: it shows the source that runs, and each note on a shape belongs to a line of it."""

from __future__ import annotations

import inspect
import textwrap

import pytest

from nncore import network, optimisers
from nncore.activations import ACTIVATIONS
from nncore.optimisers import OPTIMISERS
from nncore.presets import PRESETS
from tests.web.conftest import Bench
from web.lab import Lab
from web.program.code_notes import PARTS, Part, Present
from web.program.source import listing
from web.views.tabs.code import View, table

NOW = Present(PRESETS["fast"].network, 100, "adam", 0.004, 7)


def test_the_listing_is_what_python_runs() -> None:
    for shown, running in (
        (listing("nncore/network.py", "Network.forward"), network.Network.forward),
        (listing("nncore/network.py", "Network.backward"), network.Network.backward),
        (listing("nncore/optimisers.py", "Adam._apply"), optimisers.Adam._apply),
    ):
        lines, first = inspect.getsourcelines(running)
        assert "\n".join(shown.lines) == textwrap.dedent("".join(lines)).rstrip()
        assert shown.first == first
    with pytest.raises(KeyError, match="sideways"):
        listing("nncore/network.py", "Network.sideways")


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.title)
def test_every_note_has_its_line(part: Part) -> None:
    sources = ["\n".join(listing(part.module, part.name(NOW)).lines)]
    for code in part.notes:
        assert any(code in source for source in sources), f"no line of {part.title} holds {code!r}"


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_every_update_can_be_shown(optimiser: str) -> None:
    now = Present(PRESETS["rashid"].network, 1, optimiser, 0.1, 0)
    update = next(part for part in PARTS if part.title == "Update")
    assert f"def {optimiser}_update" in table(update, now)
    assert "(158 800,)" in table(update, now)


def test_shapes_are_those_of_the_network_at_hand(experiment: Bench) -> None:
    """Open the tab *Code*: its notes show the shapes of the present network, also after a change."""

    async def story(lab: Lab) -> None:
        tab = View(lab)
        lab.state.tab = "code"
        assert "(100, 784) @ (784, 200) + (200,) = (100, 200)" in tab._listings.object
        assert "(200, 100) @ (100, 10) = (200, 10)" in tab._listings.object
        await lab.command("set", {"layers": [784, 30, 20, 10], "batch_size": 8})
        assert "(8, 30) @ (30, 20) + (20,) = (8, 20)" in tab._listings.object
        label = ACTIVATIONS["softmax"].label
        assert f"{label} of (8, 10)" in tab._listings.object
        assert tab._script.callback().read().startswith('"""Repeats a run')

    experiment.run(story)
