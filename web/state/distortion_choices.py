"""Converts the three distortion choices to the core's seven settings and back."""

from __future__ import annotations

from math import isqrt

from nncore.distort import Distortion

ROTATION, SHEAR, SCALE, SHIFT = 10.0, 0.2, 0.1, 1.0
"""Strengths at an ``affine`` of 1: those of the preset "best", and about the most that leaves a digit
legible. Degrees, a slope, a share of the size, and pixels."""


def distortion_of(affine: float, elastic: float, thickness: float, pixels: int = 784) -> Distortion | None:
    """Return the core's settings for these choices; None for no distortion at all.

    Args:
        affine: 0 to 2: turned, slanted, stretched and moved; 1 is the strength of the preset "best".
        elastic: 0 to 60, Simard's alpha.
        thickness: 0 to 1, in pixels.
        pixels: number of pixels of an image; smaller images are moved less.
    """
    if not (affine or elastic or thickness):
        return None
    side = isqrt(pixels)
    return Distortion(
        rotation=ROTATION * affine,
        shear=SHEAR * affine,
        scale=SCALE * affine,
        shift=SHIFT * affine * side / 28,
        elastic=elastic,
        thickness=thickness,
        shape=(side, side),
    )


def choices_of_distortion(distortion: Distortion | None) -> dict[str, float]:
    """Return the three choices that come closest to the core's settings; zeros for None."""
    if distortion is None:
        return {"affine": 0.0, "elastic": 0.0, "thickness": 0.0}
    return {
        "affine": distortion.rotation / ROTATION,
        "elastic": float(distortion.elastic),
        "thickness": float(distortion.thickness),
    }
