"""Test the tab *Seeing*: the picture after each pen step and the digit that is read in it."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.pen.steps import STEPS
from tests.web.conftest import Bench
from web.lab import Lab
from web.state.address import take_query, to_query
from web.state.lab_state import LabState
from web.views.tabs.seeing import told

SEVEN = [[[120, 130], [380, 110], [240, 430]]]


def test_stages_are_there_only_while_somebody_looks(experiment: Bench) -> None:
    """Draw with the tab *Seeing* closed and open: the pen steps are computed only while it is open."""

    async def story(lab: Lab) -> None:
        await lab.command("draw", SEVEN)
        assert lab.state.snapshot.stages == ()
        lab.state.tab = "seeing"
        stages = lab.state.snapshot.stages
        assert [stage.name for stage in stages] == ["raw", *STEPS]
        reading = lab.state.snapshot.reading
        assert stages[-1].digit == reading.digit
        assert np.array_equal(stages[-1].pixels, np.rint(reading.pixels * 255))
        assert f"<b>{reading.digit}</b>" in told(stages, "yours")
        await lab.command("clear")
        assert lab.state.snapshot.stages == ()

    experiment.run(story)


def test_steps_are_choices_like_others(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        lab.state.tab = "seeing"
        await lab.command("draw", SEVEN)
        await lab.command("step")
        samples = lab.state.snapshot.samples
        await lab.command("set", {"pen_steps": ["pen", "crop"]})
        assert lab.state.pen_steps == ("crop", "pen"), "in the order in which they are taken"
        assert [stage.taken for stage in lab.state.snapshot.stages] == [True, True, False, True, False]
        assert lab.state.snapshot.samples == samples
        with pytest.raises(ValueError, match="crop, box, pen, centre"):
            await lab.command("set", {"pen_steps": ["deskew"]})

    experiment.run(story)


def test_they_survive_a_link() -> None:
    """Send the chosen pen steps by a link: they arrive unchanged."""
    state, other = LabState(), LabState()
    state.choose(pen_steps=["box", "centre"])
    assert take_query(other, to_query(state)) == []
    assert other.pen_steps == ("box", "centre")
