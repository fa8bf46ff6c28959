"""The hand that writes: it turns a skeleton into one person's drawing, different every time.

The differences between writers and between drawings are applied in the order in which they arise. The knots
fall somewhere within their ranges; the whole is stretched, slanted, turned and bent; the pen runs through the
knots on a smooth curve, and trembles; and the tablet reads its position at equal intervals of time, so that a
quick straight stroke has few points and a slow tight bend many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from nncore.checks import require
from nncore.styles.curves import even, lengths, smooth, travelled
from nncore.styles.skeleton import Stroke, Style

MIDDLE = np.array([30.0, 50.0])  # of the sheet that skeletons are drawn on
FACTORS = ("width", "interval")  # drawn uniformly on a logarithmic scale
HALF = 50.0  # units from its middle to the top
LOOK_AHEAD = 5  # units over which the pen slows down for a bend
USUAL_RADIUS, RADII = 25.0, (2.0, 100.0)  # of a digit's bends, and the sharpest and straightest that count


@dataclass(frozen=True)
class Hand:
    """Ranges, ``(lowest, highest)``, from which every drawing takes its own values.

    Attributes:
        width: factor on the width.
        slant: units to the right a unit up.
        rotation: degrees, clockwise.
        taper: by how much the foot is wider than the middle, and the middle than the top; a share.
        waist: units by which the middle is too low.
        bow: units by which the middle is farther right than top and foot.
        play: factor on the ranges of all knots.
        wobble: the largest distance of the pen from its path, in units.
        interval: units between two points at the pen's usual speed.

    Raises:
        ValueError: for a range whose lowest value is above its highest, or a factor not above 0.
    """

    width: tuple[float, float] = (0.5, 1.5)
    slant: tuple[float, float] = (-0.3, 0.6)
    rotation: tuple[float, float] = (-9.0, 9.0)
    taper: tuple[float, float] = (-0.3, 0.3)
    waist: tuple[float, float] = (-9.0, 9.0)
    bow: tuple[float, float] = (-6.0, 6.0)
    play: tuple[float, float] = (0.5, 1.8)
    wobble: tuple[float, float] = (0.0, 1.8)
    interval: tuple[float, float] = (2.0, 14.0)

    def __post_init__(self) -> None:
        for setting in fields(self):
            low, high = getattr(self, setting.name)
            require(low <= high, setting.name, (low, high), "(lowest, highest)")
        for name in FACTORS:
            require(getattr(self, name)[0] > 0, name, getattr(self, name), "above 0")


HAND = Hand()


def draw(style: Style, rng: np.random.Generator, hand: Hand = HAND) -> list[np.ndarray]:
    """Write a digit in this style; return its strokes, each ``(n, 2)`` float64 with y down.

    The pad records strokes in the same form.
    """
    return write(style.strokes, rng, hand)


def write(strokes: Sequence[Stroke], rng: np.random.Generator, hand: Hand = HAND) -> list[np.ndarray]:
    """Write any skeleton; the same ``rng`` gives the same points."""
    values = {setting.name: _draw_value(hand, setting.name, rng) for setting in fields(hand)}
    paths = [_trace(stroke, values, rng) for stroke in strokes]
    paths = [path + _tremble(path, values["wobble"], rng) for path in paths]
    return [timed(path, values["interval"]) for path in paths]


def _draw_value(hand: Hand, name: str, rng: np.random.Generator) -> float:
    """Draw a value from the hand's range ``name``."""
    low, high = getattr(hand, name)
    if name in FACTORS:
        return float(np.exp(rng.uniform(np.log(low), np.log(high))))
    return rng.uniform(low, high)


def _trace(stroke: Stroke, values: dict[str, float], rng: np.random.Generator) -> np.ndarray:
    """Return the curve through one stroke's knots, each somewhere in its range: ``(n, 2)``, evenly spaced.

    All knots of a drawing are bent alike.
    """
    places = np.array([(knot.x, knot.y) for knot in stroke.knots])
    ranges = np.array([(knot.dx, knot.dy) for knot in stroke.knots])
    places = bend(places + values["play"] * ranges * rng.uniform(-1, 1, places.shape), values)
    stops = [0, *(i for i, knot in enumerate(stroke.knots) if knot.corner), len(places) - 1]
    pieces = [smooth(places[start : end + 1]) for start, end in zip(stops, stops[1:], strict=False)]
    path = even(np.concatenate(pieces))
    late, early = rng.uniform(0, 1, 2) * (stroke.late, stroke.early)
    return path[int(late * len(path)) : len(path) - int(early * len(path))]


def bend(places: np.ndarray, values: dict[str, float]) -> np.ndarray:
    """Stretch, taper, bow, slant and turn the sheet with its points: ``(n, 2)`` to ``(n, 2)``."""
    x, y = (places - MIDDLE).T
    share = y / HALF  # -1 at the top, 1 at the foot
    hill = np.maximum(1 - share**2, 0)  # 1 in the middle, 0 at top and foot
    x = x * values["width"] * (1 + values["taper"] * share) + values["bow"] * hill - values["slant"] * y
    y = y + values["waist"] * hill
    cos, sin = np.cos(np.deg2rad(values["rotation"])), np.sin(np.deg2rad(values["rotation"]))
    return np.stack([cos * x - sin * y, sin * x + cos * y], axis=1) + MIDDLE


def _tremble(path: np.ndarray, amount: float, rng: np.random.Generator) -> np.ndarray:
    """Return smooth deviations along a path, ``(n, 2)``.

    Each axis has three waves of 15 to 60 units, together at most ``amount`` high.
    """
    waves, phases = rng.uniform(15, 60, (2, 3)), rng.uniform(0, 2 * np.pi, (2, 3))
    return amount * np.sin(2 * np.pi * travelled(path)[:, None, None] / waves + phases).mean(axis=2)


def timed(path: np.ndarray, interval: float) -> np.ndarray:
    """Return the points of an evenly spaced path that a tablet reads at equal intervals of time.

    Both ends are included. A hand slows down in bends: its speed is proportional to the third root of the
    radius ("two-thirds power law", Lacquaniti, Terzuolo and Viviani, "The law relating the kinematic and
    figural aspects of drawing movements", 1983). ``interval`` is the distance in units between two points
    where the bend is as usual.
    """
    if len(path) <= LOOK_AHEAD:
        return path
    steps = np.diff(path, axis=0)
    headings = np.arctan2(steps[:, 1], steps[:, 0])
    turning = np.abs((np.diff(headings, prepend=headings[0]) + np.pi) % (2 * np.pi) - np.pi)
    # It slows down a little before the bend, and stays slow for as long after.
    turning = np.convolve(turning, np.full(LOOK_AHEAD, 1 / LOOK_AHEAD), mode="same")
    distances = lengths(path)
    radius = np.clip(distances / np.maximum(turning, 1e-6), *RADII)
    times = np.concatenate([[0], np.cumsum(distances / np.cbrt(radius / USUAL_RADIUS))])
    moments = np.linspace(0, times[-1], max(2, round(times[-1] / interval) + 1))
    return np.stack([np.interp(moments, times, axis) for axis in path.T], axis=1)
