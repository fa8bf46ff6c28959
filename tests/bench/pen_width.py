"""Measures the width of the pen that wrote MNIST, for ``nncore.pen.PEN_WIDTH``.

    pip install scikit-image && python -m tests.bench.pen_width FOLDER_WITH_MNIST

Each training digit is enlarged, cut at half ink and thinned to its skeleton; twice the distance from the
skeleton to the edge is the stroke's width. Thinning has a bias of its own (line ends, corners, crossings), so
curves drawn by our own pen at known widths are measured in the same way. The pen gets the width whose curves
measure like MNIST's digits.
"""

from __future__ import annotations

import sys

import numpy as np
from scipy.ndimage import distance_transform_edt, zoom
from skimage.morphology import skeletonize

from nncore.datasets.mnist import load_part
from nncore.pen import rasterise

ENLARGE = 8
DIGITS, CURVES = 5000, 200


def stroke_width(image: np.ndarray) -> float:
    """Return the mean stroke width, in pixels, of a ``(28, 28)`` picture with values from 0 to 1."""
    ink = zoom(image, ENLARGE, order=1, mode="grid-constant", grid_mode=True) > 0.5
    skeleton = skeletonize(ink)
    return 2 * distance_transform_edt(ink)[skeleton].mean() / ENLARGE


def curve(rng: np.random.Generator) -> list[np.ndarray]:
    """Return a smooth arc with a random direction and bend, up to most of a full turn."""
    angles = rng.uniform(0, 2 * np.pi) + rng.uniform(-5, 5) * np.linspace(0, 1, 60)
    return [np.cumsum(np.stack([np.cos(angles), np.sin(angles)], axis=1), axis=0)]


def main(folder: str) -> None:
    rng = np.random.default_rng(0)
    train = load_part(folder, "train")
    chosen = np.sort(rng.permutation(len(train))[:DIGITS])
    mnist = np.array([stroke_width(image) for image in train.images[chosen] / np.float32(255)])
    print(
        f"MNIST: mean {mnist.mean():.3f}, median {np.median(mnist):.3f}, sd {mnist.std():.3f} px as measured"
    )
    widths = np.arange(2.2, 3.01, 0.2)
    curves = [curve(rng) for _ in range(CURVES)]
    ours = np.array([np.mean([stroke_width(rasterise(c, width)) for c in curves]) for width in widths])
    for width, measured in zip(widths, ours, strict=True):
        print(f"our pen at {width:.1f} px measures {measured:.3f}")
    print(f"the pen that measures like MNIST: {np.interp(mnist.mean(), ours, widths):.2f} px")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
