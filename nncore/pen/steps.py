"""Shows the effect of each step of MNIST's recipe on a drawing, from the pad to the 28 x 28 pixels.

``nncore.pen`` takes all steps at once. Here each can be left out, and every stage in between is a picture, so
that a page can show the network's reading of each: most programs that train on MNIST and then read drawings
badly leave some of these steps out. With every step taken the last stage equals the picture of ``rasterise``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from nncore.checks import require_one_of
from nncore.pen.drawing import BOX, PEN_WIDTH, SIZE, Paths, as_paths, centre, draw, fit

STEPS = {
    "crop": "Cut the empty margins off: the middle of the ink comes to the middle of the picture.",
    "box": "Scale the ink until its longest side spans 20 of the 28 pixels, its proportions kept.",
    "pen": "Draw with a pen of MNIST's own width, 2.56 pixels, however large or small it was drawn.",
    "centre": "Move the ink until it balances at pixel 14: its centre of mass, not its outline.",
}
"""Name -> description of the step, in the order in which the steps are taken."""

RAW = "raw"
PAD, PAD_PEN = 500.0, 30.0  # side of the pad that strokes are drawn on, and the width of the line seen on it


@dataclass(frozen=True, eq=False)
class Stage:
    """The drawing after one step.

    Attributes:
        name: of the step, or ``"raw"`` before any.
        image: ``(28, 28)`` float32, 0 to 1.
        taken: whether the step was taken.
    """

    name: str
    image: np.ndarray
    taken: bool = True


def stages(strokes: Sequence, taken: Collection[str] = tuple(STEPS)) -> list[Stage]:
    """Return the raw drawing and the drawing after each step; a step that isn't ``taken`` changes nothing.

    Args:
        strokes: as in ``rasterise``, in a box of 500 x 500.

    Raises:
        ValueError: for an unknown step, or strokes that aren't lists of points.
    """
    for name in taken:
        require_one_of(name, STEPS, "step")
    # Raw is the method of most programs: the whole pad, with its line, shrunk to 28 x 28.
    paths, width = [path * (SIZE / PAD) for path in as_paths(strokes)], PAD_PEN * SIZE / PAD
    found = [Stage(RAW, draw(paths, width))]
    before: list[str] = []
    for name in STEPS:
        if name in taken:
            before.append(name)
            paths, width = _after(as_paths(strokes), before)
        found.append(Stage(name, draw(paths, width), name in taken))
    return found


def _after(paths: Paths, taken: Collection[str]) -> tuple[Paths, float]:
    """Return the paths on the grid and the pen's width after these steps."""
    paths, width = [path * (SIZE / PAD) for path in paths], PAD_PEN * SIZE / PAD
    if not paths:
        return paths, width
    points = np.concatenate(paths)
    low, high = points.min(axis=0), points.max(axis=0)
    middle, longest = (low + high) / 2, float((high - low).max())
    if "box" in taken:
        if "pen" in taken:
            width = PEN_WIDTH
        elif longest > 0:
            width *= BOX / (longest + width)  # pixels are scaled, and the line with them
        fitted = fit(paths, width)
        paths = fitted if "crop" in taken else [path + (middle - SIZE / 2) for path in fitted]
    else:
        width = PEN_WIDTH if "pen" in taken else width
        if "crop" in taken:
            paths = [path + (SIZE / 2 - middle) for path in paths]
    return (centre(paths, width) if "centre" in taken else paths), width
