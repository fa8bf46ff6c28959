"""Chooses the network that reads the pad, and lets it read.

A first drawing should not be read by a network that has learned nothing. So a shipped network reads the pad
until the learner's own network has been trained; then that one reads, because its answers show how well it
was trained. The choice ``reader`` overrules this. Another shipped network, the gate, tells whether a drawing
looks like a digit at all (``nncore.gate``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nncore.datasets.strokes import to_pixels
from nncore.gate import Gate
from nncore.network import Network
from nncore.pen import rasterise
from nncore.pen.steps import stages
from nncore.preprocessing import Preprocessing
from web.state.reader_choices import AUTO, READERS, SHIPPED, YOURS
from web.state.resizing import fitted, framed
from web.state.snapshot import Reading, SeenStage


@dataclass(frozen=True, eq=False)
class Reader:
    """A network that can read the pad.

    Attributes:
        name: key of ``READERS``.
        network, preprocessing: the network, and the preprocessing of its inputs.
        temperature: divides its logits to calibrate it; 1 for a calibrated network, None if it is unknown.
    """

    name: str
    network: Network
    preprocessing: Preprocessing
    temperature: float | None = None


class Readers:
    """The shipped networks that have arrived, and the gate.

    Attributes:
        shipped: name -> reader.
        gate: None before it has arrived.
    """

    def __init__(self) -> None:
        self.shipped: dict[str, Reader] = {}
        self.gate: Gate | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The values of the choice ``reader`` that are possible now."""
        return tuple(name for name in READERS if name in (AUTO, YOURS) or name in self.shipped)

    def chosen(self, choice: str, own: Reader, trained: bool) -> Reader:
        """Return the network that reads the pad; a shipped network on its way is replaced by the best that is
        there.

        Args:
            choice: value of the choice ``reader``.
            own: the learner's own network.
            trained: whether that has learned anything.
        """
        wanted = [] if choice == YOURS or (choice == AUTO and trained) else [choice, *SHIPPED]
        return next((self.shipped[name] for name in wanted if name in self.shipped), own)

    def read(self, ink: np.ndarray, reader: Reader) -> Reading:
        """Return the answer of ``reader`` to a drawing.

        Args:
            ink: ``(784,)`` float32, 0 to 1.
        """
        pixels = to_pixels(ink)[None]
        inputs = inputs_for(reader.network, reader.preprocessing, pixels[0])
        outputs = reader.network.predict(inputs)[0]
        scores, passes = self.gate.judge(pixels) if self.gate else (None, None)
        count, top = reader.network.spec.layers[0], reader.preprocessing.max_value
        return Reading(
            inputs=inputs[0],
            pixels=framed(fitted(pixels[0], count, top)[None], top)[0].astype(np.float32) / 255,
            probabilities=shares(outputs),
            digit=int(outputs.argmax()),
            reader=reader.name,
            calibrated=calibrated(outputs, reader.temperature),
            digit_score=None if scores is None else float(scores[0]),
            looks_like_digit=None if passes is None else bool(passes[0]),
        )


def inspected(strokes: Sequence, taken: Sequence[str], reader: Reader) -> tuple[SeenStage, ...]:
    """Return the drawing after each pen step, with the digit that ``reader`` reads in it.

    Args:
        strokes: as in ``LabState``.
        taken: names of the steps that are taken.
    """
    if not strokes:
        return ()
    found = stages(strokes, taken)
    pixels = np.stack([to_pixels(stage.image).ravel() for stage in found])
    return seen_stages([stage.name for stage in found], [stage.taken for stage in found], pixels, reader)


def seen_stages(
    names: Sequence[str], taken: Sequence[bool], pixels: np.ndarray, reader: Reader
) -> tuple[SeenStage, ...]:
    """Return stages with the digit that ``reader`` reads in each.

    Args:
        names, taken: of each stage.
        pixels: ``(n, 784)`` uint8.
    """
    return tuple(
        SeenStage(name, was_taken, seen, digit, share)
        for name, was_taken, seen, (digit, share) in zip(
            names, taken, pixels, digits_in(pixels, reader), strict=True
        )
    )


def digits_in(pictures: np.ndarray, reader: Reader) -> list[tuple[int, float]]:
    """Return the digit that ``reader`` reads in each picture, and that digit's share, 0 to 1.

    Args:
        pictures: ``(n, 784)`` uint8, 255 for full ink; at least one.
    """
    inputs = [inputs_for(reader.network, reader.preprocessing, picture) for picture in pictures]
    outputs = reader.network.predict(np.concatenate(inputs))
    said = [calibrated(row, reader.temperature) or shares(row) for row in outputs]
    return [(int(row.argmax()), max(row_shares)) for row, row_shares in zip(outputs, said, strict=True)]


def pad_pixels(strokes: Sequence, picture: bytes) -> np.ndarray | None:
    """Return the drawing on the pad as ``(784,)`` float32, 0 to 1; None while the pad is empty.

    Args:
        strokes: as in ``LabState``; they come before the picture.
        picture: 784 bytes, or empty.
    """
    if strokes:
        return rasterise([np.asarray(stroke, np.float32) for stroke in strokes]).ravel()
    if picture:
        return np.frombuffer(picture, np.uint8).astype(np.float32) / 255
    return None


def inputs_for(network: Network, preprocessing: Preprocessing, picture: np.ndarray) -> np.ndarray:
    """Return the ``(1, n_in)`` inputs of a network for a ``(784,)`` uint8 picture, resized to its number of
    inputs."""
    return preprocessing.encode(fitted(picture, network.spec.layers[0], preprocessing.max_value)[None])


def shares(outputs: np.ndarray) -> tuple[float, ...]:
    """Return ``(10,)`` outputs as shares of their sum.

    The outputs of ten sigmoids don't add up to one, so the share of the sum is shown as the network's
    confidence.
    """
    positive = np.maximum(outputs, 0)
    return tuple((positive / max(float(positive.sum()), 1e-9)).tolist())


def calibrated(outputs: np.ndarray, temperature: float | None) -> tuple[float, ...] | None:
    """Return the calibrated shares of a softmax's ``(10,)`` outputs; None if ``temperature`` is None.

    They are the softmax of the logits divided by the temperature T. That equals p ** (1 / T), scaled to a sum
    of 1, because any number added to all logits cancels.
    """
    if temperature is None:
        return None
    if temperature == 1:
        return shares(outputs)
    logarithms = np.log(np.maximum(outputs.astype(float), 1e-30)) / temperature
    return shares(np.exp(logarithms - logarithms.max()))
