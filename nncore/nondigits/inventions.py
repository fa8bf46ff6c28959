"""Signs that nobody has ever seen: random lines, bows and rings, written like letters.

The alphabets of the world have more signs than anybody can list. What they share is how they are put
together, and that is what is drawn here.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from nncore.nondigits.letters import LETTER_HAND
from nncore.styles.hand import write
from nncore.styles.skeleton import Stroke, arc, knot, stroke


def invention(rng: np.random.Generator) -> list[np.ndarray]:
    """A line with several bends, as lone straight lines and rings are digits, and up to three further
    parts."""
    somewhere = partial(_somewhere, rng.uniform(40, 100))
    further = [PARTS[i] for i in rng.integers(len(PARTS), size=rng.integers(0, 4))]
    return write([part(somewhere, rng) for part in (_bends, *further)], rng, LETTER_HAND)


def _somewhere(width: float, rng: np.random.Generator) -> tuple[float, float]:
    return rng.uniform(0, width), rng.uniform(0, 100)


def _line(somewhere: partial, rng: np.random.Generator) -> Stroke:
    return stroke(somewhere(rng), somewhere(rng))


def _ring(somewhere: partial, rng: np.random.Generator) -> Stroke:
    turn = rng.choice([-1, 1]) * rng.uniform(120, 400)
    (x, y), (width, height) = somewhere(rng), rng.uniform(8, 50, 2)
    return stroke(*arc(x, y, width, height, rng.uniform(0, 360), turn))


def _bends(somewhere: partial, rng: np.random.Generator) -> Stroke:
    angular = rng.random()
    return Stroke(tuple(knot(somewhere(rng), rng.random() < angular) for _ in range(rng.integers(4, 9))))


PARTS = (_line, _ring, _bends)
