"""The lesson of styles, and what distortions cost here.

A network that learned from MNIST has met hardly a crossed seven. A copy of it is shown some for a moment, and
both read others of the same kind, which neither has met. The network on the bench stays as it is.
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

SHOWN, HELD = 24, 24  # drawings that the copy meets, and others that both read
BATCH = 100  # images distorted at a time, as in training
USUAL = {"affine": (1.0, 0.0, 0.0), "elastic": (0.0, 20.0, 0.0), "thickness": (0.0, 0.0, 0.5)}
"""Distortion -> its usual strength, as ``distortion_of`` takes it."""


@dataclass(frozen=True, eq=False)
class StyleLesson:
    """``pixels`` (n, 784) uint8 of drawings in the style ``key``, each a ``digit``; what the network read
    in each ``before``, and what the copy reads that has met the style, ``after`` (None while it is being
    taught); accuracies on the test digits."""

    key: str
    digit: int
    pixels: np.ndarray
    before: tuple[int, ...] = ()
    after: tuple[int, ...] | None = None
    test_before: float = 0.0
    test_after: float = 0.0

    def right(self, reads: tuple[int, ...]) -> int:
        """How many of these were read rightly."""
        return reads.count(self.digit)

    def public(self) -> dict[str, Any]:
        """As plain values, for scripts."""
        return {name: value for name, value in vars(self).items() if name != "pixels"}


class StyleLessonDesk:
    """Acts for the gallery of styles."""

    def __init__(self, runner: Runner) -> None:
        self._runner, self._state = runner, runner.state
        self._examples: np.ndarray | None = None
        self._read_at = 0.0
        self._state.param.watch(self._read_again, ["snapshot", "tab"])

    async def teach(self, key: str) -> dict[str, Any]:
        """Show what it does to the learner's network to meet this style.

        Returns:
            The ``StyleLesson`` without its pictures.

        Raises:
            ValueError: for an unknown style, a network that has learned nothing yet or doesn't read 28 x
            28, or
                while another lesson is on.
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
        """One drawing of each style, in the registry's order: ``(n, 784)`` uint8, made in slices."""
        parts = []
        for number, key in enumerate(STYLE_KEYS):
            parts.append(stock_of(key, 1).pixels)
            if number % 8 == 7:
                await yield_to_loop()
        self._examples = np.concatenate(parts)
        self._read_again()
        return self._examples

    def _read_again(self, *_events: Any) -> None:
        """What is read in each example, while somebody looks; once a second while a network learns."""
        now, running = time.monotonic(), self._state.snapshot.running
        if self._examples is None or self._state.tab != STYLES or (running and now - self._read_at < 1):
            return
        self._read_at, reader = now, self._runner.pad.reader()
        inputs = [inputs_for(reader.network, reader.preprocessing, picture) for picture in self._examples]
        outputs = reader.network.predict(np.concatenate(inputs))
        self._state.style_reads = tuple(outputs.argmax(axis=1).tolist())

    async def weigh(self) -> None:
        """Measure in this browser what each distortion costs, a batch at a time."""
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
