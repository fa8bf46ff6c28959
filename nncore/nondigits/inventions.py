"""Invented signs: random lines, bows and rings, written like letters.

The alphabets of the world have too many signs to list. They are all put together from such parts.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from nncore.nondigits.letters import LETTER_HAND
from nncore.styles.hand import write
from nncore.styles.skeleton import Stroke, arc, knot, stroke


def invention(rng: np.random.Generator) -> list[np.ndarray]:
    """Draw a line with several bends and up to three further parts.

    A straight line or a ring alone would be a digit.
    """
    somewhere = partial(_somewhere, rng.uniform(40, 100))
    further = [PARTS[i] for i in rng.integers(len(PARTS), size=rng.integers(0, 4))]
    return write([part(somewhere, rng) for part in (_bends, *further)], rng, LETTER_HAND)


def _somewhere(width: float, rng: np.random.Generator) -> tuple[float, float]:
    """Return a random point."""
    return rng.uniform(0, width), rng.uniform(0, 100)


def _line(somewhere: partial, rng: np.random.Generator) -> Stroke:
    """Return a straight line."""
    return stroke(somewhere(rng), somewhere(rng))


def _ring(somewhere: partial, rng: np.random.Generator) -> Stroke:
    """Return a part of an ellipse."""
    turn = rng.choice([-1, 1]) * rng.uniform(120, 400)
    (x, y), (width, height) = somewhere(rng), rng.uniform(8, 50, 2)
    return stroke(*arc(x, y, width, height, rng.uniform(0, 360), turn))


def _bends(somewhere: partial, rng: np.random.Generator) -> Stroke:
    """Return a line with several bends."""
    angular = rng.random()
    return Stroke(tuple(knot(somewhere(rng), rng.random() < angular) for _ in range(rng.integers(4, 9))))


PARTS = (_line, _ring, _bends)
