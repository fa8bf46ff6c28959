"""Shows how a photo becomes the picture that a network sees: as it was taken, its ink alone, and fitted.

``nncore.pen.steps`` does the same for drawings.
"""

from __future__ import annotations

import numpy as np

from nncore.datasets.reading import polarity
from nncore.datasets.reading.photos import ink_of, is_photo
from nncore.datasets.reading.pictures import decode
from nncore.datasets.reading.scale import averages, fit_picture, stretch
from nncore.pen import SIZE

PHOTO, INK, FITTED = "photo", "ink", "fitted"


def photo_stages(name: str, data: bytes) -> list[tuple[str, np.ndarray]]:
    """Return the stages of a picture of another size than 28 x 28, each with its name.

    Args:
        name: of the file, for messages.
        data: its bytes.

    Returns:
        The picture as it was taken, its ink alone, and the digit cropped, fitted into 20 x 20 and centred;
        each ``(784,)`` uint8 with light ink. Empty for a picture of 28 x 28.

    Raises:
        DataError: if it can't be decoded.
    """
    grey = decode(name, data).grey
    if grey.shape == (SIZE, SIZE):
        return []
    light = 255 - grey if polarity.light_paper([grey])[0] else grey
    ink = ink_of(grey) if is_photo(grey) else stretch(light)
    return [(PHOTO, _shrunk(light)), (INK, _shrunk(ink)), (FITTED, fit_picture(ink).ravel())]


def _shrunk(image: np.ndarray) -> np.ndarray:
    """Return the whole of a picture, shrunk into the middle of 28 x 28: ``(784,)`` uint8."""
    scale = SIZE / max(image.shape)
    height, width = (max(1, round(side * scale)) for side in image.shape)
    small = averages(image.shape[0], height) @ image.astype(np.float64) @ averages(image.shape[1], width).T
    frame = np.zeros((SIZE, SIZE), np.uint8)
    top, left = (SIZE - height) // 2, (SIZE - width) // 2
    frame[top : top + height, left : left + width] = np.rint(np.clip(small, 0, 255))
    return frame.ravel()
