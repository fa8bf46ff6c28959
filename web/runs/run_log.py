"""Keeps a log of all runs as plain facts (``RunSummary``), in bounded memory.

A summary is small and stays. The network behind it takes a megabyte or so; of those only the newest are kept,
up to ``MEMORY``. A run without its network can be begun again, because its choices and its seed are known.
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

MEMORY = 32_000_000  # bytes for the networks of earlier runs
MOST_RECORDS = 300
POINTS = 80  # points kept of each curve


@dataclass(frozen=True)
class RunSummary:
    """The facts about one run, or about one network of a sweep.

    Attributes:
        number: unique; runs of the lab and networks of sweeps are counted together.
        name: given by the learner, or made up.
        choices: the choices that it was begun and trained with, except those of the display.
        samples, epoch, seconds: images, epochs and time that it was trained.
        loss, train_accuracy: on training digits; None where only the test is known.
        test_accuracy, interval, test_loss: the newest measure of it, or None.
        learning, evaluations: its curves, thinned out; empty for a network of a sweep.
        kept: whether its network can be brought back as it was.
        note: the fault, if there was one.
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
        """Return the answer of the command ``runs``: all facts except the curves, as plain values."""
        plain = {name: list(v) if isinstance(v, tuple) else v for name, v in self.choices.items()}
        plain["epochs_chosen"] = plain.pop("epochs", None)  # ``epochs`` is the number trained
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
    """Keeps ``state.runs``: the lab's own runs while they are trained, and the networks of sweeps when they
    are done.

    Args:
        number: returns a number that no run has had.
    """

    def __init__(self, state: LabState, number: Callable[[], int]) -> None:
        self._state = state
        self._number = number
        self._kept: dict[int, ResumableRun] = {}
        self._plan: Any = None
        self._done: set[int] = set()
        self._last: Run | None = None  # the run that was noted last
        state.param.watch(lambda event: self._add_sweep(event.new), "sweep")

    def note(self, run: Run) -> None:
        """Write the present facts about ``run`` into the log; do nothing if it has learned nothing."""
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
        """Note a run that is about to be replaced, and keep its network while there is memory for it."""
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
        """Return the run ``number`` with its network, or None if the network is not kept."""
        return self._kept.get(number)

    def find(self, number: int) -> RunSummary | None:
        """Return the summary of the run ``number``, or None."""
        return next((record for record in self._state.runs if record.number == number), None)

    def rename(self, number: int, name: str) -> None:
        """Give a run a name, shortened to 60 characters.

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
        """Give the run itself the name of its summary, so that its files carry it."""
        if self._last is not None and self._last.number == number:
            self._last.name = name
        if kept := self._kept.get(number):
            self._kept[number] = replace(kept, name=name)

    def bring_back(self, records: Iterable[RunSummary], restored: int) -> None:
        """Add the summaries of earlier visits to the log.

        Args:
            records: the summaries.
            restored: number of the run that continues in this visit and keeps its old name. The networks of
                the other runs are gone.
        """
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
        """Add a summary, in place of another of its number."""
        self._set({known.number: known for known in self._state.runs} | {record.number: record})

    def _set(self, records: dict[int, RunSummary]) -> None:
        """Store the newest of these summaries in the state."""
        newest = sorted(records)[-MOST_RECORDS:]
        self._state.runs = tuple(records[number] for number in newest)

    def _add_sweep(self, sweep: SweepSnapshot) -> None:
        """Add each network of a sweep when it is done."""
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
    """Return the settings in which two runs differ: name of the choice, and both values."""
    names = dict.fromkeys((*first.choices, *second.choices))
    pairs = [(name, first.choices.get(name), second.choices.get(name)) for name in names]
    return [(name, one, other) for name, one, other in pairs if one != other]


def as_csv(records: Iterable[RunSummary]) -> str:
    """Return runs as CSV: a line for each, with the same facts as the command ``runs``, lists joined by
    hyphens.

    Each choice has a column of its name, so ``loss`` is the loss function; the training loss is
    ``train_loss``. Unknown facts, as of a network from a sweep, are empty cells.
    """
    rows = [_columns(record) for record in records]
    names = list(dict.fromkeys(name for row in rows for name in row)) or ["run", "name"]
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(names)
    table.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return text.getvalue()


def _columns(record: RunSummary) -> dict[str, Any]:
    """Return the cells of one run by the name of their column."""
    row = record.public()
    row["loss"] = row.pop("loss_function")
    low, high = row.pop("interval") or (None, None)
    return row | {"interval_low": low, "interval_high": high}


def _cell(value: Any) -> Any:
    """Return a value as a cell of the table."""
    if isinstance(value, list):
        return "-".join(map(str, value))
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")):
        return "'" + value  # otherwise a spreadsheet takes it for a formula
    return "" if value is None else value


def lasting(choices: dict[str, Any]) -> dict[str, Any]:
    """Return the choices that affect the network, without those of the display."""
    return {name: value for name, value in choices.items() if name not in VIEW_CHOICES}


def thinned(points: tuple[Any, ...], most: int = POINTS) -> tuple[Any, ...]:
    """Return at most ``most`` of these points, evenly spread, with the first and the last."""
    if len(points) <= most:
        return points
    return tuple(points[round(i * (len(points) - 1) / (most - 1))] for i in range(most))


def thinned_passes(passes: tuple[Evaluation, ...]) -> tuple[Evaluation, ...]:
    """Return at most ``POINTS`` of these passes: ends of epochs first, then others, evenly spread.

    The first ends of epochs are kept because they are compared with the results that sources report.
    """
    if len(passes) <= POINTS:
        return passes
    ends = [known for known in passes if known.epoch == int(known.epoch)][: POINTS // 2]
    others = tuple(known for known in passes if known not in ends)
    kept = (*ends, *thinned(others, POINTS - len(ends)))
    return tuple(sorted(kept, key=lambda known: known.samples))
