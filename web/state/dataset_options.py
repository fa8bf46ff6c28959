"""Lists the data sets on offer, by the names that the choice ``dataset`` takes.

MNIST comes with the site and the 8 x 8 digits with ``nncore``; a learner's own file joins when it is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OWN, MINE = "own", "mine"  # digits from an opened file; digits drawn and labelled on the pad
FEWEST = 20  # digits that a data set must have to be learned from
FEW = 20_000  # training digits that are kept of a downloaded data set where there is little memory: 16 MB


@dataclass(frozen=True)
class DatasetOption:
    """A data set on offer.

    Attributes:
        name: value of the choice ``dataset``.
        label: name on the page.
        pixels: number of pixels of an image, and so of a network's inputs.
        max_value: the brightest value that a pixel can have.
        shared: whether every visitor has it, so that a link may name it.
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
"""The data sets that every visitor has."""


def with_digits_there(choices: dict[str, Any], offers: Mapping[str, DatasetOption]) -> dict[str, Any]:
    """Return ``choices``, with a data set of the same image size in place of one that is not on offer.

    A file that was opened on an earlier visit is not on offer, for example.
    """
    if choices.get("dataset", "mnist") in offers:
        return choices
    fitting = [offer.name for offer in offers.values() if offer.pixels == choices["layers"][0]]
    return choices | {"dataset": (fitting or ["mnist"])[0]}
