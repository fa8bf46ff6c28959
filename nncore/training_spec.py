"""The settings of a training run, checked once when they are made."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from nncore.checks import require, require_one_of
from nncore.distort import Distortion
from nncore.network import RULES
from nncore.optimisers import OPTIMISERS, Optimiser
from nncore.sampling import ORDERS
from nncore.schedules import SCHEDULES


@dataclass(frozen=True)
class TrainingSpec:
    """The settings of a training run.

    Attributes:
        optimiser: name in ``OPTIMISERS``.
        learning_rate: before the schedule's factor.
        schedule: name in ``SCHEDULES``.
        batch_size: images an update; 1 is online learning, 0 means all images at once.
        epochs: the number of epochs of ``Trainer.run``; None for no end.
        horizon: the number of images that the schedule covers, after which it stays at its end; None for
            ``epochs`` times the number of images. It counts images and not epochs, so that a page whose data
            arrives during training, in short epochs at first, reduces the rate at the same time as one that
            has all data.
        order: name in ``ORDERS``.
        draws, draw_size: for the order ``"sample"``: independent draws an epoch, and the images in each.
        l2: penalty ``l2 / 2 * sum of squared weights`` on the loss; biases are not penalised.
        rule: name in ``network.RULES``.
        seed: of the order and the distortions.
        distortion: applied to every image anew each time it comes; None to train on the images unchanged.
        warmup: the share of the horizon in which the learning rate rises from 0.
        final: the factor at which linear and cosine decay end.
        drops, drop_factor: for the schedule ``"step"``: the number of drops, and the factor of each.
        momentum, rho, beta1, beta2, epsilon: constants of the optimisers that have them.

    Raises:
        ValueError: names the value given and the legal ones.
    """

    optimiser: str = "adam"
    learning_rate: float = 0.001
    schedule: str = "constant"
    batch_size: int = 100
    epochs: int | None = None
    horizon: int | None = None
    order: str = "shuffle"
    draws: int = 1
    draw_size: int = 1000
    l2: float = 0.0
    rule: str = "gradient"
    seed: int = 0
    warmup: float = 0.0
    final: float = 0.0
    drops: int = 2
    drop_factor: float = 0.1
    momentum: float = 0.9
    rho: float = 0.99
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    distortion: Distortion | None = None

    def __post_init__(self) -> None:
        if isinstance(self.distortion, dict):  # as JSON has it
            object.__setattr__(self, "distortion", Distortion(**self.distortion))
        require_one_of(self.optimiser, OPTIMISERS, "optimiser")
        require_one_of(self.schedule, SCHEDULES, "schedule")
        require_one_of(self.order, ORDERS, "order")
        require_one_of(self.rule, RULES, "rule")
        require(self.learning_rate >= 0, "learning_rate", self.learning_rate, "at least 0")
        require(
            self.batch_size >= 0, "batch_size", self.batch_size, "at least 1, or 0 for all images at once"
        )
        require(self.epochs is None or self.epochs >= 0, "epochs", self.epochs, "at least 0, or None")
        require(self.horizon is None or self.horizon >= 1, "horizon", self.horizon, "at least 1, or None")
        require(self.draws >= 1, "draws", self.draws, "at least 1")
        require(self.draw_size >= 1, "draw_size", self.draw_size, "at least 1")
        require(self.l2 >= 0, "l2", self.l2, "at least 0")
        require(self.seed >= 0, "seed", self.seed, "at least 0")
        require(0 <= self.warmup < 1, "warmup", self.warmup, "at least 0 and below 1")
        require(0 <= self.final <= 1, "final", self.final, "from 0 to 1")
        require(self.drops >= 0, "drops", self.drops, "at least 0")
        require(0 <= self.drop_factor <= 1, "drop_factor", self.drop_factor, "from 0 to 1")
        self.make_optimiser()  # which checks its constants

    def make_optimiser(self) -> Optimiser:
        """Return the optimiser with the constants of these settings."""
        kind = OPTIMISERS[self.optimiser]
        return kind(**{constant.name: getattr(self, constant.name) for constant in fields(kind)})

    def rate_at(self, samples: Any, images: int) -> Any:
        """Return the learning rate of the update that brings the count of images trained on to ``samples``.

        Args:
            samples: an integer, or an array of them for several updates.
            images: the number of images in the data set, for a schedule without a horizon of its own.

        Returns:
            float64, in the shape of ``samples``.
        """
        horizon = self.horizon or (self.epochs or 1) * images
        return self.learning_rate * SCHEDULES[self.schedule].factor(samples / horizon, self)
