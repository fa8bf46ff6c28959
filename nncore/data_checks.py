"""Checks that a network, a data set and a preprocessing belong together, before a network is trained."""

from __future__ import annotations

from nncore.checks import require
from nncore.datasets import Dataset
from nncore.network import Network
from nncore.preprocessing import Preprocessing


def check_fit(network: Network, dataset: Dataset, preprocessing: Preprocessing) -> None:
    """Check that the network can be trained on the data set.

    The data set needs at least one image, as many pixels as the network has inputs, as many classes as it has
    outputs, and the pixel range that the preprocessing expects.

    Raises:
        ValueError: if a number does not fit; the message gives it and the number that would fit.
    """
    inputs, outputs = network.spec.layers[0], network.spec.layers[-1]
    pixels = dataset.pixels.shape[1]
    require(len(dataset) > 0, "number of images", len(dataset), "at least 1")
    require(pixels == inputs, "pixels of an image", pixels, f"{inputs}, the network's inputs")
    require(
        dataset.classes == outputs, "number of classes", dataset.classes, f"{outputs}, the network's outputs"
    )
    require(
        dataset.max_value == preprocessing.max_value,
        "max_value of the data",
        dataset.max_value,
        f"{preprocessing.max_value}, the preprocessing's",
    )
