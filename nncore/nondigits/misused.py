"""Drawings of digits that are not one digit: numbers of two digits, and digits turned or mirrored."""

from __future__ import annotations

import numpy as np

from nncore.styles.hand import draw
from nncore.styles.registry import ALL_STYLES

Strokes = list[np.ndarray]

# Only digits that are no digits afterwards: a mirrored 0 is a 0, and a mirrored 2 looks like a 5.
MIRRORED = [style for style in ALL_STYLES if style.digit in (3, 4, 6, 7, 9)]
ON_ITS_SIDE = [style for style in ALL_STYLES if style.digit in (3, 4, 5, 6, 7, 8, 9)]


def number(rng: np.random.Generator) -> Strokes:
    """Draw two digits side by side, close together or touching."""
    left, right = (draw(ALL_STYLES[i], rng) for i in rng.integers(len(ALL_STYLES), size=2))
    gap, lift = rng.uniform(-8, 25), rng.uniform(-15, 15)
    move = np.concatenate(left)[:, 0].max() - np.concatenate(right)[:, 0].min() + gap
    return left + [path + (move, lift) for path in right]


def mirrored(rng: np.random.Generator) -> Strokes:
    """Draw a digit with left and right exchanged."""
    return [path * (-1, 1) for path in draw(MIRRORED[rng.integers(len(MIRRORED))], rng)]


def on_its_side(rng: np.random.Generator) -> Strokes:
    """Draw a digit turned by a quarter, either way."""
    turn = np.array([[0, 1], [-1, 0]]) * rng.choice([-1, 1])
    return [path @ turn for path in draw(ON_ITS_SIDE[rng.integers(len(ON_ITS_SIDE))], rng)]
