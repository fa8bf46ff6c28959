"""Turns pen strokes into the picture that a network trained on MNIST expects.

``drawing`` does it at once; ``steps`` does it one step at a time, to show the effect of each step.
"""

from nncore.pen.drawing import (
    BOX,
    CENTRE,
    PEN_WIDTH,
    SIZE,
    Paths,
    as_paths,
    centre,
    centre_of_mass,
    draw,
    fit,
    rasterise,
)

__all__ = [
    "BOX",
    "CENTRE",
    "PEN_WIDTH",
    "SIZE",
    "Paths",
    "as_paths",
    "centre",
    "centre_of_mass",
    "draw",
    "fit",
    "rasterise",
]
