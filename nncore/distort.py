"""Makes new digits from old ones by random distortion: affine, elastic, and of stroke thickness.

It works on a whole batch at a time. A network that sees every training digit turned, slanted, stretched,
moved and bent a little differently each time cannot learn the digits by heart (Simard, Steinkraus and Platt,
"Best Practices for Convolutional Neural Networks Applied to Visual Document Analysis", 2003: 98.4 % without,
98.9 % with affine, 99.3 % with elastic distortions).

A field of displacements gives, for each pixel of the result, its place in the old image. The affine and
elastic parts are added up in it, so that the pixels are resampled (and softened) only once. SciPy can do all
of this and is the reference in the tests, but a page would have to load 14 MB for it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from nncore.datasets import Dataset
from nncore.ops import operation

Amount = float | np.ndarray
CHUNK = 64  # images distorted at a time, so that their coordinates fit into the processor's cache


@dataclass(frozen=True)
class Distortion:
    """The limits of a random distortion.

    Every image draws its own amounts, uniformly from minus to plus the limit.

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
        ValueError: for limits below 0 or beyond those given here.
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
        """Return distorted copies of the images; the same ``rng`` gives the same bits.

        Args:
            pixels: ``(n, height * width)`` uint8.

        Returns:
            an array of the same shape and dtype.
        """
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
        """Return ``count`` random affine maps for ``warp``, ``(count, 2, 3)`` float32."""
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
        """Return random smooth displacements: x and y in pixels, ``(2, count, height, width)`` float32."""
        noise = rng.random((2, count, *self.shape), dtype=np.float32) * 2 - 1
        down, across = (gaussian_matrix(side, self.smoothness) for side in self.shape)
        return np.float32(self.elastic) * (down @ noise @ across)


def turned(dataset: Dataset, degrees: float) -> Dataset:
    """Return the data set with every image turned clockwise by ``degrees``.

    Rashid's book adds digits turned both ways to the training images.
    """
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
    """Return the inverse of an affine map: stretch, shear, rotate clockwise, then move by ``x`` and ``y``.

    The inverse, because each pixel of the result is fetched from a place in the old image. Arguments are
    numbers or ``(n,)`` arrays.

    Args:
        degrees: of the rotation. shear: pixels to the side a pixel down.
        width, height: factors of the stretch. x, y: pixels.

    Returns:
        ``(n, 2, 3)`` float32: rows give the old x and y from (new x, new y, 1), with the origin in the
        middle of the image.
    """
    each = np.atleast_1d(degrees, shear, width, height, x, y)
    degrees, shear, width, height, x, y = np.broadcast_arrays(*each)
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    # With y down, turning clockwise is (cos, -sin; sin, cos). The inverse undoes it first, then the shear,
    # then the stretch.
    inverse = np.array(
        [[(cos + shear * sin) / width, (sin - shear * cos) / width], [-sin / height, cos / height]]
    )
    moved = -(inverse[:, 0] * x + inverse[:, 1] * y)
    return np.concatenate([inverse, moved[:, None]], axis=1).transpose(2, 0, 1).astype(np.float32)


def gaussian_matrix(side: int, sigma: float) -> np.ndarray:
    """Return a ``(side, side)`` float32 matrix that blurs along an axis; outside the image there are zeros.

    A blur is linear, and 28 pixels are few: one small matrix product replaces a loop over the kernel.
    """
    distance = np.arange(side)[:, None] - np.arange(side)
    weights = np.exp(-0.5 * (np.arange(-4 * side, 4 * side + 1) / sigma) ** 2)
    return (np.exp(-0.5 * (distance / sigma) ** 2) / weights.sum()).astype(np.float32)


@operation
def warp(images: np.ndarray, matrices: np.ndarray, field: np.ndarray | None = None) -> np.ndarray:
    """Fetch every pixel from its place in the old image, bilinearly between four neighbours; outside is 0.

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
    """Return the images' values at the pixel indices ``x`` and ``y``, ``(n, height * width)`` float32.

    ``x`` and ``y`` are used as working memory and changed.
    """
    count, height, width = images.shape
    # With a rim of zeros, one pixel before and two after, every pair of neighbours exists.
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
    upper += 0.5  # because the cast truncates
    return upper.astype(np.uint8)


def thicken(images: np.ndarray, amounts: np.ndarray) -> np.ndarray:
    """Move the edges of strokes out (amounts above 0) or in (below 0), by up to 1 pixel.

    A whole pixel is the grey-scale dilation (erosion) of morphology: the brightest (darkest) of a pixel and
    its four neighbours. A fraction of a pixel mixes the old and the new image in that proportion.

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
