"""Finds the layers in bare arrays of weights: which arrays belong together, in which order and orientation.

Programs disagree on the orientation: PyTorch, Rashid's book and Nielsen's program store weights as
``(n_out, n_in)``, Keras and this library as ``(n_in, n_out)``. The shapes tell, because a network of digits
begins with 784 (or 64) pixels, ends with 10 outputs, and each layer takes the outputs of the one before. Only
where both orientations fit does the program's own convention decide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nncore.storage.saved import StorageError

PIXELS = (784, 64)
DIGITS = 10
MOST_REORDERED = 8
"""The most layers whose order is looked for; more than these are taken in the order of the file."""

KIND_WORDS = {"weight", "weights", "kernel", "kernels", "w", "coef", "coefs"}
BIAS_WORDS = {"bias", "biases", "b", "intercept", "intercepts"}


@dataclass(frozen=True, eq=False)
class BareWeights:
    """Arrays of weights and biases without the settings of their network.

    Attributes:
        name: of the file, or of the files, for messages.
        arrays: name -> array, in the order of the file.
        program: the program that wrote them; empty if unknown.
        outputs_first: whether that program stores weights as ``(n_out, n_in)``.
        ordered: whether the layers stand in the file in their order; if not, numbers in their names tell it.
    """

    name: str
    arrays: Mapping[str, np.ndarray]
    program: str = ""
    outputs_first: bool = False
    ordered: bool = False


class Layer(NamedTuple):
    """The weights ``(n_in, n_out)`` of a layer, and its biases ``(n_out,)`` or None."""

    weights: np.ndarray
    biases: np.ndarray | None


class Shape(NamedTuple):
    """The shape of a matrix of weights as it stands in the file, and the length of its biases or None."""

    rows: int
    columns: int
    biases: int | None


def shape_of(matrix: np.ndarray, biases: np.ndarray | None) -> Shape:
    """Return the shape of a layer's arrays."""
    return Shape(matrix.shape[0], matrix.shape[1], None if biases is None else len(biases))


def layers_in(bare: BareWeights) -> list[Layer]:
    """Return the layers of the network in their order.

    Raises:
        StorageError: if the arrays are no plain layers, or don't follow on each other.
    """
    matrices, vectors = _sorted(bare)
    if not matrices:
        raise StorageError(f"{bare.name}: holds no weights of a layer, which are an array of two dimensions")
    partners = _partners(matrices, vectors, bare.name)
    if not bare.ordered:
        partners.sort(key=lambda pair: natural(pair[0]))
    pairs = [(matrices[key], vectors[partner] if partner else None) for key, partner in partners]
    shapes = [shape_of(matrix, biases) for matrix, biases in pairs]
    found = chain(shapes, bare.outputs_first)
    if found is None:
        told = ", ".join(f"{key} {_by(matrix.shape)}" for key, matrix in matrices.items())
        raise StorageError(
            f"{bare.name}: its arrays are no network whose layers follow on each other ({told}); "
            "each layer must take the outputs of the one before, and have one bias for each output"
        )
    order, turned = found
    return [Layer(pairs[place][0].T if turned else pairs[place][0], pairs[place][1]) for place in order]


def chain(shapes: Sequence[Shape], outputs_first: bool) -> tuple[list[int], bool] | None:
    """Return the order in which layers follow on each other, and whether weights are ``(n_out, n_in)``.

    A network from 784 or 64 pixels to ten outputs is looked for first, then one from pixels to any outputs,
    then any network; each time in the orientation of ``outputs_first`` before the other one. None if the
    layers can't follow on each other.
    """
    for pixels, digits in ((True, True), (True, False), (False, False)):
        for turned in (outputs_first, not outputs_first):
            sizes = [
                (shape.columns, shape.rows) if turned else (shape.rows, shape.columns) for shape in shapes
            ]
            if any(
                shape.biases not in (None, n_out) for shape, (_, n_out) in zip(shapes, sizes, strict=True)
            ):
                continue
            if order := _order(sizes, pixels, digits):
                return order, turned
    return None


def is_digit_network(shapes: Sequence[Shape]) -> bool:
    """Return whether layers of these shapes can follow on each other from pixels to ten outputs."""
    found = chain(shapes, outputs_first=False)
    if not found:
        return False
    order, turned = found
    ends = shapes[order[0]], shapes[order[-1]]
    n_in, n_out = (ends[0].columns, ends[1].rows) if turned else (ends[0].rows, ends[1].columns)
    return n_in in PIXELS and n_out == DIGITS


