"""Generates drawings that are no digits: letters, shapes, scribbles and more, from a seed.

A network of ten outputs must call a house one of the ten digits. These drawings train another network to
answer "none of them" (``nncore.gate``), and measure it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from nncore.checks import require
from nncore.datasets import Dataset
from nncore.datasets.strokes import to_pixels
from nncore.nondigits.inventions import invention
from nncore.nondigits.letters import LETTER_HAND, LETTERS
from nncore.nondigits.misused import mirrored, number, on_its_side
from nncore.nondigits.scribbles import SCRIBBLES
from nncore.nondigits.shapes import SHAPES
from nncore.pen import SIZE, rasterise
from nncore.styles.hand import write


@dataclass(frozen=True)
class NonDigit:
    """Something to draw that is no digit.

    Attributes:
        kind: key of ``NON_DIGITS``.
        name: key within its kind.
        draw: ``draw(rng)`` returns its strokes, each ``(n, 2)``.
    """

    kind: str
    name: str
    draw: Callable[[np.random.Generator], list[np.ndarray]]


def _kind(kind: str, makers: dict[str, Callable]) -> dict[str, NonDigit]:
    """Return the drawings of one kind by name."""
    return {name: NonDigit(kind, name, draw) for name, draw in makers.items()}


NON_DIGITS: dict[str, dict[str, NonDigit]] = {
    "letters": _kind("letters", {k: partial(write, v, hand=LETTER_HAND) for k, v in LETTERS.items()}),
    "shapes": _kind("shapes", {k: partial(write, v) for k, v in SHAPES.items()}),
    "scribbles": _kind("scribbles", dict(SCRIBBLES)),
    "inventions": _kind("inventions", {"invention": invention}),
    "numbers": _kind("numbers", {"number": number}),
    "turned": _kind("turned", {"mirrored": mirrored, "on its side": on_its_side}),
}
"""Kind -> name -> drawing."""

ALL_NON_DIGITS = tuple(one for kind in NON_DIGITS.values() for one in kind.values())


def make_non_digits(count: int, seed: int, choice: Sequence[NonDigit] = ALL_NON_DIGITS) -> Dataset:
    """Draw ``count`` non-digits with the pad's pen, in random order.

    Every kind in ``choice`` comes equally often, and within a kind every drawing.

    Returns:
        A data set whose labels number the kinds, in the order of ``NON_DIGITS``. The same arguments give the
        same bits.

    Raises:
        ValueError: if ``choice`` is empty, or ``count`` below 1.
    """
    require(count >= 1, "count", count, "at least 1")
    kinds = [[one for one in choice if one.kind == kind] for kind in NON_DIGITS]
    numbers = [number for number, ones in enumerate(kinds) if ones]
    require(bool(numbers), "choice", choice, "at least one thing to draw")
    rng = np.random.default_rng(seed)
    pixels, labels = np.zeros((count, SIZE * SIZE), np.uint8), np.zeros(count, np.uint8)
    for turn, place in enumerate(rng.permutation(count)):
        labels[place] = numbers[turn % len(numbers)]
        ones = kinds[labels[place]]
        one = ones[turn // len(numbers) % len(ones)]
        pixels[place] = to_pixels(rasterise(one.draw(rng))).ravel()
    return Dataset("non-digits", pixels, labels, (SIZE, SIZE), classes=len(NON_DIGITS))
