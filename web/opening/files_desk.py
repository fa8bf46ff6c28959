"""Opens files: a network at once, and digits in one step for scripts or, for a person, after a look at them.

A person first sees a report with a contact sheet, then learns from the digits, turns or inverts them, or
leaves them. Until then, and when files are refused, the network, its digits and the drawing stay as they are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nncore.datasets import DataError
from nncore.questions import OpenQuestion
from nncore.storage import StorageError, assumptions, is_network, open_network
from web.delivery.site_files import MissingFile
from web.opening.contact_sheet import sheet_of
from web.pad.readers import digits_in
from web.runner import Runner, yield_to_loop
from web.runs.network_files import run_of
from web.state.dataset_options import OWN, DatasetOption
from web.state.opened_files import (
    MOST_SHOWN,
    DigitsFound,
    FilesAsked,
    FilesUnderWay,
    PicturesRead,
    ReadPicture,
)
from web.state.resizing import framed
from web.state.sentences import sentence
from web.teaching.my_digits_desk import MyDigitsDesk

if TYPE_CHECKING:
    from nncore.datasets.reading import Reading
    from web.delivery.own_files import FetchPackage

ONE_NETWORK = "the file of a network; open networks and digits one after the other"
TOLD_AFTER = 1.0  # seconds of reading before the page shows how far it is
TOLD_EVERY = 0.2  # seconds between two such changes of the page


Files = Sequence[tuple[str, bytes]]
"""Names and contents of files; two may have the same name."""


class Abandoned(ValueError):
    """An error for files whose reading was cancelled, or gave way to other files."""


class FilesDesk:
    """Reads opened files and acts on the learner's decision about them.

    Args:
        runner: gets the network or the digits.
        my_digits: get pictures whose label the learner says.
        post: sends a message to the page.

    Attributes:
        fetch_package: fetches a package of the page's Python, such as Pillow.
    """

    def __init__(self, runner: Runner, my_digits: MyDigitsDesk, post: Callable[..., None]) -> None:
        self._runner, self._state, self._my_digits, self._post = runner, runner.state, my_digits, post
        self.fetch_package: FetchPackage = _already_there
        self._files: Files = ()
        self._answers: dict[str, str] = {}
        self._asked: OpenQuestion | None = None
        self._reading: Reading | None = None
        self._turn = 0  # counts readings, so that an abandoned one notices
        self._read_at = 0.0
        self._state.param.watch(self._read_pictures_again, "snapshot")

    # --- in one step

    async def open(self, files: Files, answers: Mapping[str, str]) -> dict[str, Any]:
        """Open a network, learn from digits, or read a few pictures, and return what was opened.

        Args:
            files: the files.
            answers: to questions about them, by their keys.

        Raises:
            StorageError, DataError, MissingFile: if the files are refused; nothing has changed then.
            OpenQuestion: among these, if ``answers`` lacks an answer.
            Abandoned: if other files were opened meanwhile.
        """
        name = named(files)
        self.cancel()
        with self._refusals():
            if opened := self._open_network(files, answers):
                return {"opened": "network", **opened}
            reading = await self._read(files, answers, name)
            if reading.learnable:
                self._learn_from(reading, name)
                return {"opened": "digits", "name": name, **reading.report.as_json()}
            read = self._show_pictures(reading, files)
        return {"opened": "pictures", "name": name, **reading.report.as_json(), "pictures": told(read)}

    # --- for a person, step by step

    async def look(self, files: Files) -> dict[str, str]:
        """Open a network, or show what is in other files; return what was found.

        Raises:
            StorageError, DataError, MissingFile: if the files are refused; nothing has changed then.
        """
        self.cancel()
        self._files = files
        with self._refusals():
            return await self._look_again()

    async def answer(self, value: str) -> None:
        """Answer the question about the files, and read them again.

        Raises:
            ValueError: if there is no question, or no such answer.
        """
        asked = self._asked
        if asked is None:
            raise ValueError("there is no question about files")
        legal = [choice.value for choice in asked.choices]
        if value not in legal:
            raise ValueError(f"the answer must be {' or '.join(map(repr, legal))}, not {value!r}")
        self._answers[asked.key] = value
        with self._refusals():
            await self._look_again()

    def turn(self) -> None:
        """Exchange rows and columns of the digits that wait."""
        from nncore.datasets.reading import turned

        self._show(turned(self._waiting()))

    def invert(self) -> None:
        """Exchange ink and paper of the digits that wait."""
        from nncore.datasets.reading import inverted

        self._show(inverted(self._waiting()))

    def learn(self) -> None:
        """Learn from the digits that wait: a new network begins."""
        reading, name = self._waiting(), named(self._files)
        self.cancel()
        self._learn_from(reading, name)

    def cancel(self) -> None:
        """Leave the files that are read or shown; nothing else changes."""
        self._turn += 1
        self._files, self._answers, self._asked, self._reading = (), {}, None, None
        self._state.opened = None

    # --- a few pictures

    def was(self, number: int, label: int) -> None:
        """Add the picture at position ``number`` to my digits, with this label.

        Raises:
            ValueError: if there is no such picture, or the label is no digit.
        """
        shown = self._pictures()
        if not isinstance(number, int) or not 0 <= number < len(shown.pictures):
            raise ValueError(f"there are {len(shown.pictures)} pictures, counted from 0, and no {number!r}")
        self._my_digits.add_picture(label, shown.pictures[number].pixels)
        said = replace(shown.pictures[number], label=label, kept=True)
        self._put((*shown.pictures[:number], said, *shown.pictures[number + 1 :]))

    def keep_labelled(self) -> None:
        """Add all pictures whose labels are known to my digits."""
        for number, picture in enumerate(self._pictures().pictures):
            if picture.label is not None and not picture.kept:
                self.was(number, picture.label)

    def to_pad(self, number: int) -> None:
        """Put the picture at position ``number`` on the pad."""
        self._state.picture = self._pictures().pictures[number].pixels

    # --- reading

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Tell the page why files are refused, and forget them."""
        try:
            yield
        except (StorageError, DataError, MissingFile) as error:
            self.cancel()
            self._post(type="problem", text=f"Nothing was opened. {sentence(error)}", about="open")
            raise

    def _open_network(self, files: Files, answers: Mapping[str, str]) -> dict[str, Any] | None:
        """Open the network in the files; return its name and what was assumed, or None if there is none.

        Raises:
            StorageError: if it can't be read.
            DataError: if there are other files too.
        """
        networks = [name for name, data in files if is_network(name, data)]
        if not networks:
            return None
        if len(networks) < len(files):
            raise DataError(f"{networks[0]}: {ONE_NETWORK}")
        if len(dict(files)) < len(files):
            raise DataError(f"{networks[0]}: {len(files)} networks, some of one name; open one at a time")
        saved = open_network(dict(files), answers)
        name = answers.get("network") or " and ".join(networks)
        self._runner.switcher.open(run_of(saved, name, self._state))
        assumed = assumptions(saved)
        if assumed:
            self._state.notice = " ".join([self._state.notice, *assumed])
        return {"name": name} | ({"assumed": assumed} if assumed else {})

    async def _read(self, files: Files, answers: Mapping[str, str], name: str) -> Reading:
        """Read digits; the page shows how far it is if that takes more than a second."""
        from web.delivery.own_files import read_own

        self._turn += 1
        turn, began, shown = self._turn, time.monotonic(), 0.0

        async def rest(share: float) -> None:
            nonlocal shown
            now = time.monotonic()
            if now - began > TOLD_AFTER and now - shown > TOLD_EVERY:
                shown = now
                self._state.opened = FilesUnderWay(name, share)
            await yield_to_loop()
            if turn != self._turn:
                raise Abandoned(f"{name}: other files were opened meanwhile, or this was cancelled")

        reading = await read_own(files, answers, self._runner.pad.judge(), rest, self.fetch_package)
        if turn != self._turn:
            raise Abandoned(f"{name}: other files were opened meanwhile, or this was cancelled")
        self._state.opened = None
        return reading

    async def _look_again(self) -> dict[str, str]:
        """Read the files with the answers so far, and show what was found or the next question."""
        name = named(self._files)
        try:
            if opened := self._open_network(self._files, self._answers):
                self.cancel()
                return {"found": "network", "name": opened["name"]}
            reading = await self._read(self._files, self._answers, name)
        except Abandoned:
            return {"found": "nothing", "name": name}
        except OpenQuestion as question:
            self._asked = question
            self._state.opened = FilesAsked(name, sentence(question), question.choices)
            return {"found": "question", "name": name}
        self._asked = None
        if reading.learnable:
            self._show(reading)
            return {"found": "digits", "name": name}
        self._show_pictures(reading, self._files)
        return {"found": "pictures", "name": name}

    # --- showing

    def _show(self, reading: Reading) -> None:
        """Show digits that wait for a decision."""
        self._reading, train = reading, reading.train
        assert train is not None
        chosen = sheet_of(train.labels)
        self._state.opened = DigitsFound(
            named(self._files),
            reading.report,
            framed(train.pixels[chosen], train.max_value),
            train.labels[chosen],
            len(reading.unlabelled),
        )

    def _show_pictures(self, reading: Reading, files: Files) -> PicturesRead:
        """Read a few pictures and show them; one without a label also goes to the pad."""
        name = named(files)
        names = [picture.name for picture in reading.unlabelled]
        images = [picture.image.reshape(1, -1) for picture in reading.unlabelled]
        labels: list[int | None] = [None] * len(names)
        for part, known in ((reading.train, reading.names), (reading.test, ())):
            if part is not None:
                names += known or [f"digit {number}" for number in range(1, len(part) + 1)]
                labels += part.labels.tolist()
                images.append(framed(part.pixels, part.max_value))
        if not images:
            raise DataError(f"{name}: no digits in it")
        pixels = np.concatenate(images)
        rows = zip(names[:MOST_SHOWN], pixels, labels, strict=False)
        unread = tuple(ReadPicture(name, image.tobytes(), 0, 0.0, label) for name, image, label in rows)
        shown = PicturesRead(name, self._as_read(unread), len(pixels), reading.report)
        self._state.opened = shown
        if len(pixels) == 1 and labels == [None]:
            self._state.param.update(picture=pixels[0].tobytes(), photo=_stages_of(files, pixels[0]))
        return shown

    def _as_read(self, pictures: tuple[ReadPicture, ...]) -> tuple[ReadPicture, ...]:
        """Return the pictures as the network that reads the pad reads them now."""
        pixels = np.stack([np.frombuffer(picture.pixels, np.uint8) for picture in pictures])
        read = digits_in(pixels, self._runner.pad.reader())
        return tuple(
            replace(picture, read=digit, share=share)
            for picture, (digit, share) in zip(pictures, read, strict=True)
        )

    def _read_pictures_again(self, _event: Any) -> None:
        """Read the pictures that are shown again; at most once a second while a network learns."""
        now, shown = time.monotonic(), self._state.opened
        if isinstance(shown, PicturesRead) and (not self._state.running or now - self._read_at >= 1):
            self._read_at = now
            self._put(self._as_read(shown.pictures))

    def _put(self, pictures: tuple[ReadPicture, ...]) -> None:
        """Show these pictures in place of those that are shown."""
        if pictures != self._pictures().pictures:
            self._state.opened = replace(self._pictures(), pictures=pictures)

    # --- what is there

    def _waiting(self) -> Reading:
        """Return the digits that wait for a decision.

        Raises:
            ValueError: if there are none.
        """
        if self._reading is None:
            raise ValueError("no digits wait: open files first")
        return self._reading

    def _pictures(self) -> PicturesRead:
        """Return the pictures that are shown.

        Raises:
            ValueError: if there are none.
        """
        if not isinstance(self._state.opened, PicturesRead):
            raise ValueError("no pictures are shown: open some first")
        return self._state.opened

    def _learn_from(self, reading: Reading, name: str) -> None:
        """Make digits the chosen data set."""
        train, test = reading.train, reading.test
        assert train is not None and test is not None  # the reader divides digits without a test part
        option = DatasetOption(OWN, name, train.pixels.shape[1], train.max_value, False)
        self._runner.put_digits(option, train, test)


def named(files: Files) -> str:
    """Return the names of files in words."""
    return ", ".join(name for name, _ in files) if len(files) < 3 else f"{len(files)} files"


def _stages_of(files: Files, picture: np.ndarray) -> tuple[tuple[str, bytes], ...]:
    """Return the stages of the only ``picture`` in files, if it is a file of its own."""
    from nncore.datasets.reading.photo_stages import photo_stages

    try:
        stages = photo_stages(*files[0])
    except DataError:  # an archive with a picture in it
        return ()
    # The last stage is the picture as the reader gave it, which the pad shows.
    shown = [*stages[:-1], (stages[-1][0], picture)] if stages else []
    return tuple((name, pixels.tobytes()) for name, pixels in shown)


def told(shown: PicturesRead) -> list[dict[str, Any]]:
    """Return pictures as plain values, for scripts."""
    return [
        {"name": picture.name, "label": picture.label, "read": picture.read, "confidence": picture.share}
        for picture in shown.pictures
    ]


async def _already_there(name: str) -> None:
    """Raise MissingFile: outside the browser, packages are installed beforehand."""
    raise MissingFile(f"reading pictures needs the package {name}, which is not installed here")
