"""Acts on my digits: labels, keeps, exports and deletes drawings, and fine-tunes a network with them.

The views and ``window.inkling`` call it, and it sets the state, as ``Runner`` does for training. My digits
are kept in the lab's store, so that they survive a reload.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nncore.datasets import DataError, Dataset
from nncore.datasets.splits import split
from nncore.pen import SIZE
from web.keeping.store import Store, StoreError
from web.pad.own_drawings import MyDigit, MyDigits, dataset_of, from_lines, my_digit, to_lines, with_digit
from web.pad.readers import digits_in
from web.runner import Runner, yield_to_loop
from web.state.dataset_options import FEWEST, MINE, DatasetOption
from web.state.reader_choices import READERS, YOURS
from web.state.sentences import sentence
from web.state.tabs import MY_DIGITS
from web.teaching.fine_tuning import SPEC, fine_tune, measure, shares
from web.teaching.style_lesson import StyleLessonDesk

ENTRY = "my-digits"


@dataclass(frozen=True)
class Lesson:
    """A fine-tuning with the learner's digits, and its effect.

    Attributes:
        what: name of the new digits.
        count: number of new digits.
        who: name of the network that is taught.
        before, after: new digits read correctly before and after; ``after`` is None during the lesson.
        test_before, test_after: accuracy on the test digits before and after, 0 to 1.
    """

    what: str
    count: int
    who: str
    before: int = 0
    test_before: float = 0.0
    after: int | None = None
    test_after: float = 0.0

    def public(self) -> dict[str, Any]:
        """Return it as plain values, for scripts."""
        return dict(vars(self))


class MyDigitsDesk:
    """Acts on my digits (``state.my_digits``)."""

    def __init__(self, runner: Runner) -> None:
        self._runner, self._state = runner, runner.state
        self.styles = StyleLessonDesk(runner)
        self._deleted: MyDigits | None = None
        self._store: Store | None = None
        self._saving: asyncio.Task[None] | None = None
        self._drawn: tuple[MyDigits, Dataset] | None = None
        self._read_at = 0.0
        self._state.param.watch(self._read_again, ["snapshot", "my_digits", "tab"])
        self._state.param.watch(self._offer, "my_digits")

    # --- kept across visits

    async def keep_in(self, store: Store) -> None:
        """Restore the digits of an earlier visit from ``store``, and save every change there from now on."""
        try:
            kept = await store.get(ENTRY)
            if kept:
                self._state.my_digits = from_lines(kept, "my digits of the last visit")
        except StoreError:  # ``Autosave`` reports that this browser can't keep anything
            pass
        except (DataError, ValueError) as error:
            self._state.problem = f"Your digits of the last visit can't be brought back: {sentence(error)}"
        self._store = store
        self._state.param.watch(self._keep, "my_digits")

    def _keep(self, _event: Any) -> None:
        """Start to save, unless a save is running."""
        if self._saving is None or self._saving.done():
            self._saving = asyncio.ensure_future(self._save())

    async def _save(self) -> None:
        """Save my digits until the last change is saved."""
        assert self._store is not None
        saved: MyDigits | None = None
        while saved != self._state.my_digits:  # changes made during a save are saved too
            saved = self._state.my_digits
            try:
                await self._store.put(ENTRY, to_lines(saved).encode())
            except StoreError as error:
                self._state.problem = f"Your digits can't be kept in this browser: {sentence(error)}"

    # --- my digits

    def was(self, label: int) -> None:
        """Add the drawing on the pad to my digits, with this label.

        Raises:
            ValueError: if the label is no digit, the pad is empty, or there is no room.
        """
        self._put(with_digit(self._state.my_digits, my_digit(label, self._state.strokes)))

    def add_picture(self, label: int, picture: bytes) -> None:
        """Add a picture to my digits, with this label.

        Args:
            label: the digit.
            picture: 784 bytes, 255 for full ink.

        Raises:
            ValueError: if the label is no digit, or there is no room.
        """
        self._put(with_digit(self._state.my_digits, my_digit(label, (), picture)))

    def delete(self, numbers: Iterable[int]) -> None:
        """Delete the digits at these positions, counted from 0.

        Raises:
            ValueError: if a position has no digit; nothing is deleted then.
        """
        digits, chosen = self._state.my_digits, set(numbers)
        if not chosen <= set(range(len(digits))):
            raise ValueError(f"there are {len(digits)} digits of yours, counted from 0; not {sorted(chosen)}")
        left = tuple(digit for number, digit in enumerate(digits) if number not in chosen)
        self._put(left, deleted_from=digits)

    def undelete(self) -> None:
        """Undo the last deletion, if my digits have not changed since."""
        if self._deleted is not None:
            self._put(self._deleted)

    def export(self) -> str:
        """Return my digits as text, one JSON object a line."""
        return to_lines(self._state.my_digits)

    def take(self, data: bytes, name: str) -> int:
        """Add the drawings in a text, as ``export`` writes it, and return the number of new ones.

        Raises:
            ValueError: naming the fault; nothing is added then.
        """
        digits = self._state.my_digits
        for digit in from_lines(data, name):
            digits = with_digit(digits, digit)
        new = len(digits) - len(self._state.my_digits)
        self._put(digits)
        return new

    def to_pad(self, number: int) -> None:
        """Put the digit at position ``number`` on the pad again.

        Raises:
            ValueError: if there is none.
        """
        digit = self.find(number)
        if digit.picture:
            self._state.picture = digit.picture
        else:
            self._state.strokes = [[list(point) for point in stroke] for stroke in digit.strokes]

    def find(self, number: int) -> MyDigit:
        """Return the digit at position ``number``, counted from 0.

        Raises:
            ValueError: if there is none.
        """
        digits = self._state.my_digits
        if not isinstance(number, int) or not 0 <= number < len(digits):
            raise ValueError(f"there are {len(digits)} digits of yours, counted from 0, and no {number!r}")
        return digits[number]

    def _put(self, digits: MyDigits, deleted_from: MyDigits | None = None) -> None:
        """Set my digits.

        Args:
            deleted_from: the digits before a deletion, which ``undelete`` restores; None after any other
                change.
        """
        self._deleted = deleted_from
        self._state.param.update(my_digits=digits, my_digits_undoable=deleted_from is not None)

    def reads(self) -> list[int]:
        """Return the digit that the pad's reader reads in each of my digits."""
        if not self._state.my_digits:
            return []
        return [digit for digit, _ in digits_in(self._dataset().pixels, self._runner.pad.reader())]

    def _offer(self, _event: Any) -> None:
        """Offer my digits as a data set once there are enough of them, a sixth of them as test digits."""
        state, experiment = self._state, self._runner.experiment
        if state.dataset == MINE or len(state.my_digits) < FEWEST:
            return  # a network learns from them, and its digits stay the same while it does
        experiment.forget(MINE)
        experiment.sources[MINE] = self._divided
        if MINE not in state.offers:
            state.offers = state.offers | {MINE: DatasetOption(MINE, "My digits", shared=False)}

    def _divided(self) -> tuple[Dataset, Dataset]:
        """Return my digits in two parts: training and test digits."""
        train, test = split(self._dataset(), (5 / 6, 1 / 6), seed=0)
        return train, test

    def _dataset(self) -> Dataset:
        """Return my digits as pictures; they are drawn only once."""
        digits = self._state.my_digits
        if self._drawn is None or self._drawn[0] is not digits:
            self._drawn = digits, dataset_of(digits)
        return self._drawn[1]

    def _read_again(self, *_events: Any) -> None:
        """Read my digits again for the tab that shows them; at most once a second while a network learns."""
        now, running = time.monotonic(), self._state.snapshot.running
        if self._state.tab == MY_DIGITS and (not running or now - self._read_at >= 1):
            self._read_at = now
            self._state.my_reads = tuple(self.reads())

    # --- teaching

    async def teach(self) -> dict[str, Any]:
        """Fine-tune the pad's reader with my digits, with the data set replayed.

        The result becomes the learner's own network; ``undo`` brings the present one back.

        Returns:
            The ``Lesson`` as plain values.

        Raises:
            ValueError: if there are no digits of one's own, another lesson is running, the data set has
                pictures of another size, training diverged, or another network was chosen meanwhile.
            RuntimeError: if no digits have arrived to replay and to test with.
        """
        state, experiment = self._state, self._runner.experiment
        if state.lesson is not None and state.lesson.after is None:
            raise ValueError("a lesson is being taught already")
        if not state.my_digits:
            raise ValueError("there are no digits of yours yet: draw one and say what it was")
        if experiment.train is None or experiment.test is None:
            raise RuntimeError("no digits have arrived yet: wait until the page is ready")
        if experiment.train.shape != (SIZE, SIZE):
            raise ValueError("your digits are pictures of 28 x 28; choose a data set of such pictures first")
        state.running = False
        state.rewind = None
        reader, digits = self._runner.pad.reader(), self._dataset()
        lesson = Lesson("my digits", len(digits), READERS[reader.name])
        state.lesson = lesson
        run, sets = experiment.run, (digits, experiment.train, experiment.test)
        try:
            mine = reader.name == YOURS
            before = await measure(reader.network, reader.preprocessing, *sets, yield_to_loop)
            better = await fine_tune(
                reader.network, reader.preprocessing, digits, experiment.train, state.seed, yield_to_loop
            )
            samples = (SPEC.epochs or 1) * sum(shares(better)) + (run.samples if mine else 0)
            after = await measure(
                better, reader.preprocessing, *sets, yield_to_loop, samples, run.epoch if mine else 0.0
            )
            if experiment.run is not run:
                raise ValueError("another network was chosen meanwhile; nothing was taught")
            self._runner.switcher.adopt(better, reader, samples, after.evaluation)
        except BaseException:
            state.lesson = None
            raise
        state.lesson = Lesson(
            **vars(lesson)
            | {
                "before": before.right,
                "test_before": before.evaluation.test_accuracy,
                "after": after.right,
                "test_after": after.evaluation.test_accuracy,
            }
        )
        return state.lesson.public()
