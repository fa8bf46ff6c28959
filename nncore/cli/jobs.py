"""Runs presets as jobs, for the commands that train many networks.

Every worker process reads the data itself, once; the rest is ``nncore.processes``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from time import perf_counter

from nncore import processes
from nncore.cli.common import choose_kernel, find_data, needed
from nncore.datasets import Dataset
from nncore.jobs import Job
from nncore.presets import find_preset


@dataclass(frozen=True)
class PresetJob:
    """One run of a preset, with a seed and changes to its settings.

    Attributes:
        backqueries: also count the network's own back-query images that it reads as the digit asked for.
    """

    preset: str
    seed: int
    learning_rate: float | None = None
    epochs: int | None = None
    backqueries: bool = False

    def settings(self) -> Job:
        """Return the job with the preset's settings and the changes."""
        preset = find_preset(self.preset)
        changes = {name: getattr(self, name) for name in ("learning_rate", "epochs")}
        given = {name: value for name, value in changes.items() if value is not None}
        # No horizon: all of the data is available, so schedules cover the epochs of this run.
        training = replace(preset.training, seed=self.seed, horizon=None, **given)
        return Job(preset.network, preset.preprocessing, training, preset.data, self.backqueries)


@dataclass(frozen=True)
class Outcome:
    """The result of a job.

    Attributes:
        accuracy: on the test images, 0 to 1; of the last finite network if training diverged.
        seconds: of training.
        diverged: the reason, or None.
        reads: back-query method -> the number of its images that are read as asked for.
    """

    job: PresetJob
    accuracy: float
    seconds: float
    diverged: str | None = None
    reads: dict[str, int] = field(default_factory=dict)


def run_jobs(
    jobs: Sequence[PresetJob], data: str | None, workers: int | None = None, kernel: str = "fastest"
) -> Iterator[Outcome]:
    """Run all jobs; yield each outcome as soon as it is finished.

    Args:
        data: path of the digits; may be None for presets whose digits are built in.
        workers: the number of processes; None for one a core.
        kernel: name of the kernel, or ``"fastest"``.
    """
    choose_kernel(kernel)
    settings = [job.settings() for job in jobs]
    for place, result in processes.run_jobs(settings, partial(_read, data), workers, perf_counter):
        yield Outcome(jobs[place], result.accuracy, result.seconds, result.diverged, result.reads)


def _read(path: str | None, dataset: str) -> tuple[Dataset, Dataset]:
    """Return the training and test digits of a data set."""
    data = find_data(path, dataset)
    return needed(data.train, path, "training"), needed(data.test, path, "test")
