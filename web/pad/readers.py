"""Who reads the pad: a network that came with the page, or the learner's own.

Nobody's first drawing should be read by a network that has learned nothing. So the shipped ones read until
the learner's own network has been trained; from then on it does, because what it says about a drawing is what
its training was worth. The choice ``reader`` overrules that either way. A further shipped network, the gate,
says whether what was drawn looks like a digit at all (``nncore.gate``).
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
        temperature: by which its logits are to be divided so that it is as sure as it should be; 1 where that
            has been done already, None where nobody has measured it.
    """

    name: str
    network: Network
    preprocessing: Preprocessing
    temperature: float | None = None


class Readers:
    """The shipped networks that have arrived, and the gate."""

    def __init__(self) -> None:
        self.shipped: dict[str, Reader] = {}
        self.gate: Gate | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What can be chosen now."""
        return tuple(name for name in READERS if name in (AUTO, YOURS) or name in self.shipped)

    def chosen(self, choice: str, own: Reader, trained: bool) -> Reader:
        """Who reads for this choice: a shipped network that hasn't come yet is replaced by the next best."""
        wanted = [] if choice == YOURS or (choice == AUTO and trained) else [choice, *SHIPPED]
        return next((self.shipped[name] for name in wanted if name in self.shipped), own)

    def read(self, ink: np.ndarray, reader: Reader) -> Reading:
        """What ``reader`` says about ``(784,)`` float32 of ink, 0 to 1."""
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
    """The drawing after each step from the pad to the picture, and what ``reader`` reads in it."""
    if not strokes:
        return ()
    found = stages(strokes, taken)
    pixels = np.stack([to_pixels(stage.image).ravel() for stage in found])
    inputs = [inputs_for(reader.network, reader.preprocessing, picture) for picture in pixels]
    outputs = reader.network.predict(np.concatenate(inputs))
    said = [calibrated(row, reader.temperature) or shares(row) for row in outputs]
    return tuple(
        SeenStage(stage.name, stage.taken, seen, int(row.argmax()), max(row_shares))
        for stage, seen, row, row_shares in zip(found, pixels, outputs, said, strict=True)
    )


def pad_pixels(strokes: Sequence, picture: bytes) -> np.ndarray | None:
    """What is on the pad as the network sees it, ``(784,)`` float32 from 0 to 1; None if nothing is."""
    if strokes:
        return rasterise([np.asarray(stroke, np.float32) for stroke in strokes]).ravel()
    if picture:
        return np.frombuffer(picture, np.uint8).astype(np.float32) / 255
    return None


def inputs_for(network: Network, preprocessing: Preprocessing, picture: np.ndarray) -> np.ndarray:
    """The ``(1, n_in)`` inputs that a ``(784,)`` uint8 picture gives this network, whatever their number."""
    return preprocessing.encode(fitted(picture, network.spec.layers[0], preprocessing.max_value)[None])


def shares(outputs: np.ndarray) -> tuple[float, ...]:
    """``(10,)`` outputs as shares of their sum: ten sigmoids don't add up to one, and a share of the whole is
    what "94 % sure" can mean for them."""
    positive = np.maximum(outputs, 0)
    return tuple((positive / max(float(positive.sum()), 1e-9)).tolist())


def calibrated(outputs: np.ndarray, temperature: float | None) -> tuple[float, ...] | None:
    """The shares of a softmax's ``(10,)`` outputs, had its logits been divided by ``temperature``; None
    without one.

    p ** (1 / T), scaled to a sum of 1, is just that: whatever was added to all logits falls out.
    """
    if temperature is None:
        return None
    if temperature == 1:
        return shares(outputs)
    logarithms = np.log(np.maximum(outputs.astype(float), 1e-30)) / temperature
    return shares(np.exp(logarithms - logarithms.max()))
