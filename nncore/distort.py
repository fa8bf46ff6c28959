"""New digits from old: random affine and elastic distortions and stroke thickness, a whole batch at a time.

A network that sees every training digit turned, slanted, stretched, moved and bent a little differently each
time has no way to learn the digits by heart (Simard, Steinkraus and Platt, "Best Practices for Convolutional
Neural Networks Applied to Visual Document Analysis", 2003: 98.4 % without, 98.9 % with affine, 99.3 % with
elastic distortions).

One picture of displacements says for each pixel of the result where in the old image it is fetched from;
affine and elastic parts are added up in it, so that the pixels are resampled (and softened) once only. SciPy
can do all of this and is the judge in the tests, but a page would have to load 14 MB for it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from nncore.datasets import Dataset
from nncore.ops import operation

Amount = float | np.ndarray
CHUNK = 64  # images distorted at a time: their coordinates then fit into the processor's cache


@dataclass(frozen=True)
class Distortion:
    """How far digits may be distorted; every image draws its own amounts, uniformly between minus and plus
    the limit.

    Attributes:
        rotation: degrees.
        shear: pixels to the side a pixel down.
        scale: share, for width and height each on its own (0.15: from 85 % to 115 %).
        shift: pixels, for x and y each on its own.
        elastic: Simard's alpha: how strongly a smoothed field of uniform noise (-1 to 1) displaces pixels;
            his best was 34, which moves a pixel by some 1.4.
        smoothness: Simard's sigma: standard deviation in pixels of the Gaussian that smooths the field; his
            best was 4.
        thickness: pixels, at most 1, by which the edges of a stroke move out or in.
        shape: height and width of the images.

    Raises:
        ValueError: for limits below 0 or beyond what is said here.
    """

    rotation: float = 0.0
    shear: float = 0.0
    scale: float = 0.0
    shift: float = 0.0
    elastic: float = 0.0
    smoothness: float = 4.0
    thickness: float = 0.0
    shape: tuple[int, int] = (28, 28)

    def __post_init__(self) -> None:
        highest = {"rotation": 180.0, "scale": 0.9, "thickness": 1.0}
        object.__setattr__(self, "shape", tuple(self.shape))  # lists come from JSON
        for setting in fields(self):
            if setting.name == "shape":
                continue
            value, limit = getattr(self, setting.name), highest.get(setting.name, np.inf)
            if not 0 <= value <= limit or value == np.inf:
                legal = "at least 0" if limit == np.inf else f"from 0 to {limit:g}"
                raise ValueError(f"{setting.name} must be {legal}, not {value!r}")
        if self.elastic and not self.smoothness:
            raise ValueError("smoothness must be above 0 for an elastic distortion, not 0")

    def __call__(self, pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Distort ``(n, height * width)`` uint8 pixels into as many; the same ``rng`` gives the same bits."""
        images = pixels.reshape(-1, *self.shape)
        if self.thickness:
            images = thicken(images, rng.uniform(-self.thickness, self.thickness, len(images)))
        moves = self.rotation or self.shear or self.scale or self.shift
        if moves or self.elastic:
            matrices = self.matrices(len(images), rng)
            field = self.elastic_field(len(images), rng) if self.elastic else None
            images = warp(images, matrices, field)
        return images.reshape(pixels.shape)

    def matrices(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """``count`` random affine maps, ``(count, 2, 3)`` float32, as ``warp`` takes them."""
        rotation, shear, width, height, x, y = rng.uniform(-1, 1, (6, count))
        return affine(
            self.rotation * rotation,
            self.shear * shear,
            1 + self.scale * width,
            1 + self.scale * height,
            self.shift * x,
            self.shift * y,
        )

    def elastic_field(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """``count`` random smooth displacements, ``(2, count, height, width)`` float32: x and y in pixels."""
        noise = rng.random((2, count, *self.shape), dtype=np.float32) * 2 - 1
        down, across = (gaussian_matrix(side, self.smoothness) for side in self.shape)
        return np.float32(self.elastic) * (down @ noise @ across)


def turned(dataset: Dataset, degrees: float) -> Dataset:
    """Every image turned clockwise by so many degrees (Rashid adds the digits turned both ways)."""
    images = warp(dataset.images, affine(degrees))
    return replace(dataset, pixels=images.reshape(dataset.pixels.shape))


def affine(
    degrees: Amount,
    shear: Amount = 0.0,
    width: Amount = 1.0,
    height: Amount = 1.0,
    x: Amount = 0.0,
    y: Amount = 0.0,
) -> np.ndarray:
    """The inverse of: stretch to ``width`` and ``height``, shear, rotate clockwise, move by ``x`` and ``y``.

    The inverse, because a resampled pixel must know where it comes from. Arguments are numbers or ``(n,)``
    arrays.

    Returns:
        ``(n, 2, 3)`` float32: rows give the old x and y from (new x, new y, 1), origin in the middle of the
        image.
    """
    each = np.atleast_1d(degrees, shear, width, height, x, y)
    degrees, shear, width, height, x, y = np.broadcast_arrays(*each)
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    # With y down, turning clockwise is (cos, -sin; sin, cos). Undone first, then the shear, then the stretch.
    inverse = np.array(
        [[(cos + shear * sin) / width, (sin - shear * cos) / width], [-sin / height, cos / height]]
    )
    moved = -(inverse[:, 0] * x + inverse[:, 1] * y)
    return np.concatenate([inverse, moved[:, None]], axis=1).transpose(2, 0, 1).astype(np.float32)


def gaussian_matrix(side: int, sigma: float) -> np.ndarray:
    """``(side, side)`` float32: multiplying by it blurs along an axis; beyond the rim there is nothing.

    A blur is linear, and 28 pixels are few: one small matrix product replaces a loop over the kernel.
    """
    distance = np.arange(side)[:, None] - np.arange(side)
    weights = np.exp(-0.5 * (np.arange(-4 * side, 4 * side + 1) / sigma) ** 2)
    return (np.exp(-0.5 * (distance / sigma) ** 2) / weights.sum()).astype(np.float32)


@operation
def warp(images: np.ndarray, matrices: np.ndarray, field: np.ndarray | None = None) -> np.ndarray:
    """Fetch every pixel from where its map says, bilinearly between the four neighbours; outside is 0.

    Args:
        images: ``(n, height, width)`` uint8.
        matrices: ``(n, 2, 3)`` or ``(1, 2, 3)`` from ``affine``.
        field: ``(2, n, height, width)``: further displacements of x and y, in pixels of the old image; or
            None.

    Returns:
        ``(n, height, width)`` uint8, rounded.
    """
    count, height, width = images.shape
    matrices = np.broadcast_to(matrices, (count, 2, 3))
    rows, columns = np.indices((height, width), np.float32).reshape(2, -1)
    middle_x, middle_y = np.float32((width - 1) / 2), np.float32((height - 1) / 2)
    grid = np.stack([columns - middle_x, rows - middle_y, np.ones_like(rows)])  # (3, height * width)
    result = np.empty((count, height * width), np.uint8)
    for start in range(0, count, CHUNK):
        part = slice(start, start + CHUNK)
        x = matrices[part, 0] @ grid + middle_x
        y = matrices[part, 1] @ grid + middle_y
        if field is not None:
            x += field[0, part].reshape(x.shape)
            y += field[1, part].reshape(y.shape)
        result[part] = _bilinear(images[part], x, y)
    return result.reshape(images.shape)


def _bilinear(images: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The images' values at pixel indices ``x`` and ``y``, ``(n, height * width)`` float32, both spoilt."""
    count, height, width = images.shape
    # A rim of zeros, one pixel before and two after, lets every pair of neighbours be fetched without asking.
    padded = np.zeros((count, height + 3, width + 3), np.float32)
    padded[:, 1:-2, 1:-2] = images
    flat, line = padded.reshape(-1), width + 3
    x += 1
    y += 1
    np.clip(x, 0, width + 1, out=x)
    np.clip(y, 0, height + 1, out=y)
    left, top = x.astype(np.intp), y.astype(np.intp)
    x -= left
    y -= top
    places = top * line + left + (np.arange(count) * padded[0].size)[:, None]
    upper = flat.take(places)
    upper += x * (flat[1:].take(places) - upper)
    lower = flat[line:].take(places)
    lower += x * (flat[line + 1 :].take(places) - lower)
    upper += y * (lower - upper)
    upper += 0.5  # the cast cuts off
    return upper.astype(np.uint8)


def thicken(images: np.ndarray, amounts: np.ndarray) -> np.ndarray:
    """Move the edges of strokes out (amounts above 0) or in (below), by -1 to 1 pixel.

    A whole pixel is the grey-scale dilation (erosion) of morphology: the brightest (darkest) of a pixel and
    its four neighbours. A part of a pixel is as much of the way there.

    Args:
        images: ``(n, height, width)`` uint8.
        amounts: ``(n,)``.
    """
    result = images.copy()
    for chosen, extreme in ((amounts > 0, np.maximum), (amounts < 0, np.minimum)):
        before = images[chosen]
        after = before.copy()
        extreme(after[:, 1:], before[:, :-1], out=after[:, 1:])
        extreme(after[:, :-1], before[:, 1:], out=after[:, :-1])
        extreme(after[:, :, 1:], before[:, :, :-1], out=after[:, :, 1:])
        extreme(after[:, :, :-1], before[:, :, 1:], out=after[:, :, :-1])
        share = np.abs(amounts[chosen]).astype(np.float32)[:, None, None]
        result[chosen] = np.rint(before + share * (after - before.astype(np.float32)))
    return result
