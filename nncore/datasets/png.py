"""Reads a learner's own digits from pictures: a folder of PNG files.

The label of a picture is the name of its folder (``3/anything.png``) or the last digit of its own name, as in
Rashid's ``2828_my_own_3.png``. Pillow decodes the files and is imported only when needed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nncore.datasets.dataset import DataError, Dataset

SUFFIXES = (".png",)
INKS = ("auto", "dark", "light")


def read_png_folder(
    folder: str | Path, shape: tuple[int, int] = (28, 28), classes: int = 10, ink: str = "auto"
) -> Dataset:
    """Read every PNG under ``folder`` (sub-folders too), in the order of their paths.

    Args:
        shape: height and width of an image. classes: the number of classes.
        ink: MNIST's ink is light on dark. ``"dark"`` pictures (pen on paper) are inverted, ``"light"`` ones
            are not, ``"auto"`` inverts where the picture's rim is bright. Transparent counts as paper.

    Raises:
        DataError: names the file if it can't be decoded, is of another size, or its label is missing or too
            high; also if there is no PNG at all, or Pillow isn't installed.
    """
    if ink not in INKS:
        raise ValueError(f"ink must be one of {INKS}, not {ink!r}")
    folder = Path(folder)
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    if not paths:
        raise DataError(f"{folder}: no PNG file in it")
    labels = [label_of(path, folder, classes) for path in paths]
    images = np.stack([_read(path, shape, ink) for path in paths])
    return Dataset(folder.name, images.reshape(len(images), -1), np.array(labels, np.uint8), shape, classes)


def label_of(path: Path, folder: Path, classes: int = 10) -> int:
    """Return the label of a picture, from its folder's name or its own.

    Raises:
        DataError: if neither has a digit, or the label is too high.
    """
    inside = path.parent.name if path.parent != folder else ""
    digits = inside if inside.isdecimal() else "".join(c for c in path.stem if c.isdecimal())[-1:]
    if not digits:
        raise DataError(f"{path}: no label: neither its folder nor its name holds a digit")
    if int(digits) >= classes:
        raise DataError(f"{path}: label {int(digits)}; legal are 0 to {classes - 1}")
    return int(digits)


def _read(path: Path, shape: tuple[int, int], ink: str) -> np.ndarray:
    """Read one picture as ``(height, width)`` uint8 with light ink."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError as error:
        raise DataError("reading PNG files needs Pillow: pip install pillow") from error
    try:
        with Image.open(path) as image:
            coloured = image.convert("RGBA")
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError) as error:
        raise DataError(f"{path}: not a picture, or a damaged one; expected a PNG file") from error
    if coloured.size != (shape[1], shape[0]):
        raise DataError(
            f"{path}: {coloured.width} x {coloured.height} pixels, expected {shape[1]} x {shape[0]}"
        )
    paper = Image.new("RGBA", coloured.size, "black" if ink == "light" else "white")
    grey = np.asarray(Image.alpha_composite(paper, coloured).convert("L"))
    return as_ink(grey, ink)


def as_ink(grey: np.ndarray, ink: str = "auto") -> np.ndarray:
    """Return a ``(height, width)`` uint8 picture with its ink light on dark, as in MNIST.

    ``ink`` as in ``read_png_folder``.
    """
    return 255 - grey if ink == "dark" or (ink == "auto" and _rim(grey).mean() > 127) else grey


def _rim(image: np.ndarray) -> np.ndarray:
    """Return the pixels along the edge, where a digit has no ink."""
    return np.concatenate([image[0], image[-1], image[1:-1, 0], image[1:-1, -1]])
