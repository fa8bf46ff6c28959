"""Supplies the digits that a run learns from besides its data set: generated styles, and the learner's own.

``styles`` and ``mine`` are shares of all images of an epoch. To draw a digit takes about a millisecond in the
page, so a stock of each style is drawn in slices while training goes on, and every epoch takes its digits
from the stock. With distortions on, no two of them look the same.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from nncore.datasets import Dataset
from nncore.datasets.strokes import to_pixels
from nncore.pen import SIZE, rasterise
from nncore.styles import ALL_STYLES, draw
from nncore.training import Trainer
from web.pad.own_drawings import dataset_of
from web.state.lab_state import LabState

STOCK = 24  # drawings of each style


def stock_of(key: str, count: int = STOCK) -> Dataset:
    """Return ``count`` drawings in the style ``key``, the same ones at every call."""
    return replace(Stock([key], count).drawn, name=key)


class Stock:
    """Drawings in several styles, made a few at a time by ``turn`` or all at once by ``drawn``.

    Args:
        keys: the styles.
        count: drawings of each.
    """

    def __init__(self, keys: list[str], count: int = STOCK) -> None:
        self.keys, self._count = keys, count
        self._styles = {style.key: style for style in ALL_STYLES}
        self._pixels: list[np.ndarray] = []
        self._labels: list[int] = []

    @property
    def share(self) -> float:
        """The share of the stock that is drawn, 0 to 1."""
        return len(self._labels) / (self._count * len(self.keys)) if self.keys else 1.0

    def turn(self, seconds: float) -> None:
        """Draw for about ``seconds``: one drawing of each style, then another of each."""
        end = time.perf_counter() + seconds
        while self.share < 1 and time.perf_counter() < end:
            self._draw_one()

    def _draw_one(self) -> None:
        """Add the next drawing."""
        turn, place = divmod(len(self._labels), len(self.keys))
        style = self._styles[self.keys[place]]
        # The seed depends on the style and the turn alone, so a style's drawings are the same in every stock.
        rng = np.random.default_rng([ALL_STYLES.index(style), turn])
        self._pixels.append(to_pixels(rasterise(draw(style, rng))).ravel())
        self._labels.append(style.digit)

    @property
    def drawn(self) -> Dataset:
        """The whole stock; the missing part is drawn first."""
        while self.share < 1:
            self._draw_one()
        return self.so_far()

    def so_far(self) -> Dataset:
        """Return the part of the stock that is drawn; there must be at least one drawing."""
        return Dataset("styles", np.stack(self._pixels), np.array(self._labels, np.uint8), (SIZE, SIZE))


class TrainingMix:
    """Makes the digits that ``Trainer.mix`` asks for, by the choices ``styles``, ``styles_off`` and
    ``mine``."""

    def __init__(self, state: LabState) -> None:
        self._state = state
        self._stock = Stock([])

    @property
    def wanted(self) -> bool:
        """Whether anything is to be mixed in."""
        state = self._state
        return state.offers[state.dataset].pixels == SIZE * SIZE and bool(
            state.styles or (state.mine and state.my_digits)
        )

    def attach(self, trainer: Trainer) -> None:
        """Let ``trainer`` ask for digits from its next epoch on, if anything is to be mixed in."""
        if self.wanted and not trainer.mixes:
            trainer.mix(self)

    def turn(self, seconds: float) -> None:
        """Draw for about ``seconds``, if the stock is wanted and unfinished."""
        if not (self._state.styles and self.wanted):
            return
        off = set(self._state.styles_off)
        keys = [style.key for style in ALL_STYLES if style.key not in off]
        if keys != self._stock.keys:
            self._stock = Stock(keys)
        self._stock.turn(seconds)

    def __call__(self, images: int, epoch: int) -> Dataset | None:
        """Return the digits to mix into an epoch, or None: a ``nncore.training.Mix``.

        Args:
            images: number of images that the data set has.
            epoch: number of the epoch, which seeds the choice of digits.
        """
        if not self.wanted:
            return None
        state = self._state
        rest = 1 - min(0.9, state.styles + state.mine)
        rng = np.random.default_rng([state.seed, epoch])
        context = []
        self.turn(0.05)  # so that even the first epoch has some styles
        if state.styles and self._stock.keys:
            context.append(_drawn(self._stock.so_far(), round(images * state.styles / rest), rng))
        if state.mine and state.my_digits:
            context.append(_drawn(dataset_of(state.my_digits), round(images * state.mine / rest), rng))
        return context[0].concatenate(*context[1:]) if context else None


def _drawn(dataset: Dataset, count: int, rng: np.random.Generator) -> Dataset:
    """Return ``count`` images of ``dataset`` in random order, each as often as any other as far as
    possible."""
    times = np.resize(rng.permutation(len(dataset)), max(1, count))
    return dataset.take(times)
