"""Scribbles without meaning. Points are on a sheet of 100 x 100."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nncore.styles.curves import smooth

Strokes = list[np.ndarray]


def tangle(rng: np.random.Generator) -> Strokes:
    """Draw one long curve in all directions."""
    return [smooth(rng.uniform(0, 100, (rng.integers(8, 20), 2)))]


def walk(rng: np.random.Generator) -> Strokes:
    """Draw a curve whose direction drifts slowly."""
    headings = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, rng.uniform(0.3, 0.9), 50))
    return [smooth(np.cumsum(np.stack([np.cos(headings), np.sin(headings)], axis=1), axis=0))]


def hatching(rng: np.random.Generator) -> Strokes:
    """Draw lines to and fro, each a little further on, in any direction."""
    count = rng.integers(7, 16)
    along = np.where(np.arange(count) % 2, 100, 0) + rng.normal(0, 8, count)
    across = np.linspace(0, rng.uniform(40, 110), count) + rng.normal(0, 3, count)
    points, angle = np.stack([along, across], axis=1), rng.uniform(0, 2 * np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return [(smooth(points) if rng.random() < 0.5 else points) @ turn]


def coils(rng: np.random.Generator) -> Strokes:
    """Draw circles while the hand moves on."""
    angles = np.linspace(0, 2 * np.pi * rng.uniform(3.5, 7), 160) + rng.uniform(0, 2 * np.pi)
    drift = np.linspace(0, 1, 160)[:, None] * rng.uniform(60, 160) * _direction(rng)
    size = rng.uniform(18, 45, 2) * (1 + rng.uniform(-0.4, 0.4) * np.sin(angles / 3))[:, None]
    return [size * np.stack([np.cos(angles), np.sin(angles)], axis=1) + drift]


def zigzag(rng: np.random.Generator) -> Strokes:
    """Draw straight lines between random points."""
    return [rng.uniform(0, 100, (rng.integers(6, 14), 2))]


def strews(rng: np.random.Generator) -> Strokes:
    """Draw many short strokes all over the sheet."""
    starts = rng.uniform(0, 100, (rng.integers(5, 14), 2))
    return [np.stack([start, start + rng.uniform(5, 30) * _direction(rng)]) for start in starts]


def arcs(rng: np.random.Generator) -> Strokes:
    """Draw some long bows across each other."""
    return [smooth(rng.uniform(0, 100, (3, 2))) for _ in range(rng.integers(4, 8))]


def _direction(rng: np.random.Generator) -> np.ndarray:
    """Return a random unit vector."""
    angle = rng.uniform(0, 2 * np.pi)
    return np.array([np.cos(angle), np.sin(angle)])


SCRIBBLES: dict[str, Callable[[np.random.Generator], Strokes]] = {
    scribble.__name__: scribble for scribble in (tangle, walk, hatching, coils, zigzag, strews, arcs)
}
"""Name -> function that draws one."""
