"""Test opened files between reading and learning: the report, questions, pictures to read, and refusals.

The reader is a stand-in here, which yields and answers what a test wants; ``test_files.py`` opens real bytes.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Generator
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from nncore.datasets import DataError, Dataset
from nncore.datasets.reading import FEWEST_TO_LEARN, Choice, Question, Reading, Report, Skipped, Unlabelled
from nncore.datasets.splits import split
from tests.web.conftest import SEVEN, Bench, made_up, public, until
from web.delivery import own_files
from web.delivery.site_files import MissingFile
from web.lab import Lab
from web.opening import files_desk
from web.opening.contact_sheet import SHEET, sheet_of
from web.state.opened_files import DigitsFound, FilesAsked, FilesUnderWay, PicturesRead
from web.views.opened_files import OpenedFilesView, words

LAST = Question(
    "mine.csv: the labels may be first or last", "labels", (Choice("last", "Last"), Choice("first", "First"))
)


def reading(count: int, unlabelled: int = 0, test: Dataset | None = None) -> Reading:
    """Return ``count`` digits with labels and some without, as the reader answers them."""
    train = made_up(count, 3) if count else None
    counts = train.class_counts if train else np.zeros(10, int)
    if train and test is None and count >= FEWEST_TO_LEARN:
        train, test = split(train, (5 / 6, 1 / 6), seed=0)
    report = Report(
        "CSV", len(train or ()), len(test or ()), tuple(counts.tolist()), (28, 28), 0.15,
        ("colours were inverted",), (Skipped("notes.txt", "no digits"),),
    )  # fmt: skip
    pictures = made_up(max(unlabelled, 1), 4).images[:unlabelled]
    loose = tuple(Unlabelled(f"photo{number}.jpg", image) for number, image in enumerate(pictures))
    names = tuple(f"{number}.png" for number in range(count))
    return Reading(report, train, test, loose, names)


class Reader:
    """Stand in for ``reading_steps``: answer each call with the next of ``results``.

    An exception among the results is raised. ``calls`` has the answers that each call was given.
    """

    def __init__(self, *results: Any, steps: int = 3) -> None:
        self.results, self.steps = list(results), steps
        self.calls: list[dict[str, str]] = []

    def __call__(
        self, files: Any, answers: Any = None, *, judge: Any = None, reads_few: bool = False
    ) -> Generator[float, None, Reading]:
        self.calls.append(dict(answers or {}))
        result = self.results.pop(0)
        for step in range(self.steps):
            yield step / self.steps
        if isinstance(result, Exception):
            raise result
        return result


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that sets the results of the reader, and returns the reader."""

    def put(*results: Any, steps: int = 3) -> Reader:
        reader = Reader(*results, steps=steps)
        monkeypatch.setattr(own_files, "reading_steps", reader)
        return reader

    return put


async def give(lab: Lab, command: str, *names: str, **args: Any) -> Any:
    """Give a command files of these names, whose contents the stand-in does not look at."""

    async def fetch(address: str) -> bytes:
        return b"contents"

    lab.fetch = fetch
    return await lab.command(command, {"files": [{"name": name, "url": name} for name in names], **args})


def there(lab: Lab) -> tuple[Any, ...]:
    """Return everything that a refusal must not change."""
    run, state = lab.runner.experiment.run, lab.state
    return (
        run, run.network.parameters.flat.tobytes(), len(run.curves.evaluations), state.choices(),
        dict(state.offers), state.strokes, state.picture, state.my_digits, lab.runner.experiment.train,
        state.staged, state.notice,
    )  # fmt: skip


async def at_work(lab: Lab) -> None:
    """Train a network and draw, so that there is something to lose."""
    await lab.command("epoch")
    await until(lambda: public(lab)["test_accuracy"] is not None)
    await lab.command("draw", SEVEN)
    await lab.command("was", 7)


# --- in one step


@pytest.mark.parametrize("confirm", [{}, {"confirm": True}])
def test_open_learns_in_one_step_and_answers_with_the_report(
    experiment: Bench, reads: Any, confirm: dict[str, bool]
) -> None:
    async def story(lab: Lab) -> None:
        found = reading(60)
        reads(found)
        answer = await give(lab, "open", "mine.csv", **confirm)
        assert answer == {"opened": "digits", "name": "mine.csv", **found.report.as_json()}
        assert (answer["train"], answer["test"]) == (50, 10)
        assert (answer["assumed"], answer["skipped"]) == (
            ["colours were inverted"],
            [{"file": "notes.txt", "reason": "no digits"}],
        )
        assert lab.state.dataset == "own" and lab.state.opened is None
        assert (public(lab)["train_size"], public(lab)["test_size"]) == (50, 10)

    experiment.run(story)
    assert experiment.problems() == []


