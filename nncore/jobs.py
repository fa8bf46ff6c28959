"""A job: the settings of one network from its first weights to its test accuracy, as plain data.

Comparing settings, or one setting with several seeds, takes many independent networks. A job holds everything
that its result depends on, apart from the digits themselves. Its result is therefore the same wherever it is
sent - to another process (``nncore.processes``) or to a web worker - and with any number of workers.
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
"""Field of a job -> the class of its value."""


@dataclass(frozen=True)
class Job:
    """The settings of a network, its training and its data.

    ``dataclasses.asdict`` turns it into plain values for JSON, and ``Job(**values)`` makes an equal job from
    these.

    Attributes:
        network: the network's settings.
        preprocessing: the encoding of images and labels.
        training: the settings of its training. ``epochs`` is its length; ``seed`` is also the seed of the
            first weights and of the draw of the data.
        data: the digits that it trains on; ``DataPlan(train=1000)`` takes the first thousand.
        backqueries: whether to count the network's own back-query images that it reads as the digit asked
            for.

    Raises:
        ValueError: if ``training.epochs`` is None.
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
    """The result of a job.

    The same job on the same digits gives an equal result, with the same arithmetic. Like a job it can be
    turned into JSON and back.

    Attributes:
        accuracy: on the test images, 0 to 1; of the last finite network if training diverged.
        interval: its 95 % interval.
        loss: the mean over the test images; None if it is not finite, as after some divergences.
        samples: images trained on.
        diverged: the reason why training stopped early, or None.
        reads: back-query method -> the number of its images, one a digit, that are read as asked for.
        seconds: the time of training, by the clock that was passed in. It is left out when results are
            compared, because it is no property of the network.
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
    """Return 0: the clock of callers that measure no time."""
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
        report: called about fifty times an epoch with the share of the training that is done, 0 to 1. An
            error that it raises ends the job.
        clock: returns seconds from any start, such as ``time.perf_counter``.

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
    """Return, for each method, the number of back-queries that the network reads as the digit asked for."""
    counts = {}
    for method in BACKQUERIES:
        answers = backquery_digits(network, method, preprocessing)
        counts[method] = sum(answer.reads == answer.asked for answer in answers)
    return counts
