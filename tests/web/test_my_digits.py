"""Test *My digits*: keeping, deleting, exporting, importing and measuring them, and teaching with them."""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.datasets.strokes import read_strokes
from nncore.storage import load
from nncore.styles import find_styles, make_drawings
from tests.web.conftest import Bench
from web.keeping.store import MemoryStore
from web.lab import Lab
from web.pad.own_drawings import MOST, MyDigit, from_lines, my_digit, to_lines, with_digit
from web.state.reader_choices import YOURS
from web.teaching.my_digits_desk import ENTRY
from web.views.draw import ItWasA

SEVEN = [[[120, 130], [380, 110], [240, 430]]]
ONE = [[[250, 60], [250, 440]]]
MODELS = Path(__file__).parents[2] / "web" / "models"


def labels(lab: Lab) -> list[int]:
    return [digit.label for digit in lab.state.my_digits]


async def keep(lab: Lab, strokes: Any, label: int) -> None:
    await lab.command("draw", strokes)
    await lab.command("was", label)


def test_it_was_a_seven(experiment: Bench) -> None:
    """Label a drawing and correct the label: it is kept once, with the last label."""

    async def story(lab: Lab) -> None:
        with pytest.raises(ValueError, match="draw a digit first"):
            await lab.command("was", 7)
        await keep(lab, SEVEN, 1)
        await lab.command("was", 7)
        assert labels(lab) == [7], "the same drawing, called something else"
        await keep(lab, ONE, 1)
        assert labels(lab) == [7, 1]
        for wrong in (10, -1, "7", True, None):
            with pytest.raises(ValueError, match="digit from 0 to 9"):
                await lab.command("was", wrong)
        assert labels(lab) == [7, 1]

    experiment.run(story)


def test_all_ten_buttons_can_be_pressed_and_pressed_again(experiment: Bench) -> None:
    """Press all ten buttons in turn: each sets the label and can be pressed again."""

    async def story(lab: Lab) -> None:
        said = ItWasA(lab)
        await lab.command("draw", ONE)
        for digit in (*range(10), 9):
            assert said._buttons.value is None
            said._buttons.value = digit
            assert labels(lab) == [digit]

    experiment.run(story)