def test_test_digits_in_the_files_stay_test_digits(experiment: Bench, reads: Any) -> None:
    async def story(lab: Lab) -> None:
        reads(reading(60, test=made_up(7, 9)))
        await give(lab, "open", "a.npz")
        assert (public(lab)["train_size"], public(lab)["test_size"]) == (60, 7)

    experiment.run(story)


def test_open_refuses_unclear_files_and_names_the_answers(experiment: Bench, reads: Any) -> None:
    async def story(lab: Lab) -> None:
        reader = reads(LAST, reading(60))
        before = there(lab)
        with pytest.raises(ValueError) as refused:
            await give(lab, "open", "mine.csv")
        for part in (str(LAST), 'answers: {"labels": ...}', '"last" (Last) or "first" (First)'):
            assert part in str(refused.value)
        assert there(lab) == before and lab.state.opened is None
        assert (await give(lab, "open", "mine.csv", answers={"labels": "last"}))["opened"] == "digits"
        assert reader.calls == [{}, {"labels": "last"}]
        with pytest.raises(ValueError, match="answers must be texts"):
            await give(lab, "open", "mine.csv", answers="last")

    experiment.run(story)
    assert experiment.problems() == [f"Nothing was opened. {LAST}."]


def test_open_reads_pictures_that_are_too_few(experiment: Bench, reads: Any) -> None:
    async def story(lab: Lab) -> None:
        reads(reading(3, unlabelled=2))
        before = there(lab)
        answer = await give(lab, "open", "a.png", "b.png", "c.png")
        assert (answer["opened"], answer["name"], answer["train"]) == ("pictures", "3 files", 3)
        labels = [picture["label"] for picture in answer["pictures"]]
        assert labels == [None, None, *made_up(3, 3).labels.tolist()]
        assert {picture["name"] for picture in answer["pictures"]} >= {"photo0.jpg", "0.png"}
        assert all(picture["read"] in range(10) for picture in answer["pictures"])
        assert there(lab) == before

    experiment.run(story)


# --- step by step


def test_nothing_learns_before_the_learner_decides(experiment: Bench, reads: Any) -> None:
    async def story(lab: Lab) -> None:
        await at_work(lab)
        before = there(lab)
        reads(reading(60), reading(80))
        assert await give(lab, "look_at_files", "mine.csv") == {"found": "digits", "name": "mine.csv"}
        found = lab.state.opened
        assert isinstance(found, DigitsFound) and found.sheet.shape == (SHEET, 784)
        train = reading(60).train
        assert train is not None
        for image, label in zip(found.sheet, found.labels, strict=True):
            [place] = np.flatnonzero((train.pixels == image).all(axis=1))
            assert train.labels[place] == label, "each picture has its own label"
        assert there(lab) == before
        await lab.command("decide", "cancel")
        assert lab.state.opened is None and there(lab) == before
        with pytest.raises(ValueError, match="no digits wait"):
            await lab.command("decide", "learn")
        await give(lab, "look_at_files", "mine.csv")
        await lab.command("decide", "learn")
        assert lab.state.dataset == "own" and public(lab)["train_size"] == 67 and lab.state.opened is None
        await lab.command("undo")
        assert lab.state.dataset == "mnist" and public(lab)["samples"] == 600

    experiment.run(story)


def test_a_question_is_answered_and_the_files_are_read_again(experiment: Bench, reads: Any) -> None:
    other = Question("Are they turned?", "turned", (Choice("no", "No"), Choice("yes", "Yes")))

    async def story(lab: Lab) -> None:
        reader = reads(LAST, other, reading(60))
        assert (await give(lab, "look_at_files", "mine.csv"))["found"] == "question"
        asked = lab.state.opened
        assert isinstance(asked, FilesAsked) and asked.choices == LAST.choices and asked.text == f"{LAST}."
        with pytest.raises(ValueError, match="must be 'last' or 'first', not 'middle'"):
            await lab.command("decide", "middle")
        await lab.command("decide", "first")
        assert isinstance(lab.state.opened, FilesAsked) and lab.state.opened.text == "Are they turned?"
        await lab.command("decide", {"action": "no"})
        assert isinstance(lab.state.opened, DigitsFound)
        assert reader.calls == [{}, {"labels": "first"}, {"labels": "first", "turned": "no"}]
        with pytest.raises(ValueError, match="no question"):
            await lab.command("decide", "no")

    experiment.run(story)
    assert experiment.problems() == []


