"""Which digits can be learned from: the data sets on offer, by the names that the choice ``dataset`` takes.

MNIST comes with the site and the 8 x 8 digits with ``nncore``; a learner's own file joins when it is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OWN, MINE = "own", "mine"  # a file that was opened; what was drawn and labelled on the pad
FEWEST = 20  # digits to learn from


@dataclass(frozen=True)
class DatasetOption:
    """A data set on offer: its name, what people are shown, and what its images are like.

    Attributes:
        pixels: of an image, and so inputs of a network.
        max_value: the brightest value that a pixel can have.
        shared: whether everybody has it, so that a link may name it.
    """

    name: str
    label: str
    pixels: int = 784
    max_value: int = 255
    shared: bool = True


DATASET_OPTIONS = {
    offer.name: offer
    for offer in (
        DatasetOption("mnist", "MNIST"),
        DatasetOption("digits8x8", "8 × 8 digits", pixels=64, max_value=16),
    )
}
"""What everybody has."""


def with_digits_there(choices: dict[str, Any], offers: Mapping[str, DatasetOption]) -> dict[str, Any]:
    """``choices`` with others that fit in place of digits that aren't here, as those of a file which was
    opened on an earlier visit."""
    if choices.get("dataset", "mnist") in offers:
        return choices
    fitting = [offer.name for offer in offers.values() if offer.pixels == choices["layers"][0]]
    return choices | {"dataset": (fitting or ["mnist"])[0]}
