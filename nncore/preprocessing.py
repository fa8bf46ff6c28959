"""Preprocessing turns stored bytes into a network's inputs, and labels into its targets.

A network is of use only with the preprocessing that it was trained with: one trained on pixels from 0.01 to
1.0 reads 0 to 255 as noise. So these settings are saved with it. Every encoding is an affine function of
bytes (possibly of bytes thresholded beforehand), so that a batch is encoded while it is gathered, in one
pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore import ops
from nncore.checks import choose, require, require_one_of


@dataclass(frozen=True)
class InputEncoding:
    """An encoding of pixels as inputs: ``scale * prepare(pixel) + offset``.

    Attributes:
        name: key in ``INPUTS``.
        label: its name on the page.
        affine: ``(max_value, divisor) -> (scale, offset)``.
        prepare: uint8 pixels to uint8 pixels, applied first.
    """

    name: str
    label: str
    affine: Callable[[int, float], tuple[float, float]]
    prepare: Callable[[np.ndarray], np.ndarray] = lambda pixels: pixels


INPUTS: dict[str, InputEncoding] = {
    encoding.name: encoding
    for encoding in (
        InputEncoding("unit", "0 to 1", lambda top, divisor: (1 / top, 0.0)),
        InputEncoding("rashid", "0.01 to 1.0", lambda top, divisor: (0.99 / top, 0.01)),
        InputEncoding(
            "binary",
            "0 or 1",
            lambda top, divisor: (1.0, 0.0),
            lambda pixels: (pixels > 0).astype(np.uint8),
        ),
        InputEncoding("divide", "Divided by a constant", lambda top, divisor: (1 / divisor, 0.0)),
    )
}
"""Name -> input encoding."""


@dataclass(frozen=True)
class TargetCoding:
    """The desired outputs: ``on`` for the label's own neuron, ``off`` for the others."""

    name: str
    label: str
    off: float
    on: float


TARGETS: dict[str, TargetCoding] = {
    coding.name: coding
    for coding in (
        TargetCoding("one_hot", "0 and 1", 0.0, 1.0),
        # A sigmoid never reaches 0 or 1; as targets they make the weights grow without end (Rashid, part 1).
        TargetCoding("soft", "0.01 and 0.99", 0.01, 0.99),
    )
}
"""Name -> target coding."""


@dataclass(frozen=True)
class Preprocessing:
    """The encoding of images and labels for a network.

    Attributes:
        inputs: name in ``INPUTS``.
        targets: name in ``TARGETS``.
        divisor: for the encoding ``"divide"``; the others ignore it.
        max_value: the brightest value that a pixel can have: 255 in MNIST, 16 in the 8 x 8 digits.

    Raises:
        ValueError: for an unknown name, a divisor that is not above 0, a ``max_value`` outside 1..255.
    """

    inputs: str = "unit"
    targets: str = "one_hot"
    divisor: float = 255.0
    max_value: int = 255

    def __post_init__(self) -> None:
        require_one_of(self.inputs, INPUTS, "input encoding")
        require_one_of(self.targets, TARGETS, "target coding")
        require(self.divisor > 0, "divisor", self.divisor, "above 0")
        require(1 <= self.max_value <= 255, "max_value", self.max_value, "from 1 to 255")

    @property
    def scale_offset(self) -> tuple[float, float]:
        """The pair ``(scale, offset)``: an input is ``scale * prepared pixel + offset``."""
        return INPUTS[self.inputs].affine(self.max_value, self.divisor)

    @property
    def input_range(self) -> tuple[float, float]:
        """The lowest and the highest possible input."""
        scale, offset = self.scale_offset
        top = INPUTS[self.inputs].prepare(np.array([self.max_value], np.uint8))[0]
        return offset, float(scale * top + offset)

    def prepare(self, pixels: np.ndarray) -> np.ndarray:
        """Return the pixels for ``ops.gather``: ``(n, d)`` uint8, the same array if nothing has to change."""
        return INPUTS[self.inputs].prepare(pixels)

    def encode(self, pixels: np.ndarray, dtype: str | np.dtype = "float32") -> np.ndarray:
        """Return the inputs for images: ``(n, d)`` uint8 to ``(n, d)`` of ``dtype``.

        Raises:
            ValueError: if the pixels are not uint8, because scaled inputs would be scaled again.
        """
        require(pixels.dtype == np.uint8, "dtype of the pixels", str(pixels.dtype), "uint8")
        scale, offset = self.scale_offset
        return ops.gather(self.prepare(pixels), np.arange(len(pixels)), scale, offset, np.dtype(dtype))

    def target_table(self, classes: int, dtype: str | np.dtype = "float32") -> np.ndarray:
        """Return ``(classes, classes)``: row ``k`` holds the targets of an image of class ``k``."""
        coding = choose(TARGETS, self.targets, "target coding")
        return np.where(np.eye(classes, dtype=bool), coding.on, coding.off).astype(dtype)

    def targets_for(self, labels: np.ndarray, classes: int, dtype: str | np.dtype = "float32") -> np.ndarray:
        """Return the targets for labels: ``(n,)`` integers to ``(n, classes)`` of ``dtype``."""
        return self.target_table(classes, dtype)[labels]
