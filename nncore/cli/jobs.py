"""Presets as jobs: what the commands that train many networks have in common.

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
    """One run of a preset, with a seed and what is changed about it.

    Attributes:
        backqueries: also count how many of its back-query images the network reads as the digit asked for.
    """

    preset: str
    seed: int
    learning_rate: float | None = None
    epochs: int | None = None
    backqueries: bool = False

    def settings(self) -> Job:
        """All that the preset and the changes amount to."""
        preset = find_preset(self.preset)
        changes = {name: getattr(self, name) for name in ("learning_rate", "epochs")}
        given = {name: value for name, value in changes.items() if value is not None}
        # No horizon: all of the data is here, so schedules stretch over the epochs that there are.
        training = replace(preset.training, seed=self.seed, horizon=None, **given)
        return Job(preset.network, preset.preprocessing, training, preset.data, self.backqueries)


@dataclass(frozen=True)
class Outcome:
    """What came of a job.

    Attributes:
        accuracy: on the test images, 0 to 1; of the last finite network if training diverged.
        seconds: of training.
        diverged: why, or None.
        reads: back-query method -> how many of its images are read as asked for.
    """

    job: PresetJob
    accuracy: float
    seconds: float
    diverged: str | None = None
    reads: dict[str, int] = field(default_factory=dict)


def run_jobs(
    jobs: Sequence[PresetJob], data: str | None, workers: int | None = None, kernel: str = "fastest"
) -> Iterator[Outcome]:
    """Run all jobs, each outcome as soon as it is there.

    Args:
        data: path of the digits; may be None for presets whose digits are built in.
        workers: processes; None for one a core.
    """
    choose_kernel(kernel)
    settings = [job.settings() for job in jobs]
    for place, result in processes.run_jobs(settings, partial(_read, data), workers, perf_counter):
        yield Outcome(jobs[place], result.accuracy, result.seconds, result.diverged, result.reads)


def _read(path: str | None, dataset: str) -> tuple[Dataset, Dataset]:
    data = find_data(path, dataset)
    return needed(data.train, path, "training"), needed(data.test, path, "test")
