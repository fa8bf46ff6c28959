"""How strongly digits are distorted while a network learns, in three numbers instead of the core's seven."""

from __future__ import annotations

from math import isqrt

from nncore.distort import Distortion

ROTATION, SHEAR, SCALE, SHIFT = 10.0, 0.2, 0.1, 1.0
"""Of an ``affine`` of 1: what the preset "best" does, and about what is left of a digit's meaning at most."""


def distortion_of(affine: float, elastic: float, thickness: float, pixels: int = 784) -> Distortion | None:
    """The core's settings; None for no distortion at all.

    Args:
        affine: 0 to 2: turned, slanted, stretched and moved, 1 as much as the preset "best".
        elastic: 0 to 60, Simard's alpha.
        thickness: 0 to 1, pixels.
        pixels: of an image; smaller ones are moved less.
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
    """The three numbers that come closest to what a preset does."""
    if distortion is None:
        return {"affine": 0.0, "elastic": 0.0, "thickness": 0.0}
    return {
        "affine": distortion.rotation / ROTATION,
        "elastic": float(distortion.elastic),
        "thickness": float(distortion.thickness),
    }