def test_deleting_can_be_taken_back_until_something_else_is_done(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await keep(lab, SEVEN, 7)
        await keep(lab, ONE, 1)
        with pytest.raises(ValueError, match="counted from 0"):
            await lab.command("forget_digits", [0, 2])
        await lab.command("forget_digits", [0])
        assert labels(lab) == [1] and lab.state.my_digits_undoable
        await lab.command("restore_digits")
        assert labels(lab) == [7, 1] and not lab.state.my_digits_undoable
        await lab.command("forget_digits", [0, 1])
        await keep(lab, ONE, 2)
        await lab.command("restore_digits")
        assert labels(lab) == [2]

    experiment.run(story)


def test_export_is_the_format_of_stroke_files_and_comes_back(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await keep(lab, SEVEN, 7)
        await keep(lab, ONE, 1)
        text = await lab.command("export_digits")
        drawings = read_strokes(text.encode())
        assert [drawing.label for drawing in drawings] == [7, 1]
        assert np.array_equal(drawings[0].strokes[0], SEVEN[0])
        before = lab.state.my_digits
        await lab.command("forget_digits", [1])
        assert await lab.command("import_digits", text) == 1, "one of them is there already"
        assert set(lab.state.my_digits) == set(before)
        with pytest.raises(ValueError, match="line 2"):
            await lab.command("import_digits", text.splitlines()[0] + "\n{}")
        assert set(lab.state.my_digits) == set(before)

    experiment.run(story)


def test_there_is_a_limit() -> None:
    """Add to the most drawings that are kept: a new one is refused, a new label for an old one is not."""
    many = tuple(MyDigit(1, (((float(i), 0.0),),)) for i in range(MOST))
    with pytest.raises(ValueError, match="2,000"):
        with_digit(many, my_digit(3, SEVEN))
    assert len(with_digit(many, MyDigit(4, many[0].strokes))) == MOST
    assert from_lines(to_lines(many[:5]).encode(), "file") == many[:5]


def test_a_picture_can_be_one_of_my_digits(experiment: Bench) -> None:
    """Add a picture: it is read, exported, put on the pad and deleted like a drawing."""
    picture = bytes(range(256)) * 3 + bytes(16)

    async def story(lab: Lab) -> None:
        await keep(lab, ONE, 1)
        lab.my_digits.add_picture(3, picture)
        lab.my_digits.add_picture(4, picture)
        assert labels(lab) == [1, 4], "the same picture is kept once, with the last label"
        assert [row["label"] for row in await lab.command("my_digits")] == [1, 4]
        text, before = await lab.command("export_digits"), lab.state.my_digits
        await lab.command("forget_digits", [0, 1])
        assert await lab.command("import_digits", text) == 2 and lab.state.my_digits == before
        tab = import_module("web.views.tabs.my_digits").View(lab)
        lab.my_digits.to_pad(1)
        assert lab.state.picture == picture and lab.state.strokes == [] and tab._gallery.chosen == 1
        lab.my_digits.to_pad(0)
        assert lab.state.picture == b"" and tab._gallery.chosen == 0
        with pytest.raises(ValueError, match="digit from 0 to 9"):
            lab.my_digits.add_picture(10, picture)

    experiment.run(story)


def test_they_survive_a_reload(experiment: Bench) -> None:
    store = MemoryStore()

    async def first(lab: Lab) -> None:
        await lab.my_digits.keep_in(store)
        await keep(lab, SEVEN, 7)
        await asyncio.sleep(0.05)

    async def second(lab: Lab) -> None:
        await lab.my_digits.keep_in(store)
        assert labels(lab) == [7]
        await lab.command("forget_digits", [0])
        await asyncio.sleep(0.05)
        assert store.entries[ENTRY] == b""

    experiment.run(first)
    experiment.run(second)


def test_damaged_ones_are_told_and_the_page_goes_on(experiment: Bench) -> None:
    """Damage the stored drawings: the page reports it, and keeps new ones."""
    store = MemoryStore()
    store.entries[ENTRY] = b"{"

    async def story(lab: Lab) -> None:
        await lab.my_digits.keep_in(store)
        await keep(lab, SEVEN, 7)
        assert labels(lab) == [7]

    experiment.run(story)
    assert "can't be brought back" in experiment.problems()[0]


@pytest.mark.slow
def test_teaching_the_own_network_and_undoing_it(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        with pytest.raises(ValueError, match="no digits of yours"):
            await lab.command("teach")
        await lab.command("epoch")
        await lab.command("epoch")
        old, samples = lab.runner.experiment.run.network, lab.state.snapshot.samples
        untouched = old.parameters.flat.copy()
        for strokes, label in ((SEVEN, 3), (ONE, 8)):
            await keep(lab, strokes, label)
        done = await lab.command("teach")
        assert (done["count"], done["after"]) == (2, 2) and done["before"] < 2
        assert done["test_after"] > done["test_before"] - 0.05, "nothing is forgotten"
        assert [row["read"] for row in await lab.command("my_digits")] == [3, 8]
        shown = lab.state.snapshot
        assert shown.samples > samples and shown.evaluation.test_accuracy == done["test_after"]
        assert np.array_equal(old.parameters.flat, untouched)
        await lab.command("undo")
        assert lab.runner.experiment.run.network is old and lab.state.snapshot.samples == samples
        await lab.command("undo")
        assert [row["read"] for row in await lab.command("my_digits")] == [3, 8]

    experiment.run(story)


@pytest.mark.slow
def test_teaching_a_shipped_network_makes_it_the_learners_own(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        small = load(MODELS / "small.npz")
        lab.runner.add_reader("small", small)
        await keep(lab, ONE, 4)
        done = await lab.command("teach")
        assert (done["before"], done["after"]) == (0, 1)
        shown = lab.state.snapshot
        assert shown.reader == YOURS and shown.layers == tuple(small.network.spec.layers)
        assert lab.state.layers == tuple(small.network.spec.layers) and shown.reading.digit == 4
        await lab.command("step")
        assert shown.samples < lab.state.snapshot.samples

    experiment.run(story)


@pytest.mark.slow
def test_the_lesson_takes_and_little_is_forgotten(experiment: Bench) -> None:
    """Teach ten crossed sevens to a network that knows generated digits alone.

    Afterwards it reads ten other crossed sevens, and the generated digits almost as well as before.
    """

    async def story(lab: Lab) -> None:
        for _ in range(4):
            await lab.command("epoch")
        drawings = make_drawings(20, 5, find_styles(["7 crossed"]))
        for drawing in drawings[:10]:
            strokes = [np.clip(4 * stroke + 50, 0, 500).tolist() for stroke in drawing.strokes]
            await keep(lab, strokes, 7)
        done = await lab.command("teach")
        assert done["after"] == 10
        assert done["test_after"] > done["test_before"] - 0.05
        right = 0
        for drawing in drawings[10:]:
            await lab.command("draw", [np.clip(4 * s + 50, 0, 500).tolist() for s in drawing.strokes])
            right += lab.state.snapshot.reading.digit == 7
        assert right >= 9

    experiment.run(story)
