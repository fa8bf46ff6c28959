"""Turns pixels of any type and range into bytes from 0 to 255.

Tables and arrays hold pixels as 0 and 1, from 0 to 1, from 0 to 255, from -1 to 1, or in 16 bits. The range
is found from the values and reported when it isn't 0 to 255.
"""

from __future__ import annotations

import numpy as np

from nncore.datasets.dataset import DataError
from nncore.datasets.reading.block import Block
from nncore.datasets.reading.notes import Notes

MNIST_MEAN, MNIST_DEVIATION = 0.1307, 0.3081  # with which PyTorch's example standardises pixels
DARKEST = 128  # a whole set without a brighter pixel is stored in a smaller range
MANY = 0.002  # the share of pixels above 255 from which they are no typing errors but 16-bit values


def to_bytes(block: Block, notes: Notes) -> np.ndarray:
    """Return the images of a block as uint8 of the same shape; 8 x 8 images with values to 16 keep them.

    Raises:
        DataError: names the record with a value that is no number or does not fit the others.
    """
    images = block.images
    assert images is not None
    if images.dtype == bool:
        notes.say(f"{block.name}: pixels are 0 or 1; ink became 255")
        return images.astype(np.uint8) * 255
    if images.dtype.kind not in "uif":
        raise DataError(f"{block.name}: its images are not numbers; expected pixels from 0 to 255 or 0 to 1")
    if images.dtype.kind == "f":
        _check(block, ~np.isfinite(images), "isn't a number")
    if not images.size:
        raise DataError(f"{block.name}: no digit in it")
    low, high = float(images.min()), float(images.max())
    if low < 0:
        return _from_negative(block, low, high, notes)
    if high > 255:
        return _from_wide(block, high, notes)
    if high <= 1:
        return _from_unit(block, images, low, high, notes)
    small = images[0].size == 64 and high <= 16
    if not small and high < DARKEST and _whole(images):
        notes.say(f"{block.name}: pixels run from 0 to {high:g}; they were scaled to 0 to 255")
        return np.rint(images.astype(np.float32) * (255 / high)).astype(np.uint8)
    return images if images.dtype == np.uint8 else np.rint(images).astype(np.uint8)


def _from_unit(block: Block, images: np.ndarray, low: float, high: float, notes: Notes) -> np.ndarray:
    """Scale pixels from 0 to 1."""
    if images.dtype.kind in "ui" or _whole(images):
        if high:
            notes.say(f"{block.name}: pixels are 0 or 1; ink became 255")
        return images.astype(np.uint8) * np.uint8(255)
    values = images.astype(np.float32)
    if abs(low - 0.01) < 1e-4 and high > 0.9:
        notes.say(f"{block.name}: pixels run from 0.01 to 1; they were scaled to 0 to 255")
        values = (values - np.float32(0.01)) / np.float32(0.99)
    else:
        notes.say(f"{block.name}: pixels run from 0 to 1; they were scaled to 0 to 255")
        # Nielsen's file has bytes over 256, so that no pixel reaches 1.
        if high <= 255 / 256 and np.abs(values * 256 - np.rint(values * 256)).max() < 0.01:
            return np.rint(values * 256).astype(np.uint8)
    return np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)


def _from_negative(block: Block, low: float, high: float, notes: Notes) -> np.ndarray:
    """Scale pixels from -1 to 1, and the other ranges that programs make."""
    images = block.images
    assert images is not None
    if images.dtype == np.int8 and low < -1:
        usual = int(np.median(images))
        notes.say(f"{block.name}: pixels are signed bytes; they were read as 0 to 255")
        return images.view(np.uint8) if usual > -64 else images.view(np.uint8) ^ np.uint8(128)
    standard = (-MNIST_MEAN / MNIST_DEVIATION, (1 - MNIST_MEAN) / MNIST_DEVIATION)
    ranges = (
        (-0.5, 0.5),
        (-1.0, 1.0),
        (round(standard[0], 2) - 0.01, round(standard[1], 2) + 0.01),
    )
    for bottom, top in ranges:
        if low >= bottom - 1e-3 and high <= top + 1e-3:
            exact = standard if top > 1.5 else (bottom, top)
            values = (images.astype(np.float32) - exact[0]) / (exact[1] - exact[0])
            notes.say(
                f"{block.name}: pixels run from {exact[0]:.3g} to {exact[1]:.3g}; "
                "they were scaled to 0 to 255"
            )
            return np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
    _check(block, images < 0, "is below 0")
    raise AssertionError("a pixel below 0 is always named")


def _from_wide(block: Block, high: float, notes: Notes) -> np.ndarray:
    """Scale pixels of 10, 12 or 16 bits."""
    images = block.images
    assert images is not None
    wide = images > 255
    inked = max(int((images > 0).sum()), 1)
    if high > 65535 or int(wide.sum()) < max(2, MANY * inked):
        _check(block, wide, "is above 255")
    top = next(top for top in (1023, 4095, 65535) if high <= top)
    notes.say(f"{block.name}: pixels run from 0 to {top}; they were scaled to 0 to 255")
    return np.rint(images.astype(np.float64) * (255 / top)).astype(np.uint8)


def _whole(images: np.ndarray) -> bool:
    """Return whether all values are whole numbers."""
    return images.dtype.kind in "ui" or bool((images == np.rint(images)).all())


def _check(block: Block, bad: np.ndarray, what: str) -> None:
    """Raise ``DataError`` for the first record with a bad value."""
    if bad.any():
        images = block.images
        assert images is not None
        flat = bad.reshape(len(bad), -1)
        record = int(np.argmax(flat.any(axis=1)))
        place = int(np.argmax(flat[record]))
        value = images.reshape(len(images), -1)[record, place]
        raise DataError(
            f"{block.place(record)}: pixel {place} is {value:g}, which {what}; legal are 0 to 255"
        )
