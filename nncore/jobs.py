"""A job: one network from its first weights to its test accuracy, as plain data that can be sent anywhere.

Comparing settings, or one setting with several seeds, takes many networks that have nothing to do with each
other. A job holds all that its result depends on, apart from the digits themselves. So it doesn't matter
where it is run or what runs beside it - another process (``nncore.processes``) or a web worker - and any
number of workers comes to the same results.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from nncore.backquery import BACKQUERIES, backquery_digits
from nncore.checks import require
from nncore.datasets import Dataset
from nncore.metrics import evaluate
from nncore.network import Network
from nncore.network_spec import NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.presets import DataPlan
from nncore.training import Trainer
from nncore.training_spec import TrainingSpec

SETTINGS: dict[str, type] = {
    "network": NetworkSpec,
    "preprocessing": Preprocessing,
    "training": TrainingSpec,
    "data": DataPlan,
}
"""Field of a job -> what it is made of."""


@dataclass(frozen=True)
class Job:
    """What to train, and on how much.

    ``dataclasses.asdict`` makes plain values of it, which JSON can hold, and ``Job(**values)`` an equal job
    of these.

    Attributes:
        network: what it is.
        preprocessing: how images are put to it.
        training: how it is trained. Its ``epochs`` say for how long; its ``seed`` is also that of the first
            weights and of the draw of the data.
        data: which of the digits it trains on; ``DataPlan(train=1000)`` takes the first thousand.
        backqueries: whether to count how many of its own back-query images it reads as the digit asked for.

    Raises:
        ValueError: if the training has no end.
    """

    network: NetworkSpec
    preprocessing: Preprocessing
    training: TrainingSpec
    data: DataPlan = DataPlan()
    backqueries: bool = False

    def __post_init__(self) -> None:
        for name, kind in SETTINGS.items():
            if isinstance(value := getattr(self, name), dict):  # as JSON has it
                object.__setattr__(self, name, kind(**value))
        require(self.training.epochs is not None, "epochs of a job", None, "a number of epochs")


@dataclass(frozen=True)
class JobResult:
    """What came of a job. The same job on the same digits gives an equal result, with the same arithmetic.
    It goes to JSON and back as a job does.

    Attributes:
        accuracy: on the test images, 0 to 1; of the last finite network if training diverged.
        interval: 95 % interval of it.
        loss: mean over the test images; None where it is no finite number, as after some divergences.
        samples: images trained on.
        diverged: why training stopped early, or None.
        reads: back-query method -> how many of its images, one a digit, are read as asked for.
        seconds: of training, by the clock that was handed in; says nothing about the network, so results that
            differ in nothing else are equal.
    """

    accuracy: float
    interval: tuple[float, float]
    loss: float | None
    samples: int
    diverged: str | None = None
    reads: dict[str, int] = field(default_factory=dict)
    seconds: float = field(default=0.0, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "interval", tuple(self.interval))  # JSON has a list


def no_time() -> float:
    """The clock of whoever doesn't ask how long it took."""
    return 0.0


def run_job(
    job: Job,
    train: Dataset,
    test: Dataset,
    report: Callable[[float], None] = lambda share: None,
    clock: Callable[[], float] = no_time,
) -> JobResult:
    """Train and measure one network, with the arithmetic in use (``nncore.ops``).

    Args:
        train, test: the digits that ``job.data`` takes its parts from.
        report: called some fifty times an epoch with the share of the training that is done, 0 to 1. An error
            that it raises ends the job.
        clock: seconds from any beginning, such as ``time.perf_counter``.

    Raises:
        ValueError: if network, preprocessing and digits do not fit together.
    """
    parts = job.data.divide(train, test, job.training.seed)
    network = Network.create(job.network, job.training.seed)
    trainer = Trainer(network, parts.train, job.preprocessing, job.training)
    began = clock()
    for _event in trainer.run():
        report((trainer.epoch + trainer.epoch_progress) / (job.training.epochs or 1))
    seconds = clock() - began
    with np.errstate(over="ignore", invalid="ignore"):  # of a network that diverged
        result = evaluate(network, parts.test, job.preprocessing)
    return JobResult(
        accuracy=result.accuracy,
        interval=result.interval,
        loss=result.loss if np.isfinite(result.loss) else None,
        samples=trainer.samples,
        diverged=trainer.diverged.cause if trainer.diverged else None,
        reads=_own_pictures_read(network, job.preprocessing) if job.backqueries else {},
        seconds=seconds,
    )


def _own_pictures_read(network: Network, preprocessing: Preprocessing) -> dict[str, int]:
    counts = {}
    for method in BACKQUERIES:
        answers = backquery_digits(network, method, preprocessing)
        counts[method] = sum(answer.reads == answer.asked for answer in answers)
    return counts
