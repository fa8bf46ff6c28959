"""Many training runs at once, each on a core of its own.

A run depends on its own ``Job`` and nothing else: every worker process reads the data itself, computes on one
thread and seeds its own generators. So the results are the same for any number of workers, in any order of
finishing.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from functools import lru_cache
from time import perf_counter

from nncore.backquery import BACKQUERIES, backquery_digits
from nncore.cli.common import choose_kernel, find_data, needed
from nncore.datasets.sources import Data
from nncore.metrics import evaluate
from nncore.network import Network
from nncore.presets import find_preset
from nncore.training import Trainer

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@dataclass(frozen=True)
class Job:
    """One run: a preset's, with a seed and what is changed about it.

    Attributes:
        backqueries: also count how many of its back-query images the network reads as the digit asked for.
    """

    preset: str
    seed: int
    learning_rate: float | None = None
    epochs: int | None = None
    backqueries: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a job.

    Attributes:
        accuracy: on the test images, 0 to 1; of the last finite network if training diverged.
        seconds: of training.
        diverged: why, or None.
        reads: back-query method -> how many of its images are read as asked for.
    """

    job: Job
    accuracy: float
    seconds: float
    diverged: str | None = None
    reads: dict[str, int] = field(default_factory=dict)


def run_jobs(
    jobs: Sequence[Job], data: str | None, workers: int | None = None, kernel: str = "fastest"
) -> Iterator[Outcome]:
    """Run all jobs, each outcome as soon as it is there.

    Args:
        data: path of the digits; may be None for presets whose digits are built in.
        workers: processes; None for one a core.
    """
    if not jobs:
        return
    workers = min(workers or os.cpu_count() or 1, len(jobs))
    # Fresh processes, even for a single one: a library that has started its threads can't be told to use just
    # one.
    for variable in THREADS:
        os.environ[variable] = "1"
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context) as pool:
        try:
            for future in as_completed([pool.submit(run_job, job, data, kernel) for job in jobs]):
                yield future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def run_job(job: Job, path: str | None, kernel: str) -> Outcome:
    """Train and measure one network in this process."""
    choose_kernel(kernel)
    preset = find_preset(job.preset)
    changes = {name: getattr(job, name) for name in ("learning_rate", "epochs")}
    # No horizon: all of the data is here, so schedules stretch over the epochs that there are.
    given = {name: value for name, value in changes.items() if value is not None}
    spec = replace(preset.training, seed=job.seed, horizon=None, **given)
    data = _data(path, preset.dataset)
    train, test = needed(data.train, path, "training"), needed(data.test, path, "test")
    parts = preset.data.divide(train, test, job.seed)
    network = Network.create(preset.network, job.seed)
    trainer = Trainer(network, parts.train, preset.preprocessing, spec)
    start = perf_counter()
    for _event in trainer.run():
        pass
    seconds = perf_counter() - start
    reads = {}
    if job.backqueries:
        for method in BACKQUERIES:
            answers = backquery_digits(network, method, preset.preprocessing)
            reads[method] = sum(answer.reads == answer.asked for answer in answers)
    accuracy = evaluate(network, parts.test, preset.preprocessing).accuracy
    cause = trainer.diverged.cause if trainer.diverged else None
    return Outcome(job, accuracy, seconds, cause, reads)


@lru_cache(maxsize=2)
def _data(path: str | None, dataset: str) -> Data:
    """A worker's data, read once."""
    return find_data(path, dataset)
