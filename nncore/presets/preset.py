"""The settings of a preset: the network, its preprocessing, its data and its training."""

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
    """Data sets that share no image: to train on, to watch during training (or None), and to test with."""

    train: Dataset
    validation: Dataset | None
    test: Dataset


@dataclass(frozen=True)
class DataPlan:
    """The division of a data set into training, validation and test images.

    Attributes:
        dataset: ``"mnist"`` or ``"digits8x8"``.
        train, validation: the number of training images for each, in file order; a train of 0 means all. From
            a smaller set the same shares are taken.
        test: only if ``pooled``: the number of images to test with.
        pooled: draw all three parts at random from training and test images together.
        turned: degrees; for each, a copy of every training digit turned by it is added after the digit.

    Raises:
        ValueError: for numbers that don't fit together.
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
        """Make the parts from a data set's own training and test images.

        Args:
            seed: of the draw, if ``pooled``.
        """
        validation = None
        if self.pooled:
            pot = train.concatenate(test, name=train.name)
            train, validation, test = split(pot, self._counts(len(pot)), seed)
        elif self.train:
            train, validation = split(train, self._counts(len(train))[:2])
        return Parts(self._with_turned(train), validation, test)

    def _counts(self, available: int) -> list[int]:
        """Return the train, validation and test counts, scaled down together if there are too few images."""
        wanted = np.array([self.train, self.validation, self.test])
        share = min(1.0, available / wanted.sum())
        return [int(count) for count in wanted * share]

    def _with_turned(self, train: Dataset) -> Dataset:
        """Return the training images with their turned copies."""
        if not self.turned:
            return train
        versions = train.concatenate(*(turned(train, degrees) for degrees in self.turned))
        # Version v of image i is at v * n + i; the new order is i, n + i, 2n + i, then the next image.
        order = np.arange(len(versions)).reshape(-1, len(train)).T.ravel()
        return versions.take(order, f"{train.name} with digits turned")


@dataclass(frozen=True)
class Preset:
    """A run that anyone can repeat.

    Attributes:
        name: key in ``PRESETS``.
        title: its name on the page.
        blurb: a description, with our changes and the reasons for them.
        source: the author and the work.
        published: the accuracy that the source reports; empty if it reports none.
        network, preprocessing, training, data: settings.
        author: the author of the claim ``published``, in a word; empty if there is none.
        short: a shorter title; empty to use the whole title.
        published_epochs: the epochs of the claim; None for those of ``training``.
        published_time: the length of the source's training, if it gives it in other words than epochs.
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
        """The epochs after which a run is compared with the source's claim."""
        return self.published_epochs or self.training.epochs or 1

    @property
    def published_after(self) -> str:
        """The length of the training behind the source's claim, in words: ``"5 epochs"``."""
        epochs = self.compared_after
        return self.published_time or f"{epochs} epoch{'' if epochs == 1 else 's'}"

    @property
    def dataset(self) -> str:
        """The name of the data set: ``"mnist"`` or ``"digits8x8"``."""
        return self.data.dataset
