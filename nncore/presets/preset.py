"""What a preset consists of: a network, how its data is put to it, which data, and how it is trained."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from nncore.checks import require, require_one_of
from nncore.datasets import Dataset
from nncore.datasets.splits import split
from nncore.distort import turned
from nncore.network import NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.training_spec import TrainingSpec


class Parts(NamedTuple):
    """Data that share no image: to train on, to watch (or None), and to test with."""

    train: Dataset
    validation: Dataset | None
    test: Dataset


@dataclass(frozen=True)
class DataPlan:
    """Which images train, validate and test.

    Attributes:
        dataset: ``"mnist"`` or ``"digits8x8"``.
        train, validation: how many of the training images are for what, in file order; a train of 0 means
            all. Of a smaller set the same shares are taken.
        test: only if ``pooled``: how many images to test with.
        pooled: draw all three parts at random from training and test images in one pot.
        turned: degrees by which every training digit is turned and added again, behind itself.

    Raises:
        ValueError: for numbers that make no sense together.
    """

    dataset: str = "mnist"
    train: int = 0
    validation: int = 0
    test: int = 0
    pooled: bool = False
    turned: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "turned", tuple(self.turned))  # JSON has a list
        require_one_of(self.dataset, ("mnist", "digits8x8"), "dataset")
        require(min(self.train, self.validation, self.test) >= 0, "counts", self, "at least 0")
        require(bool(self.train) or not self.validation, "train", self.train, "given if validation is")
        whole = self.train and self.validation and self.test
        require(not self.pooled or bool(whole), "counts", self, "above 0 if the parts are drawn from one pot")

    def divide(self, train: Dataset, test: Dataset, seed: int = 0) -> Parts:
        """Make the parts from a data set's own training and test images; ``seed`` is for the draw, if there
        is one."""
        validation = None
        if self.pooled:
            pot = train.concatenate(test, name=train.name)
            train, validation, test = split(pot, self._counts(len(pot)), seed)
        elif self.train:
            train, validation = split(train, self._counts(len(train))[:2])
        return Parts(self._with_turned(train), validation, test)

    def _counts(self, available: int) -> list[int]:
        """Train, validation and test counts, scaled down together if there are fewer images than they sum up
        to."""
        wanted = np.array([self.train, self.validation, self.test])
        share = min(1.0, available / wanted.sum())
        return [int(count) for count in wanted * share]

    def _with_turned(self, train: Dataset) -> Dataset:
        if not self.turned:
            return train
        versions = train.concatenate(*(turned(train, degrees) for degrees in self.turned))
        # Version v of image i is at v * n + i; one after the other they are i, n + i, 2n + i, then the next
        # image.
        order = np.arange(len(versions)).reshape(-1, len(train)).T.ravel()
        return versions.take(order, f"{train.name} with digits turned")


@dataclass(frozen=True)
class Preset:
    """A run that anyone can repeat.

    Attributes:
        name: key in ``PRESETS``.
        title: for people.
        blurb: what it is, and what we changed and why.
        source: whose it is.
        published: what the source says that this network reaches; empty where it says nothing.
        network, preprocessing, training, data: settings.
        author: whose claim ``published`` is, in a word; empty if there is none.
        short: the title where there is little room; empty for the whole title.
        published_epochs: the epochs that the claim is about; None for those of ``training``.
        published_time: how long the source trained, where it says that in other words than epochs.
    """

    name: str
    title: str
    blurb: str
    source: str
    published: str
    network: NetworkSpec
    preprocessing: Preprocessing
    training: TrainingSpec
    data: DataPlan = field(default_factory=DataPlan)
    author: str = ""
    short: str = ""
    published_epochs: int | None = None
    published_time: str = ""

    @property
    def compared_after(self) -> int:
        """The epochs after which a run is compared with what the source says."""
        return self.published_epochs or self.training.epochs or 1

    @property
    def published_after(self) -> str:
        """How long the source trained for what it says, in words: ``"5 epochs"``."""
        epochs = self.compared_after
        return self.published_time or f"{epochs} epoch{'' if epochs == 1 else 's'}"

    @property
    def dataset(self) -> str:
        """``"mnist"`` or ``"digits8x8"``."""
        return self.data.dataset
