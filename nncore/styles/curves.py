"""Draws a smooth curve through given points, like a pen."""

from __future__ import annotations

import numpy as np

SAMPLES = 12  # points on the curve from each given point to the next


def smooth(points: np.ndarray) -> np.ndarray:
    """Return the centripetal Catmull-Rom spline through points, finely sampled.

    Of all cubic curves through their points this one neither loops nor overshoots between two that are close
    together (Yuksel, Schaefer and Keyser, "Parameterization and Applications of Catmull-Rom Curves", 2011).
    It is evaluated by Barry and Goldman's pyramid: straight interpolations of straight interpolations.

    Args:
        points: ``(n, 2)``, n at least 1.

    Returns:
        ``(m, 2)`` float64, the first and last points included; the points themselves if there are fewer than
        three.
    """
    if len(points) < 3:
        return points
    # Beyond each end the curve continues to the neighbour, reflected at the end.
    points = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    gaps = np.sqrt(lengths(points))
    times = np.concatenate([[0], np.cumsum(np.maximum(gaps, 1e-6))])  # above 0 even for two equal points
    pieces = len(points) - 3
    share = np.arange(SAMPLES) / SAMPLES
    # For all pieces at once, (pieces, SAMPLES, 1) and (pieces, SAMPLES, 2): the piece runs from its second
    # point to its third.
    t = [times[i : i + pieces, None, None] for i in range(4)]
    p = [points[i : i + pieces, None, :] for i in range(4)]
    now = t[1] + share[:, None] * (t[2] - t[1])
    for spans in (((0, 1), (1, 2), (2, 3)), ((0, 2), (1, 3)), ((1, 2),)):
        p = [
            p[i] + (now - t[start]) / (t[end] - t[start]) * (p[i + 1] - p[i])
            for i, (start, end) in enumerate(spans)
        ]
    return np.concatenate([p[0].reshape(-1, 2), points[-2:-1]])


def even(points: np.ndarray, spacing: float = 1.0) -> np.ndarray:
    """Return points at equal distances along the straight lines through ``points``, ``(n, 2)``.

    Both ends are included.
    """
    whole = travelled(points)
    if whole[-1] == 0:
        return points[:1]
    places = np.linspace(0, whole[-1], max(2, int(np.ceil(whole[-1] / spacing)) + 1))
    return np.stack([np.interp(places, whole, axis) for axis in points.T], axis=1)


def lengths(points: np.ndarray) -> np.ndarray:
    """Return the distance of each point from the one before, ``(n - 1,)``."""
    return np.hypot(*np.diff(points, axis=0).T)


def travelled(points: np.ndarray) -> np.ndarray:
    """Return the length of the path up to every point, ``(n,)``."""
    return np.concatenate([[0], np.cumsum(lengths(points))])