def test_a_refusal_costs_nothing(experiment: Bench, reads: Any) -> None:
    """Refuse files by every way to open them: network, curves, digits and drawings stay."""

    async def story(lab: Lab) -> None:
        await at_work(lab)
        before = there(lab)
        fault = DataError("mine.csv: a pixel of 300")
        for command in ("open", "look_at_files"):
            reads(fault)
            with pytest.raises(DataError, match="a pixel of 300"):
                await give(lab, command, "mine.csv")
            assert there(lab) == before and lab.state.opened is None
        reads(LAST, fault)
        await give(lab, "look_at_files", "mine.csv")
        with pytest.raises(DataError):
            await lab.command("decide", "last")
        assert there(lab) == before and lab.state.opened is None

    experiment.run(story)
    assert experiment.problems() == ["Nothing was opened. mine.csv: a pixel of 300."] * 3


def test_slow_reading_shows_how_far_it_is_and_can_be_cancelled(
    experiment: Bench, reads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in (
        (own_files, "SLICE"), (files_desk, "TOLD_AFTER"), (files_desk, "TOLD_EVERY")
    ):  # fmt: skip
        monkeypatch.setattr(module, name, 0.0)

    async def story(lab: Lab) -> None:
        shown: list[Any] = []
        lab.state.param.watch(lambda event: shown.append(event.new), "opened")
        reads(reading(60), steps=10)
        await give(lab, "look_at_files", "mine.csv")
        shares = [one.share for one in shown if isinstance(one, FilesUnderWay)]
        assert len(shares) > 5 and shares == sorted(shares) and shares[-1] == 0.9
        assert 'aria-valuenow="50"' in words(FilesUnderWay("mine.csv", 0.5))
        before = there(lab)
        reads(reading(60), steps=100_000)
        looking = asyncio.ensure_future(give(lab, "look_at_files", "huge.csv"))
        await until(lambda: isinstance(lab.state.opened, FilesUnderWay))
        await lab.command("decide", "cancel")
        assert (await looking)["found"] == "nothing"
        assert lab.state.opened is None and there(lab) == before

    experiment.run(story)
    assert experiment.problems() == []


def test_quick_reading_shows_no_progress(experiment: Bench, reads: Any) -> None:
    async def story(lab: Lab) -> None:
        shown: list[Any] = []
        lab.state.param.watch(lambda event: shown.append(event.new), "opened")
        reads(reading(60))
        await give(lab, "look_at_files", "mine.csv")
        assert [type(one) for one in shown] == [DigitsFound]

    experiment.run(story)


@pytest.mark.parametrize("refuses", [True, False])
def test_pillow_is_fetched_for_the_first_picture(
    experiment: Bench, monkeypatch: pytest.MonkeyPatch, refuses: bool
) -> None:
    """Let the reader miss the module for pictures: its package is fetched, and the files are read again."""
    monkeypatch.setattr(own_files, "PICTURES", "pictures_module")

    def steps(
        files: Any, answers: Any = None, *, judge: Any = None, reads_few: bool = False
    ) -> Generator[float, None, Reading]:
        yield 0.0
        if "7.jpg" in dict(files):
            try:
                import_module("pictures_module")
            except ImportError as error:
                if refuses:
                    raise DataError("7.jpg: reading pictures needs Pillow") from error
        yield 0.5
        return reading(60)

    async def story(lab: Lab) -> None:
        fetched: list[str] = []

        async def fetch_package(name: str) -> None:
            fetched.append(name)
            monkeypatch.setitem(sys.modules, "pictures_module", ModuleType("pictures_module"))

        monkeypatch.setattr(own_files, "reading_steps", steps)
        finders = list(sys.meta_path)
        with pytest.raises(MissingFile, match="needs the package pillow"):
            await give(lab, "look_at_files", "7.jpg")
        assert sys.meta_path == finders
        lab.files.fetch_package = fetch_package
        await give(lab, "look_at_files", "mine.csv")
        assert fetched == [], "no picture, no Pillow"
        for _ in range(2):
            assert (await give(lab, "look_at_files", "7.jpg"))["found"] == "digits"
        assert fetched == ["pillow"] and sys.meta_path == finders

    experiment.run(story)
    assert len(experiment.problems()) == 1


# --- a few pictures


def test_one_picture_without_a_label_goes_to_the_pad(experiment: Bench, reads: Any) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("draw", SEVEN)
        reads(reading(0, unlabelled=1))
        assert (await give(lab, "look_at_files", "photo.jpg"))["found"] == "pictures"
        image = made_up(1, 4).pixels[0]
        assert lab.state.picture == image.tobytes() and lab.state.strokes == []
        shown = lab.state.opened
        assert isinstance(shown, PicturesRead) and shown.pictures[0].read == public(lab)["prediction"]

    experiment.run(story)


def test_pictures_become_my_digits(experiment: Bench, reads: Any) -> None:
    async def story(lab: Lab) -> None:
        reads(reading(3, unlabelled=2))
        await give(lab, "look_at_files", "pictures.zip")
        await lab.command("picture_was", {"picture": 1, "digit": 4})
        [mine] = lab.state.my_digits
        assert (mine.label, mine.picture) == (4, made_up(2, 4).pixels[1].tobytes())
        lab.files.keep_labelled()
        assert [digit.label for digit in lab.state.my_digits] == [4, *made_up(3, 3).labels.tolist()]
        assert lab.state.strokes == [] and lab.state.picture == b""
        for number, digit, fault in ((5, 1, "no 5"), (0, 10, "digit from 0 to 9"), (-1, 1, "no -1")):
            with pytest.raises(ValueError, match=fault):
                await lab.command("picture_was", {"picture": number, "digit": digit})
        await lab.command("decide", "cancel")
        with pytest.raises(ValueError, match="no pictures are shown"):
            await lab.command("picture_was", {"picture": 0, "digit": 1})
        assert len(lab.state.my_digits) == 4

    experiment.run(story)


def test_pictures_are_read_again_by_a_network_that_has_learned(experiment: Bench, reads: Any) -> None:
    async def story(lab: Lab) -> None:
        reads(reading(10))
        await give(lab, "look_at_files", "pictures.zip")
        for _ in range(3):
            await lab.command("epoch")
        await until(lambda: public(lab)["test_accuracy"] > 0.9)
        shown = lab.state.opened
        assert isinstance(shown, PicturesRead)
        assert sum(picture.label == picture.read for picture in shown.pictures) > 8
        assert f"<b>{sum(p.label == p.read for p in shown.pictures)} of 10</b>" in words(shown)

    experiment.run(story)


# --- the dialog


def test_the_dialog_shows_what_fits_and_acts(experiment: Bench, reads: Any) -> None:
    def seen(dialog: Any) -> set[str]:
        parts = ("gallery", "was", "choices", "learn", "turn", "invert", "keep")
        return {part for part in parts if getattr(dialog, f"_{part}").visible}

    async def story(lab: Lab) -> None:
        view = OpenedFilesView(lab)
        assert not view._room.visible and view._dialog is None
        reads(LAST, reading(60), reading(3, unlabelled=1))
        await give(lab, "look_at_files", "<mine>.csv")
        dialog: Any = view._dialog
        assert view._room.visible and seen(dialog) == {"choices"}
        assert [one.name for one in dialog._choices] == ["Last", "First"]
        assert [one.button_type for one in dialog._choices] == ["primary", "default"]
        dialog._choices[1].clicks += 1
        await until(lambda: isinstance(lab.state.opened, DigitsFound))
        assert seen(dialog) == {"gallery", "learn", "turn", "invert"}
        assert len(dialog._gallery.images) == 784 * SHEET == 784 * len(dialog._gallery.captions)
        text = dialog._words.object
        for part in (
            "60 digits in &lt;mine&gt;.csv", "Colours were inverted.", "notes.txt (no digits)", "50 to train"
        ):  # fmt: skip
            assert part in text
        dialog._learn.clicks += 1
        await until(lambda: lab.state.dataset == "own")
        assert not view._room.visible
        await give(lab, "look_at_files", "pictures.zip")
        assert seen(dialog) == {"gallery", "was", "keep"} and dialog._was.disabled
        dialog._gallery.pressed = {"at": 2, "count": 1}
        assert dialog._gallery.chosen == 2 and not dialog._was.disabled
        assert lab.state.picture == made_up(3, 3).pixels[1].tobytes()
        dialog._was.value = 5
        assert lab.state.my_digits[0].label == 5 and dialog._was.value is None
        dialog._keep.clicks += 1
        await until(lambda: len(lab.state.my_digits) == 3)
        assert seen(dialog) == {"gallery", "was"}
        dialog._cancel.clicks += 1
        await until(lambda: not view._room.visible)

    experiment.run(story)
    assert experiment.problems() == []


# --- the contact sheet


def test_every_label_has_its_place_on_the_contact_sheet() -> None:
    labels = np.array([0] * 500 + [1] * 2 + [9] * 100)
    chosen = labels[sheet_of(labels)]
    assert np.bincount(chosen).tolist() == [14, 2, 0, 0, 0, 0, 0, 0, 0, 14]
    assert chosen.tolist() == sorted(chosen)
    assert len(set(sheet_of(labels).tolist())) == SHEET
    assert sheet_of(labels).max() > 580, "also from the end of the set"
    assert sheet_of(np.array([3, 1])).tolist() == [1, 0]
    assert sheet_of(np.array([], int)).tolist() == []
