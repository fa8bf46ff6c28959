"""Back-query by gradient: changes an image until the network reads the digit asked for.

The other methods guess the way back. This one uses the network: its loss has a slope by every *pixel* just as
by every weight (one more product with the first layer's transposed weights), and following that slope down
makes the image more like the target. Erhan et al. called it activation maximisation (Visualizing higher-layer
features of a deep network, 2009).

Without limits it finds images that the network is sure of and that no person can read: faint noise in the
right places. Two steps keep the images closer to drawings, both from Yosinski et al. (Understanding neural
networks through deep visualization, 2015): ``l2`` pulls unimportant pixels back to paper white, ``blur``
mixes neighbours, as a pen would. All pixels stay in the range of possible inputs.
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
    """Yield the images of all targets: before the first step, and after each.

    An image without any slope (every ReLU is off) does not change, because there is no direction to go.

    Args:
        targets: ``(m, n_out)``.
        preprocessing: the network's.
        steps: the number of steps.
        rate: the length of the first step, as a share of the input range (root mean square over the pixels);
            later ones become shorter, down to almost nothing, so that the image settles.
        l2: the share of the distance to the lowest input that every step takes back.
        blur: the share of each pixel that every step takes from its neighbours; 0 for none.
        noise: the start is the lowest input plus up to this share of the range.
        seed: of that noise.
        start: ``(d,)`` or ``(m, d)`` in the input range, to begin there instead.
        shape: of an image; None if it is square.

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
        # The size of a slope says little about the distance to go: near the goal, and in a saturated network,
        # it is almost 0. So only its direction is used.
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
    """Return the images for these targets after all steps, ``(m, n_out)`` to ``(m, d)``.

    Options as for ``gradient_steps``.
    """
    steps = list(gradient_steps(network, targets, preprocessing, **options))  # type: ignore[arg-type]
    return np.stack([one.image for one in steps[-1]])


def _blurred(pictures: np.ndarray) -> np.ndarray:
    """Return every pixel mixed with its neighbours 1:2:1 along both axes; ``(m, height, width)``."""
    padded = np.pad(pictures, ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4
    return (rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]) / 4
