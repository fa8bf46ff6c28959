"""Back-query by gradient: change an image until the network reads in it what was asked for.

The other methods guess the way back. This one asks the network: its loss has a slope by every *pixel* just as
by every weight (one more product with the first layer's transposed weights), and going down that slope makes
the image more of what was asked for. Erhan et al. called it activation maximisation (Visualizing higher-layer
features of a deep network, 2009).

Left alone it finds images that the network is sure of and no person can read: faint noise in the right
places. Two habits keep it to images that have something of a drawing, both from Yosinski et al.
(Understanding neural networks through deep visualization, 2015): ``l2`` pulls pixels that don't matter back
to paper white, ``blur`` mixes neighbours, as a pen would. And no pixel ever leaves the range of possible
inputs.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isqrt

import numpy as np

from nncore.backquery.result import BackQuery, results
from nncore.checks import require
from nncore.network import Network
from nncore.preprocessing import Preprocessing


def gradient_steps(
    network: Network,
    targets: np.ndarray,
    preprocessing: Preprocessing,
    *,
    steps: int = 60,
    rate: float = 0.25,
    l2: float = 0.05,
    blur: float = 0.5,
    noise: float = 0.1,
    seed: int = 0,
    start: np.ndarray | None = None,
    shape: tuple[int, int] | None = None,
) -> Iterator[list[BackQuery]]:
    """Images on their way, one a target: before the first step, and after each.

    Args:
        targets: ``(m, n_out)``.
        steps: how many.
        rate: how far the first step goes, as a share of the input range (root mean square over the pixels);
            later ones become shorter, down to almost nothing, so that the image settles.
        l2: share of the distance to the lowest input that every step takes back.
        blur: share of each pixel that every step takes from its neighbours; 0 for none.
        noise: the start is the lowest input plus up to this share of the range.
        seed: of that noise.
        start: ``(d,)`` or ``(m, d)`` in the input range, to begin there instead.
        shape: of an image; None if it is square.

    An image without any slope (every ReLU is off) stays where it is: nothing says which way to go.

    Raises:
        ValueError: for a start of another shape, or if the image isn't square and no shape is given.
    """
    require(steps >= 0, "steps", steps, "at least 0")
    low, high = preprocessing.input_range
    count, size, dtype = len(targets), network.spec.layers[0], network.spec.dtype
    height, width = shape or (isqrt(size), isqrt(size))
    require(height * width == size, "shape of an image", (height, width), f"of {size} pixels")
    if start is None:
        rng = np.random.default_rng(seed)
        start = low + (high - low) * noise * rng.random(size)
    require(np.shape(start) in ((size,), (count, size)), "shape of the start", np.shape(start), f"({size},)")
    images = np.broadcast_to(start, (count, size)).astype(dtype).clip(low, high)
    for step in range(steps + 1):
        trace = network.forward(images)
        yield results(images, targets, trace.output, "gradient")
        if step == steps:
            return
        slope = network.input_gradient(trace, targets)
        # The size of a slope says little about how far to go: near the goal, and in a saturated network, it
        # all but vanishes. So only its direction counts.
        length = np.sqrt((slope * slope).mean(axis=1, keepdims=True))
        direction = np.divide(slope, length, out=np.zeros_like(slope), where=length > 0)
        images = images - rate * (1 - step / steps) * (high - low) * direction
        images -= l2 * (images - low)
        if blur:
            pictures = images.reshape(count, height, width)
            images = ((1 - blur) * pictures + blur * _blurred(pictures)).reshape(count, size)
        images = images.clip(low, high)


def gradient(
    network: Network, targets: np.ndarray, preprocessing: Preprocessing, **options: object
) -> np.ndarray:
    """Images for these targets after all steps, ``(m, n_out)`` to ``(m, d)``; options as
    ``gradient_steps``."""
    steps = list(gradient_steps(network, targets, preprocessing, **options))  # type: ignore[arg-type]
    return np.stack([one.image for one in steps[-1]])


def _blurred(pictures: np.ndarray) -> np.ndarray:
    """Every pixel mixed with its neighbours 1:2:1 along both axes; ``(m, height, width)``."""
    padded = np.pad(pictures, ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4
    return (rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]) / 4
