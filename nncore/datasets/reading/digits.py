"""Turns the raw content of files into digits: bytes with light ink, 28 x 28 or 8 x 8, with labels."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nncore.datasets.reading import polarity
from nncore.datasets.reading.block import Block
from nncore.datasets.reading.labels import to_digits
from nncore.datasets.reading.names import plain
from nncore.datasets.reading.notes import Notes
from nncore.datasets.reading.photos import ink_of, is_photo
from nncore.datasets.reading.scale import fit_picture, stretch
from nncore.datasets.reading.values import DARKEST, to_bytes

USUAL, SMALL = (28, 28), (8, 8)
FEW = 0.05
SLICE = 200_000  # pixels scaled at once
SCALED = "pictures of {size} were scaled into 28 x 28: cropped, fitted into 20 x 20, centred by their mass"
PHOTO = "the ink in {count} was told from the paper by a threshold, after the light was evened out"
CLEANED = "grey paper was made clean, and ink strong"
UPRIGHT = "{name}: EMNIST stores its digits with rows and columns exchanged; they were turned upright"


@dataclass(frozen=True, eq=False)
class Digits:
    """Digits of one part, of one size.

    Attributes:
        name: of their file.
        format: of their file, in words.
        part: "train", "test", "validation" or "".
        images: ``(n, height, width)`` uint8 with light ink.
        labels: ``(n,)`` uint8, or None.
        top: the brightest value a pixel can have, 255 or 16.
        names: of the pictures; empty for other formats.
    """

    name: str
    format: str
    part: str
    images: np.ndarray
    labels: np.ndarray | None
    top: int = 255
    names: tuple[str, ...] = ()


def digits_steps(block: Block, notes: Notes) -> Generator[float, None, Digits]:
    """Return the images and labels of a block as digits; yields the share that is done.

    Raises:
        DataError: names the record with a wrong pixel or label.
        Question: if the meaning of the labels isn't clear.
    """
    images = to_bytes(block, notes)
    labels = None if block.labels is None else to_digits(block, notes)
    top = 16 if images.shape[1:] == SMALL and images.max(initial=0) <= 16 else 255
    light = polarity.light_paper(images if top == 255 else images * np.uint8(15))
    if light.mean() > FEW:  # a few in a set of one origin are bold digits, not inverted ones
        images = np.where(light[:, None, None], np.uint8(top) - images, images)
        notes.say(polarity.sentence(int(light.sum()), len(images)))
    if images.shape[1:] not in (USUAL, SMALL):
        notes.say(_scaled([images.shape[1:]]))
        images = yield from _fitted(list(images))
    elif (
        images.shape[1:] == USUAL
        and "emnist" in plain(block.name)
        and block.format in ("CSV", "MNIST's idx files")
    ):
        images = images.transpose(0, 2, 1)
        notes.say(UPRIGHT.format(name=block.name))
    return Digits(block.name, block.format, block.part, images, labels, top)


def picture_steps(greys: Sequence[np.ndarray], notes: Notes) -> Generator[float, None, np.ndarray]:
    """Return pictures as ``(n, 28, 28)`` or ``(n, 8, 8)`` uint8 with light ink; yields the share done.

    Args:
        greys: grey levels of each picture, ``(height, width)`` uint8.
    """
    photos = [is_photo(grey) for grey in greys]
    if any(photos):
        notes.say(PHOTO.format(count="a photo" if sum(photos) == 1 else f"{sum(photos):,} photos"))
        greys = yield from _developed(greys, photos)
    brightest = max(int(grey.max(initial=0)) for grey in greys)
    if 0 < brightest < DARKEST:
        notes.say(f"grey levels run from 0 to {brightest}; they were scaled to 0 to 255")
        greys = [np.rint(grey * (255 / brightest)).astype(np.uint8) for grey in greys]
    light = polarity.light_paper(greys)
    inked = [255 - grey if dark_ink else grey for grey, dark_ink in zip(greys, light, strict=True)]
    if light.any():
        notes.say(polarity.sentence(int(light.sum()), len(inked)))
    stretched = [stretch(image) for image in inked]
    if any(image is not before for image, before in zip(stretched, inked, strict=True)):
        notes.say(CLEANED)
    inked = stretched
    shapes = {image.shape for image in inked}
    if shapes in ({USUAL}, {SMALL}):
        return np.stack(inked)
    notes.say(_scaled(sorted(shapes - {USUAL})))
    images = yield from _fitted(inked)
    return images


def _developed(
    greys: Sequence[np.ndarray], photos: Sequence[bool]
) -> Generator[float, None, list[np.ndarray]]:
    """Return pictures with the ink alone in place of each photo."""
    found = []
    for number, (grey, photo) in enumerate(zip(greys, photos, strict=True)):
        found.append(ink_of(grey) if photo else grey)
        if photo:
            yield 0.5 * number / len(greys)
    return found


def enlarged(digits: Digits) -> Generator[float, None, Digits]:
    """Return digits of 8 x 8 as 28 x 28, so that they can join others."""
    images = yield from _fitted(list(digits.images * np.uint8(255 // digits.top)))
    return replace(digits, images=images, top=255)


def _fitted(images: Sequence[np.ndarray]) -> Generator[float, None, np.ndarray]:
    """Return images as ``(n, 28, 28)``; those that have the size already stay as they are."""
    found = np.empty((len(images), *USUAL), np.uint8)
    pixels = 0
    for number, image in enumerate(images):
        found[number] = image if image.shape == USUAL else fit_picture(image)
        pixels += image.size
        if pixels > SLICE:
            yield number / len(images)
            pixels = 0
    return found


def _scaled(shapes: Sequence[tuple[int, ...]]) -> str:
    """Return the sentence on pictures of other sizes."""
    sizes = [f"{width} x {height}" for height, width in shapes]
    more = f" and {len(sizes) - 1} other sizes" if len(sizes) > 1 else ""
    listed = f"{sizes[0]} pixels{more}"
    return SCALED.format(size=listed)
