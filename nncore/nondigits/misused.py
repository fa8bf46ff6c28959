"""Digits that are not one digit: numbers of two, and digits turned on their side or seen in a mirror."""

from __future__ import annotations

import numpy as np

from nncore.styles.hand import draw
from nncore.styles.registry import ALL_STYLES

Strokes = list[np.ndarray]

# The digits that are none any more: a 0 stays one in the mirror, and a 2 there is somebody's 5.
MIRRORED = [style for style in ALL_STYLES if style.digit in (3, 4, 6, 7, 9)]
ON_ITS_SIDE = [style for style in ALL_STYLES if style.digit in (3, 4, 5, 6, 7, 8, 9)]


def number(rng: np.random.Generator) -> Strokes:
    """Two digits side by side, close together or touching."""
    left, right = (draw(ALL_STYLES[i], rng) for i in rng.integers(len(ALL_STYLES), size=2))
    gap, lift = rng.uniform(-8, 25), rng.uniform(-15, 15)
    move = np.concatenate(left)[:, 0].max() - np.concatenate(right)[:, 0].min() + gap
    return left + [path + (move, lift) for path in right]


def mirrored(rng: np.random.Generator) -> Strokes:
    """A digit whose left is its right."""
    return [path * (-1, 1) for path in draw(MIRRORED[rng.integers(len(MIRRORED))], rng)]


def on_its_side(rng: np.random.Generator) -> Strokes:
    """A digit turned by a quarter, either way."""
    turn = np.array([[0, 1], [-1, 0]]) * rng.choice([-1, 1])
    return [path @ turn for path in draw(ON_ITS_SIDE[rng.integers(len(ON_ITS_SIDE))], rng)]