def _order(sizes: list[tuple[int, int]], pixels: bool, digits: bool) -> list[int]:
    """Return the order in which layers of these sizes ``(n_in, n_out)`` follow on each other; empty if none.

    Args:
        pixels: whether the first layer must take 784 or 64 inputs; the layers may then be reordered.
        digits: whether the last layer must have ten outputs.
    """

    def follow(path: list[int]) -> list[int]:
        if len(path) == len(sizes):
            return path if not digits or sizes[path[-1]][1] == DIGITS else []
        left = [place for place in range(len(sizes)) if place not in path]
        if not pixels or len(sizes) > MOST_REORDERED:
            left = left[:1]  # only the order of the file
        for place in left:
            n_in = sizes[place][0]
            fits = n_in == sizes[path[-1]][1] if path else not pixels or n_in in PIXELS
            if fits and (found := follow([*path, place])):
                return found
        return []

    return follow([])


def _sorted(bare: BareWeights) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return the matrices and the vectors among the arrays, by name; single values are left out.

    A vector may also be stored as a column or a row.

    Raises:
        StorageError: for arrays of more dimensions, or of anything but numbers.
    """
    matrices, vectors = {}, {}
    for key, array in bare.arrays.items():
        if array.ndim == 0:
            continue
        if array.dtype.kind != "f":
            raise StorageError(
                f"{bare.name}: {key} holds no fractions, as weights and biases are; weights that were "
                "rounded to whole numbers are not read here"
            )
        if array.ndim > 2:
            raise StorageError(
                f"{bare.name}: {key} has the shape {_by(array.shape)}, so it belongs to no plain layer (a "
                "convolution, for example); only networks of plain layers, with weights of two dimensions, "
                "are read here"
            )
        if not array.size:
            raise StorageError(f"{bare.name}: {key} is empty")
        if array.ndim == 1 or 1 in array.shape:
            vectors[key] = array.ravel()
        else:
            matrices[key] = array
    return matrices, vectors


def _partners(
    matrices: Mapping[str, np.ndarray], vectors: Mapping[str, np.ndarray], name: str
) -> list[tuple[str, str | None]]:
    """Return pairs of a matrix and its biases by their names; None for a matrix without biases.

    Names tell (``W1`` and ``b1``, ``fc1.weight`` and ``fc1.bias``); names that don't, such as ``arr_0``, are
    paired by their order.

    Raises:
        StorageError: for biases that belong to no matrix.
    """
    by_stem = {_stem(key): key for key in vectors}
    stems = {_stem(key) for key in matrices}
    if len(by_stem) == len(vectors) and len(stems) == len(matrices) and set(by_stem) <= stems:
        return [(key, by_stem.get(_stem(key))) for key in matrices]
    normalising = any(KIND_WORDS & set(_words(key)) for key in vectors)  # a vector of weights is no bias
    if len(vectors) == len(matrices) and not normalising:
        return list(zip(matrices, vectors, strict=True))
    told = ", ".join(f"{key} ({len(vector)})" for key, vector in vectors.items())
    raise StorageError(
        f"{name}: has {len(matrices)} arrays of weights, but {len(vectors)} that would be biases: "
        f"{told}. Each layer has one array of weights, and one of biases or none (a layer that normalises, "
        "for example, can't be read)"
    )


def _stem(key: str) -> str:
    """Return the part of an array's name that it shares with its partner: ``"fc 1"`` of ``"fc1.weight"``."""
    shortened = (re.sub(r"^[wb](?=(ih|hh|ho|h|o|i)$)", "", word) for word in _words(key))
    return " ".join(word for word in shortened if word not in KIND_WORDS | BIAS_WORDS)


def natural(key: str) -> tuple[tuple[int, str], ...]:
    """Return a key by which names sort with their numbers as numbers: ``W2`` before ``W10``."""
    return tuple((int(word), "") if word.isdecimal() else (-1, word) for word in _words(key))


def _words(key: str) -> list[str]:
    """Return the words and numbers in an array's name: ``["fc", "1", "weight"]`` of ``"fc1.weight"``."""
    return re.findall(r"[a-z]+|\d+", key.lower().removesuffix(":0"))


def _by(shape: tuple[int, ...]) -> str:
    """Return a shape in words: ``"200 x 784"``."""
    return " x ".join(map(str, shape))
