"""Every run so far as plain facts (``RunSummary``), and the log that keeps them, in bounded memory.

A record is small and stays; the network behind it takes a megabyte or so, and of those only the newest are
kept, up to ``MEMORY``. A run whose network is gone can still be begun again: its choices and its seed are
there.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any

from nncore.jobs import JobResult
from web.runs.resumable import ResumableRun
from web.runs.run import Run
from web.state.choices import choices_of
from web.state.choices_table import VIEW_CHOICES
from web.state.lab_state import LabState
from web.state.snapshot import Evaluation, LearningPoint
from web.state.sweep_settings import SETTINGS, shown
from web.state.sweep_snapshot import SweepSnapshot

MEMORY = 32_000_000  # bytes for the networks of runs that were left
MOST_RECORDS = 300
POINTS = 80  # of each curve


@dataclass(frozen=True)
class RunSummary:
    """One run, or one network of a sweep.

    Attributes:
        number: unique; the runs of the lab and the networks of sweeps are counted together.
        name: given by the learner, or made up.
        choices: that it was begun and trained with, without those of what is shown only.
        samples, epoch, seconds: how long it was trained.
        loss, train_accuracy: of training; None where only the test is known.
        test_accuracy, interval, test_loss: the newest measure of it, or None.
        learning, evaluations: its curves, thinned out; a network of a sweep has none.
        kept: whether its network can be brought back as it was.
        note: what went wrong, if anything did.
    """

    number: int
    name: str
    choices: dict[str, Any]
    samples: int
    epoch: float
    seconds: float
    loss: float | None = None
    train_accuracy: float | None = None
    test_accuracy: float | None = None
    interval: tuple[float, float] | None = None
    test_loss: float | None = None
    learning: tuple[LearningPoint, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    kept: bool = False
    note: str = ""

    def public(self) -> dict[str, Any]:
        """What the command ``runs`` answers: all but the curves, as plain values."""
        plain = {name: list(v) if isinstance(v, tuple) else v for name, v in self.choices.items()}
        plain["epochs_chosen"] = plain.pop("epochs", None)  # beside those that it was trained for
        return {
            "run": self.number,
            "name": self.name,
            **plain,
            "epochs": self.epoch,
            "samples": self.samples,
            "seconds": self.seconds,
            # The name `loss` is older than the choice of that name among the others.
            "loss": self.loss,
            "loss_function": self.choices.get("loss"),
            "train_loss": self.loss,
            "train_accuracy": self.train_accuracy,
            "test_accuracy": self.test_accuracy,
            "interval": list(self.interval) if self.interval else None,
            "test_loss": self.test_loss,
            "kept": self.kept,
            "note": self.note,
        }


class RunLog:
    """Keeps ``state.runs``: the lab's own runs as they go on, the networks of sweeps as they are done."""

    def __init__(self, state: LabState, number: Callable[[], int]) -> None:
        self._state = state
        self._number = number
        self._kept: dict[int, ResumableRun] = {}
        self._plan: Any = None
        self._done: set[int] = set()
        self._last: Run | None = None  # that was noted
        state.param.watch(lambda event: self._add_sweep(event.new), "sweep")

    def note(self, run: Run) -> None:
        """Write down how the run stands now; nothing as long as it has learned nothing."""
        if run.trainer is None or not run.samples:
            return
        self._last = run
        curves = run.curves
        found = self.find(run.number)
        last = run.measured()
        record = RunSummary(
            number=run.number,
            name=found.name if found else run.name,
            choices=lasting(run.choices),
            samples=run.samples,
            epoch=run.epoch,
            seconds=run.seconds,
            loss=curves.learning[-1].loss if curves.learning else None,
            train_accuracy=last.train_accuracy if last else None,
            test_accuracy=last.test_accuracy if last else None,
            interval=last.interval if last else None,
            test_loss=last.test_loss if last else None,
            learning=thinned(curves.learning),
            evaluations=thinned_passes(curves.evaluations),
            kept=True,
        )
        self._put(record)

    def keep(self, run: Run) -> None:
        """The run is left: note it, and keep its network as long as there is room."""
        if run.trainer is None or not run.samples:
            return
        self.note(run)
        self._kept.pop(run.number, None)
        self._kept[run.number] = run.kept(run.now())
        sizes = {number: kept.moment.network.parameters.flat.nbytes for number, kept in self._kept.items()}
        for number in list(self._kept)[:-1]:
            if sum(sizes.values()) <= MEMORY:
                break
            del self._kept[number], sizes[number]
            if record := self.find(number):
                self._put(replace(record, kept=False))

    def kept(self, number: int) -> ResumableRun | None:
        """What brings run ``number`` back, if its network is still there."""
        return self._kept.get(number)

    def find(self, number: int) -> RunSummary | None:
        """The record of this number, if there is one."""
        return next((record for record in self._state.runs if record.number == number), None)

    def rename(self, number: int, name: str) -> None:
        """Give a run a name of at most 60 characters.

        Raises:
            ValueError: if there is no such run, or the name is empty.
        """
        record, name = self.find(number), " ".join(str(name).split())[:60]
        if record is None:
            raise ValueError(f"there is no run {number!r}")
        if not name:
            raise ValueError("a run needs a name of at least one character")
        self._put(replace(record, name=name))
        self._pass_on(number, name)

    def _pass_on(self, number: int, name: str) -> None:
        """Give the run itself the name of its record: files that are made of it carry it."""
        if self._last is not None and self._last.number == number:
            self._last.name = name
        if kept := self._kept.get(number):
            self._kept[number] = replace(kept, name=name)

    def bring_back(self, records: Iterable[RunSummary], restored: int) -> None:
        """Let the records of earlier visits join. The run number ``restored`` goes on in this visit, under
        the name that it had; the networks of the others are gone."""
        joined = {
            record.number: replace(record, kept=record.number == restored or record.number in self._kept)
            for record in records
        }
        for record in self._state.runs:
            known = joined.get(record.number) if record.number == restored else None
            joined[record.number] = replace(record, name=known.name) if known else record
        self._set(joined)
        if record := self.find(restored):
            self._pass_on(restored, record.name)

    def _put(self, record: RunSummary) -> None:
        self._set({known.number: known for known in self._state.runs} | {record.number: record})

    def _set(self, records: dict[int, RunSummary]) -> None:
        """The newest of these are the state's."""
        newest = sorted(records)[-MOST_RECORDS:]
        self._state.runs = tuple(records[number] for number in newest)

    def _add_sweep(self, sweep: SweepSnapshot) -> None:
        """The networks of a sweep join as soon as each is done."""
        if sweep.plan is None:
            return
        if sweep.plan is not self._plan:
            self._plan, self._done = sweep.plan, set()
        plan = sweep.plan
        for place, outcome in enumerate(sweep.outcomes):
            if place in self._done or not isinstance(outcome, JobResult):
                continue
            self._done.add(place)
            job = plan.jobs[place]
            value = plan.values[place // len(plan.seeds)]
            epoch = float(plan.epochs)
            self._put(
                RunSummary(
                    number=self._number(),
                    name=f"Sweep, {SETTINGS[plan.setting].label.lower()} {shown(value)}",
                    choices={"preset": plan.preset or self._state.preset, "dataset": self._state.dataset}
                    | choices_of(job.network, job.preprocessing, job.training),
                    samples=outcome.samples,
                    epoch=epoch,
                    seconds=outcome.seconds,
                    test_accuracy=outcome.accuracy,
                    interval=outcome.interval,
                    test_loss=outcome.loss,
                    note=outcome.diverged or "",
                )
            )


def differences(first: RunSummary, second: RunSummary) -> list[tuple[str, Any, Any]]:
    """What two runs were not made with alike: name of the choice and both values."""
    names = dict.fromkeys((*first.choices, *second.choices))
    pairs = [(name, first.choices.get(name), second.choices.get(name)) for name in names]
    return [(name, one, other) for name, one, other in pairs if one != other]


def as_csv(records: Iterable[RunSummary]) -> str:
    """A line for each run with all that the command ``runs`` tells, lists joined by hyphens.

    A choice stands in the column of its name, so ``loss`` is the loss function; the loss that training came
    to is ``train_loss``. What isn't known of a run, as of one from a sweep, is an empty cell.
    """
    rows = [_columns(record) for record in records]
    names = list(dict.fromkeys(name for row in rows for name in row)) or ["run", "name"]
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(names)
    table.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return text.getvalue()


def _columns(record: RunSummary) -> dict[str, Any]:
    row = record.public()
    row["loss"] = row.pop("loss_function")
    low, high = row.pop("interval") or (None, None)
    return row | {"interval_low": low, "interval_high": high}


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return "-".join(map(str, value))
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")):
        return "'" + value  # or a spreadsheet would compute it
    return "" if value is None else value


def lasting(choices: dict[str, Any]) -> dict[str, Any]:
    """The choices that make a network what it becomes."""
    return {name: value for name, value in choices.items() if name not in VIEW_CHOICES}


def thinned(points: tuple[Any, ...], most: int = POINTS) -> tuple[Any, ...]:
    """Up to ``most`` of these, evenly, with the first and the last."""
    if len(points) <= most:
        return points
    return tuple(points[round(i * (len(points) - 1) / (most - 1))] for i in range(most))


def thinned_passes(passes: tuple[Evaluation, ...]) -> tuple[Evaluation, ...]:
    """Up to ``POINTS`` of these: the first ends of epochs, which are compared with what sources report, and
    of all others some, evenly."""
    if len(passes) <= POINTS:
        return passes
    ends = [known for known in passes if known.epoch == int(known.epoch)][: POINTS // 2]
    others = tuple(known for known in passes if known not in ends)
    kept = (*ends, *thinned(others, POINTS - len(ends)))
    return tuple(sorted(kept, key=lambda known: known.samples))
