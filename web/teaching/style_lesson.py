"""Shows the effect of unfamiliar styles of writing on a network, and measures the cost of distortions.

A network that learned from MNIST has seen hardly any crossed sevens. A copy of it is fine-tuned with some,
and both networks read other crossed sevens that neither has seen. The present network stays as it is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from nncore.checks import require_one_of
from nncore.pen import SIZE
from web.pad.readers import inputs_for
from web.runner import Runner, yield_to_loop
from web.runner.training_mix import stock_of
from web.state.distortion_choices import distortion_of
from web.state.kinds import STYLE_KEYS
from web.state.tabs import STYLES
from web.teaching.fine_tuning import fine_tune, measure

SHOWN, HELD = 24, 24  # drawings that the copy learns from, and others that both networks read
BATCH = 100  # images distorted at a time, as in training
USUAL = {"affine": (1.0, 0.0, 0.0), "elastic": (0.0, 20.0, 0.0), "thickness": (0.0, 0.0, 0.5)}
"""Distortion -> its usual strength, as ``distortion_of`` takes it."""


@dataclass(frozen=True, eq=False)
class StyleLesson:
    """A lesson with one style: digits read by the network before and by the copy after.

    Attributes:
        key, digit: the style, and the digit that it writes.
        pixels: the n held-out drawings, (n, 784) uint8.
        before, after: the digits read in them by the network and by the copy; ``after`` is None during the
            lesson.
        test_before, test_after: accuracy on the test digits, 0 to 1.
    """

    key: str
    digit: int
    pixels: np.ndarray
    before: tuple[int, ...] = ()
    after: tuple[int, ...] | None = None
    test_before: float = 0.0
    test_after: float = 0.0

    def right(self, reads: tuple[int, ...]) -> int:
        """Return the number of correct digits in ``reads``."""
        return reads.count(self.digit)

    def public(self) -> dict[str, Any]:
        """Return it as plain values, without the pictures, for scripts."""
        return {name: value for name, value in vars(self).items() if name != "pixels"}


class StyleLessonDesk:
    """Acts for the tab *Styles*: gives the lesson, draws the examples, measures the distortions."""

    def __init__(self, runner: Runner) -> None:
        self._runner, self._state = runner, runner.state
        self._examples: np.ndarray | None = None
        self._read_at = 0.0
        self._state.param.watch(self._read_again, ["snapshot", "tab"])

    async def teach(self, key: str) -> dict[str, Any]:
        """Fine-tune a copy of the learner's network with a style, and measure both.

        Args:
            key: the style.

        Returns:
            The ``StyleLesson`` without its pictures.

        Raises:
            ValueError: if there is no such style, the network has learned nothing yet, the digits are not 28
                x 28, another lesson is running, or training diverged.
        """
        require_one_of(key, STYLE_KEYS, "style")
        state, experiment = self._state, self._runner.experiment
        if state.style_lesson is not None and state.style_lesson.after is None:
            raise ValueError("a lesson is being taught already")
        if experiment.train is None or experiment.test is None or experiment.train.shape != (SIZE, SIZE):
            raise ValueError("the lesson needs a data set of 28 x 28 pictures")
        if not experiment.run.samples:
            raise ValueError("train your network first; the shipped ones have met every style already")
        state.running = False
        state.rewind = None
        run = experiment.run
        drawn = stock_of(key, SHOWN + HELD)
        met, held = drawn.take(slice(0, SHOWN)), drawn.take(slice(SHOWN, None))
        lesson = StyleLesson(key, int(key[0]), held.pixels)
        state.style_lesson = lesson
        sets = (held, experiment.train, experiment.test)
        try:
            before = await measure(run.network, run.preprocessing, *sets, yield_to_loop)
            copy = await fine_tune(
                run.network, run.preprocessing, met, experiment.train, state.seed, yield_to_loop
            )
            after = await measure(copy, run.preprocessing, *sets, yield_to_loop)
        except BaseException:
            state.style_lesson = None
            raise
        state.style_lesson = StyleLesson(
            key, lesson.digit, held.pixels, tuple(before.reads.tolist()), tuple(after.reads.tolist()),
            before.evaluation.test_accuracy, after.evaluation.test_accuracy,
        )  # fmt: skip
        return state.style_lesson.public()

    async def examples(self) -> np.ndarray:
        """Return one drawing of each style, in the registry's order: ``(n, 784)`` uint8, made in slices."""
        parts = []
        for number, key in enumerate(STYLE_KEYS):
            parts.append(stock_of(key, 1).pixels)
            if number % 8 == 7:
                await yield_to_loop()
        self._examples = np.concatenate(parts)
        self._read_again()
        return self._examples

    def _read_again(self, *_events: Any) -> None:
        """Read the examples again while the tab *Styles* is in front; at most once a second while a network
        learns."""
        now, running = time.monotonic(), self._state.snapshot.running
        if self._examples is None or self._state.tab != STYLES or (running and now - self._read_at < 1):
            return
        self._read_at, reader = now, self._runner.pad.reader()
        inputs = [inputs_for(reader.network, reader.preprocessing, picture) for picture in self._examples]
        outputs = reader.network.predict(np.concatenate(inputs))
        self._state.style_reads = tuple(outputs.argmax(axis=1).tolist())

    async def weigh(self) -> None:
        """Measure the time that each distortion takes in this browser, in seconds an image, into
        ``state.costs``."""
        train = self._runner.experiment.train
        if train is None or train.shape != (SIZE, SIZE) or self._state.costs:
            return
        costs = {}
        for name, strengths in USUAL.items():
            distortion, took = distortion_of(*strengths), []
            assert distortion is not None
            for turn in range(3):
                began = time.perf_counter()
                distortion(train.pixels[BATCH * turn : BATCH * (turn + 1)], np.random.default_rng(turn))
                took.append(time.perf_counter() - began)
                await yield_to_loop()
            costs[name] = min(took) / BATCH
        self._state.costs = costs
