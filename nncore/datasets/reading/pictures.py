"""Decodes pictures of every usual kind into grey levels, with Pillow, which is imported only when needed."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from nncore.datasets.dataset import DataError

FORMATS = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II", "TIFF"),
    (b"MM", "TIFF"),
    (b"RIFF", "WEBP"),
    (b"P", "PPM"),
)
"""The first bytes of a picture, and Pillow's name of its format: no other decoder of Pillow's is tried."""

MOST_PIXELS = 64_000_000  # of a picture; phones take 12 million, and decompression bombs hold more
WORKING_SIDE = 400  # pixels; larger pictures are scaled down before anything else is done with them
SOLID = 200  # alpha from which a pixel is seen
MOST_INK = 0.4  # the share of a picture that ink covers at most
CONTRAST = 96  # between the ink and the paper of a picture whose both are opaque


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture.

    Attributes:
        grey: ``(height, width)`` uint8, as it looks; of a transparent picture its ink, which is light.
        remark: a sentence on what was decided, or "".
    """

    grey: np.ndarray
    remark: str = ""


def decode(name: str, data: bytes) -> Picture:
    """Decode a picture.

    Raises:
        DataError: if it is damaged, too large or of an unknown kind, or Pillow isn't installed.
    """
    try:
        from PIL import Image, ImageOps
    except ImportError as error:
        raise DataError(f"{name}: reading pictures needs Pillow: pip install pillow") from error
    try:
        form = next((form for start, form in FORMATS if data.startswith(start)), "AVIF")
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data), formats=[form]) as image:
            if image.width * image.height > MOST_PIXELS:
                size = f"{image.width:,} x {image.height:,}"
                raise DataError(f"{name}: {size} pixels; at most {MOST_PIXELS:,} are read here")
            frames = getattr(image, "n_frames", 1) if image.format not in ("MPO", "JPEG") else 1
            image.draft(image.mode, (WORKING_SIDE, WORKING_SIDE))  # JPEG can be decoded smaller than it is
            image.load()
            upright = ImageOps.exif_transpose(image)
            if max(upright.size) > WORKING_SIDE and upright.mode in ("P", "1", "PA"):
                upright = upright.convert("RGBA")
            if max(upright.size) > WORKING_SIDE:
                upright.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX)
            picture = _grey(upright)
    except DataError:
        raise
    except Image.DecompressionBombError as error:
        raise DataError(f"{name}: too many pixels; at most {MOST_PIXELS:,} are read here") from error
    except MemoryError as error:
        raise DataError(f"{name}: too large a picture for the memory here") from error
    except Exception as error:  # a damaged picture can fail in any way inside Pillow
        raise DataError(f"{name}: not a picture, or a damaged one; save or copy it again") from error
    if frames > 1:
        return Picture(picture.grey, f"{name}: only the first of its {frames} pictures was read")
    return picture


def _grey(image: Any) -> Picture:
    """Return a Pillow image as grey levels."""
    if image.mode.startswith(("I", "F")):
        return Picture(_from_wide(np.asarray(image)))
    if "A" in image.getbands() or "transparency" in image.info or image.mode == "La":
        colours = np.asarray(image.convert("RGBA"))
        alpha = colours[..., 3]
        if alpha.min() < 255:
            return _from_transparent(np.asarray(image.convert("RGBA").convert("RGB").convert("L")), alpha)
    return Picture(np.asarray(image.convert("RGB").convert("L") if image.mode != "L" else image))


def _from_wide(values: np.ndarray) -> np.ndarray:
    """Return grey levels of 16 or 32 bits as uint8."""
    wide = values.astype(np.float64)
    if not np.isfinite(wide).all():
        raise ValueError("a grey level that isn't a number")
    low, high = min(float(wide.min()), 0.0), float(wide.max())
    if values.dtype.kind == "f":
        top = 1.0 if high <= 1 else 255.0 if high <= 255 else 65535.0
    else:
        top = 255.0 if high <= 255 and values.dtype.itemsize > 2 else 65535.0
    return np.rint(np.clip((wide - low) / max(top - low, 1e-9), 0, 1) * 255).astype(np.uint8)


def _from_transparent(grey: np.ndarray, alpha: np.ndarray) -> Picture:
    """Return the ink of a picture with transparent parts.

    The ink is what is opaque, whatever its colour, unless ink and paper are both opaque and only a margin is
    transparent. Some programs store colours multiplied by alpha; the opaque pixels are the same in both.
    """
    if alpha.max() and int(alpha.max()) - int(alpha.min()) < CONTRAST:
        return Picture(grey)  # evenly transparent
    seen = grey[alpha >= SOLID]
    if len(seen) > MOST_INK * alpha.size:
        dark, light = np.percentile(seen, (2, 98))
        if light - dark > CONTRAST:
            paper = 255.0 if np.median(seen) > 127 else 0.0
            share = alpha.astype(np.float64) / 255
            shown = share * grey + (1 - share) * paper
            return Picture(np.rint(shown).astype(np.uint8))
    return Picture(alpha.copy(), "the ink was read from the transparency of the pictures")
