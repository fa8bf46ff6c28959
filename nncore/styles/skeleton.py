"""The skeleton of a written sign: the path of the pen, and the range within which it may vary.

A stroke is a sequence of *knots*, points that the pen passes through on a smooth curve
(``nncore.styles.curves``); at a *corner* it stops and leaves in a new direction. Every knot has a range, so
one skeleton stands for all the ways in which people vary it. Coordinates are those of a lined sheet: y runs
from 0, the top of a digit, to 100, its foot; x from 0 at the left to about 60, because digits are taller than
wide.

The numbers are not measured on handwriting; they follow the way in which such digits are taught and written.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

from nncore.checks import require

SPREAD = 3.5  # units either way, unless a knot has its own


@dataclass(frozen=True)
class Knot:
    """A point that the pen passes: ``x`` and ``y``, each off by up to ``dx`` and ``dy`` either way."""

    x: float
    y: float
    dx: float = SPREAD
    dy: float = SPREAD
    corner: bool = False


@dataclass(frozen=True)
class Stroke:
    """A line that is written without lifting the pen.

    Attributes:
        knots: in writing order; a single one is a dot.
        late, early: the largest share of the stroke's length that may be missing at its start and at its end:
            loops that don't close, bars that end too soon.
    """

    knots: tuple[Knot, ...]
    late: float = 0.0
    early: float = 0.0

    def __post_init__(self) -> None:
        require(len(self.knots) >= 1, "number of knots", len(self.knots), "at least 1")
        require(
            min(self.late, self.early) >= 0 and self.late + self.early < 1,
            "late and early", (self.late, self.early), "at least 0 and below 1 together",
        )  # fmt: skip


@dataclass(frozen=True)
class Style:
    """One way of writing one digit.

    Attributes:
        digit: 0 to 9.
        name: key in ``STYLES[digit]``.
        text: a description for the page: its shape, and where it is common.
        strokes: its skeleton.
    """

    digit: int
    name: str
    text: str
    strokes: tuple[Stroke, ...]

    def __post_init__(self) -> None:
        require(0 <= self.digit <= 9, "digit", self.digit, "from 0 to 9")
        require(bool(self.strokes), "strokes", self.strokes, "at least one")

    @property
    def key(self) -> str:
        """The digit and the name together, for lists, addresses and command lines: ``"7 crossed"``."""
        return f"{self.digit} {self.name}"


Place = Knot | tuple[float, ...]
"""A knot, or its first numbers: ``(x, y)``, ``(x, y, spread)`` or ``(x, y, dx, dy)``."""


def knot(place: Place, corner: bool = False) -> Knot:
    """Return the knot for a ``Place``."""
    if isinstance(place, Knot):
        return place
    require(2 <= len(place) <= 4, "numbers of a knot", place, "(x, y), (x, y, spread) or (x, y, dx, dy)")
    x, y, *spread = place
    dx, dy = (spread[0], spread[-1]) if spread else (SPREAD, SPREAD)
    return Knot(x, y, dx, dy, corner)


def corner(*place: float) -> Knot:
    """Return a knot at which the pen stops and turns."""
    return knot(place, corner=True)


def stroke(*places: Place, late: float = 0.0, early: float = 0.0) -> Stroke:
    """Return a stroke through these places."""
    return Stroke(tuple(knot(place) for place in places), late, early)


def arc(
    x: float, y: float, width: float, height: float, start: float, turn: float, spread: float = 2.0
) -> tuple[Knot, ...]:
    """Return knots on an ellipse, about one every 45 degrees.

    Args:
        x, y: its middle.
        width, height: its half axes.
        start: the direction of the first knot, in degrees as on a clock: 0 is twelve o'clock, 90 is three.
        turn: the angle that it covers, in degrees; above 0 clockwise.
        spread: of every knot.
    """
    steps = max(1, round(abs(turn) / 45))
    angles = [radians(start + turn * step / steps) for step in range(steps + 1)]
    return tuple(Knot(x + width * sin(angle), y - height * cos(angle), spread, spread) for angle in angles)
