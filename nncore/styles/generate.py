"""Generates sets of pen digits of any size, balanced, in any choice of styles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nncore.checks import require
from nncore.datasets import Dataset
from nncore.datasets.strokes import Drawing, draw_dataset
from nncore.styles.hand import HAND, Hand, draw
from nncore.styles.registry import ALL_STYLES
from nncore.styles.skeleton import Style


def make_drawings(
    count: int, seed: int, styles: Sequence[Style] = ALL_STYLES, hand: Hand = HAND
) -> list[Drawing]:
    """Return ``count`` drawings in random order, balanced over digits and styles.

    Each digit in ``styles`` comes equally often, and within a digit each style, as far as ``count`` allows.
    The same arguments give the same points.

    Raises:
        ValueError: if there is no style, or ``count`` is below 1.
    """
    require(count >= 1, "count", count, "at least 1")
    by_digit: dict[int, list[Style]] = {}
    for style in styles:
        by_digit.setdefault(style.digit, []).append(style)
    require(bool(by_digit), "styles", styles, "at least one")
    rng = np.random.default_rng(seed)
    digits = [by_digit[digit] for digit in sorted(by_digit)]
    turns = [divmod(number, len(digits)) for number in range(count)]
    chosen = [digits[place][turn % len(digits[place])] for turn, place in turns]
    return [Drawing(chosen[i].digit, draw(chosen[i], rng, hand)) for i in rng.permutation(count)]


def make_dataset(
    count: int, seed: int, styles: Sequence[Style] = ALL_STYLES, hand: Hand = HAND, name: str = "styles"
) -> Dataset:
    """Return ``count`` images of 28 x 28 like MNIST's: ``make_drawings``, drawn by the pad's own pen."""
    return draw_dataset(make_drawings(count, seed, styles, hand), name)


def mix(
    dataset: Dataset, share: float, seed: int, styles: Sequence[Style] = ALL_STYLES, hand: Hand = HAND
) -> Dataset:
    """Return ``dataset`` followed by generated digits that make up ``share`` of the whole.

    Args:
        dataset: 28 x 28 images of ten digits, such as MNIST; all of it stays.
        share: 0 or more and below 1.

    Raises:
        ValueError: for a share out of range, or a data set of other images (``DataError``).
    """
    require(0 <= share < 1, "share of styles", share, "at least 0 and below 1")
    count = round(len(dataset) * share / (1 - share))
    if not count:
        return dataset
    return dataset.concatenate(make_dataset(count, seed, styles, hand), name=f"{dataset.name} with styles")
