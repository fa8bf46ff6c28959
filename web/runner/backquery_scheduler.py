"""Makes the pictures of the back-query in slices: ten for each method shown, and a large one with its steps.

The methods ``logit`` and ``transpose`` go back through the layers once and are done at once. ``gradient``
takes many steps. While no network learns it starts from noise and goes on until it has settled. While a
network learns it starts from its last picture and takes only a few steps, because the next picture follows
soon. Pictures then take a bounded share of the time, and fewer steps on a slow machine, so that they still
come twice a second.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from nncore.backquery import BACKQUERIES, BackQuery, backquery, backquery_digits, backquery_steps
from web.runs.experiment import Experiment
from web.state.choices_table import ALL_METHODS
from web.state.lab_state import LabState
from web.state.snapshot import Portrait

EVERY = 0.25  # least seconds between two refreshes while the network learns,
SELDOM = 1.0  # and most seconds, on a machine where they are slow to make
SHARE = 0.05  # share of the time that refreshes may take
STEPS, RATE = (
    6,
    0.1,
)  # steps of ``gradient`` from its last picture, and their size: small enough not to flicker
WALK = 60  # steps of ``gradient`` from noise until it has settled

Row = tuple[BackQuery, ...]


@dataclass
class _Walk:
    """The method ``gradient`` at work.

    Attributes:
        steps: the steps still to come.
        shown: whether steps are shown before the last one.
        row: the pictures after the last step.
    """

    steps: Iterator[list[BackQuery]]
    shown: bool
    row: Row = ()


class BackQueryScheduler:
    """Makes the pictures that ``state.method`` and ``state.asked`` ask for, with the network that is shown.

    Attributes:
        portrait: the large picture that was asked for, once it is done; otherwise None.
    """

    def __init__(self, experiment: Experiment, state: LabState) -> None:
        self._experiment, self._state = experiment, state
        self.portrait: Portrait | None = None
        self._seconds_a_step = 0.0
        self.begin()

    # --- requests

    def begin(self) -> None:
        """Drop all pictures and begin new ones, for another network or method."""
        self._rows: dict[str, Row] = {}
        self._film: Iterator[None] | None = None
        self.portrait = None
        self._look(cold=True)
        if self._walk is not None:
            self._walk.shown = True
            self._advance(self._walk)

    def settle(self) -> None:
        """Let ``gradient`` start from noise and settle, because the network stays as it is for now."""
        self._look(cold=True)

    def follow(self) -> None:
        """Refresh the pictures for another moment of the same network; ``gradient`` starts from its last
        picture."""
        self._look(cold=False)

    def portray(self) -> None:
        """Make the large picture that ``state.asked`` describes, or drop it if nothing is asked."""
        asked, run = self._state.asked, self._experiment.run
        self._film = None
        self.portrait = None
        if asked is None:
            return
        if asked.method != "gradient":
            answer = backquery(self._experiment.shown, asked.of(), asked.method, run.preprocessing)
            self.portrait = Portrait(asked, (answer,), self._experiment.shown_samples)
        else:
            # A copy, because the network may go on learning during the film.
            steps = backquery_steps(
                self._experiment.shown.copy(), [asked.of()], run.preprocessing, steps=WALK
            )
            self._film = self._filming(asked, steps, self._experiment.shown_samples)

    # --- results and work

    @property
    def images(self) -> Row:
        """Ten pictures for each method shown, in the order of ``BACKQUERIES``."""
        return tuple(chain.from_iterable(self._rows[name] for name in BACKQUERIES if name in self._rows))

    @property
    def busy(self) -> bool:
        """Whether ``gradient`` or a large picture is unfinished."""
        return self._walk is not None or self._film is not None

    def turn(self, seconds: float, learning: bool = False) -> None:
        """Work for about ``seconds``, at least one step.

        Args:
            learning: whether the network is learning; a refresh then begins when it is due.
        """
        began = time.perf_counter()
        if learning and self._walk is None and began >= self._due:
            self._look(cold=False)
        while self.busy:
            if self._film is not None:
                if next(self._film, self) is self:
                    self._film = None
            elif self._walk is not None:
                self._advance(self._walk)
            if time.perf_counter() - began >= seconds:
                break
        self._spend(time.perf_counter() - began)

    # --- parts of the work

    def _look(self, cold: bool) -> None:
        """Make the pictures of the present network; for ``gradient``, prepare its steps.

        Args:
            cold: whether ``gradient`` starts from noise.
        """
        began = time.perf_counter()
        run, method = self._experiment.run, self._state.method
        self._walk: _Walk | None = None
        self._began, self._spent = began, 0.0
        for name in BACKQUERIES if method == ALL_METHODS else (method,):
            if name == "gradient":
                self._walk = _Walk(self._steps(cold), shown=False)
            else:
                self._rows[name] = tuple(backquery_digits(self._experiment.shown, name, run.preprocessing))
        self._spend(time.perf_counter() - began)

    def _spend(self, seconds: float) -> None:
        """Add the time that pictures took, and set when the next refresh is due."""
        self._spent += seconds
        self._due = self._began + min(max(EVERY, self._spent / SHARE), SELDOM)

    def _steps(self, cold: bool) -> Iterator[list[BackQuery]]:
        """Return the steps of ``gradient``: from noise if ``cold``, otherwise a few from its last picture."""
        run = self._experiment.run
        options: dict[str, Any] = {"steps": WALK}
        if not cold and "gradient" in self._rows:
            affordable = int(SHARE * EVERY / self._seconds_a_step) if self._seconds_a_step else STEPS
            start = np.stack([answer.image for answer in self._rows["gradient"]])
            options = {"steps": max(1, min(STEPS, affordable)), "rate": RATE, "start": start}
        return backquery_steps(self._experiment.shown, list(range(10)), run.preprocessing, **options)

    def _advance(self, walk: _Walk) -> None:
        """Take a step of ``walk``.

        Its last pictures are shown; earlier ones only if there is nothing else to show.
        """
        began = time.perf_counter()
        # A network that is about to diverge may overflow here, which its picture shows.
        with np.errstate(over="ignore", invalid="ignore"):
            row = next(walk.steps, None)
        if row is None:
            self._rows["gradient"] = walk.row
            self._walk = None
            return
        walk.row = tuple(row)
        if walk.shown:
            self._rows["gradient"] = walk.row
        # Smoothed: on a busy machine one step may take ten times as long as the next.
        self._seconds_a_step += 0.2 * (time.perf_counter() - began - self._seconds_a_step)

    def _filming(self, asked: Any, steps: Iterator[list[BackQuery]], samples: int) -> Iterator[None]:
        """Take the steps of the large picture one by one, and set ``portrait`` after the last."""
        frames = []
        with np.errstate(over="ignore", invalid="ignore"):
            for [frame] in steps:
                frames.append(frame)
                yield
        self.portrait = Portrait(asked, tuple(frames), samples)
