"""The pictures of the back-query, a slice at a time: ten of each method shown, and one large with its steps.

The two methods that run the layers backwards once are done on the spot. ``gradient`` walks: from noise, step
by step, where somebody waits for the outcome; from its last picture and only a few steps where the network is
learning meanwhile and there will be another picture soon. While it learns the pictures take a bounded share
of the time, and fewer steps on a machine where one takes long, so that they still come twice a second.
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

EVERY = 0.25  # seconds between two refreshes while the network learns, at least
SHARE = 0.1  # of the time that they may take
STEPS, RATE = 6, 0.1  # of ``gradient`` from its last picture: it follows the network without trembling
WALK = 60  # its steps from noise, until it has settled

Row = tuple[BackQuery, ...]


@dataclass
class _Walk:
    """``gradient`` on its way: the steps still to come, whether they are shown before it arrives, and the
    last."""

    steps: Iterator[list[BackQuery]]
    shown: bool
    row: Row = ()


class BackQueryScheduler:
    """Makes what ``state.method`` and ``state.asked`` call for with the network on the ``experiment``.

    Attributes:
        portrait: the large picture that was asked for, once it is done; None if none was.
    """

    def __init__(self, experiment: Experiment, state: LabState) -> None:
        self._experiment, self._state = experiment, state
        self.portrait: Portrait | None = None
        self._seconds_a_step = 0.0
        self.begin()

    # --- what is asked for

    def begin(self) -> None:
        """Another network or method: nothing that was shown before counts."""
        self._rows: dict[str, Row] = {}
        self._film: Iterator[None] | None = None
        self.portrait = None
        self._look(cold=True)
        if self._walk is not None:
            self._walk.shown = True
            self._advance(self._walk)

    def settle(self) -> None:
        """The network stays as it is for now: give ``gradient`` the time that it needs."""
        self._look(cold=True)

    def follow(self) -> None:
        """Another moment of the same network is shown: ``gradient`` goes on from its last picture."""
        self._look(cold=False)

    def portray(self) -> None:
        """Make the large picture that ``state.asked`` describes, or forget it."""
        asked, run = self._state.asked, self._experiment.run
        self._film = None
        self.portrait = None
        if asked is None:
            return
        if asked.method != "gradient":
            answer = backquery(self._experiment.shown, asked.of(), asked.method, run.preprocessing)
            self.portrait = Portrait(asked, (answer,), self._experiment.shown_samples)
        else:
            # A copy: the film is of one network, whatever the other learns meanwhile.
            steps = backquery_steps(
                self._experiment.shown.copy(), [asked.of()], run.preprocessing, steps=WALK
            )
            self._film = self._filming(asked, steps, self._experiment.shown_samples)

    # --- what is there

    @property
    def images(self) -> Row:
        """Ten pictures of each method shown, in the order of ``BACKQUERIES``."""
        return tuple(chain.from_iterable(self._rows[name] for name in BACKQUERIES if name in self._rows))

    @property
    def busy(self) -> bool:
        """Whether a walk or a film is unfinished."""
        return self._walk is not None or self._film is not None

    def turn(self, seconds: float, learning: bool = False) -> None:
        """Work for about ``seconds``, at least one step. While the network is ``learning`` a refresh begins
        here when it is time to."""
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

    # --- inside

    def _look(self, cold: bool) -> None:
        """The pictures of the network as it now is; ``gradient`` gets a walk in place of its row."""
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
        self._spent += seconds
        self._due = self._began + max(EVERY, self._spent / SHARE)

    def _steps(self, cold: bool) -> Iterator[list[BackQuery]]:
        run = self._experiment.run
        options: dict[str, Any] = {"steps": WALK}
        if not cold and "gradient" in self._rows:
            affordable = int(SHARE * EVERY / self._seconds_a_step) if self._seconds_a_step else STEPS
            start = np.stack([answer.image for answer in self._rows["gradient"]])
            options = {"steps": max(1, min(STEPS, affordable)), "rate": RATE, "start": start}
        return backquery_steps(self._experiment.shown, list(range(10)), run.preprocessing, **options)

    def _advance(self, walk: _Walk) -> None:
        """One step of a walk; its last row is shown, those before only if nothing else is there to show."""
        began = time.perf_counter()
        # A network about to diverge may overflow here; its picture says so.
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
        frames = []
        with np.errstate(over="ignore", invalid="ignore"):
            for [frame] in steps:
                frames.append(frame)
                yield
        self.portrait = Portrait(asked, tuple(frames), samples)
