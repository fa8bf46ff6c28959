"""Where the weights of a new network come from in an old one, and how to bring them over.

For each weight layer of the new network an ``Origin`` names the old layer, and for each of its rows and
columns the old one or ``NEW``. One description serves for the weights and for whatever else there is a number
of for each weight, such as what an optimiser remembers of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.network import Network, NetworkSpec
from nncore.parameters import Parameters

NEW = -1
"""In place of an old row or column: there was none."""


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a weight layer comes from: ``new[i, j] = old[rows[i], columns[j]]``, unless one of them is
    ``NEW``."""

    layer: int
    rows: np.ndarray
    columns: np.ndarray


@dataclass(frozen=True, eq=False)
class Surgery:
    """The outcome of an operation.

    Attributes:
        network: a new one; the old is as it was.
        exact: whether it computes the same function as the old one.
        note: what was done, and whether outputs jump, for people.
        origins: one for each weight layer, None where nothing of the old network is in it.
        old: layers and biases of the network before.
    """

    network: Network
    exact: bool
    note: str
    origins: tuple[Origin | None, ...]
    old: NetworkSpec

    def carry(self, flat: np.ndarray) -> np.ndarray:
        """``flat``, a number for every old parameter, in the new layout; zeros where there is no old one."""
        return carry(flat, self.old, self.network.spec, self.origins)


def transplant(network: Network, new: NetworkSpec, origins: tuple[Origin | None, ...]) -> Network:
    """A network of the spec ``new`` with the old weights where they belong and zeros elsewhere."""
    flat = carry(network.parameters.flat, network.spec, new, origins)
    return Network(new, Parameters(new.layers, new.biases, flat))


def carry(
    flat: np.ndarray, old: NetworkSpec, new: NetworkSpec, origins: tuple[Origin | None, ...]
) -> np.ndarray:
    """``flat``, laid out for ``old``, in the layout of ``new``; zeros where nothing of the old is."""
    source = Parameters(old.layers, old.biases, flat)
    target = Parameters(new.layers, new.biases, dtype=flat.dtype.name)
    for layer, origin in enumerate(origins):
        if origin is None:
            continue
        rows, columns = np.flatnonzero(origin.rows != NEW), np.flatnonzero(origin.columns != NEW)
        kept = source.weights[origin.layer][np.ix_(origin.rows[rows], origin.columns[columns])]
        target.weights[layer][np.ix_(rows, columns)] = kept
        if new.biases:
            target.biases[layer][columns] = source.biases[origin.layer][origin.columns[columns]]
    return target.flat


def unchanged(spec: NetworkSpec) -> list[Origin]:
    """Every weight layer as it is."""
    sizes = zip(spec.layers, spec.layers[1:], strict=False)
    return [Origin(layer, np.arange(i), np.arange(o)) for layer, (i, o) in enumerate(sizes)]
