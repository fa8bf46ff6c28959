"""Records where the weights of a new network come from in an old one, and copies them.

For each weight layer of the new network an ``Origin`` names the old layer, and for each of its rows and
columns the old one or ``NEW``. The same description serves for the weights and for any other numbers that
belong to weights, such as the optimiser's slots.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.network import Network, NetworkSpec
from nncore.parameters import Parameters

NEW = -1
"""Marks a row or column without an old one."""


@dataclass(frozen=True, eq=False)
class Origin:
    """The origin of a weight layer: ``new[i, j] = old[rows[i], columns[j]]``.

    Where ``rows[i]`` or ``columns[j]`` is ``NEW``, the weight has no origin.
    """

    layer: int
    rows: np.ndarray
    columns: np.ndarray


@dataclass(frozen=True, eq=False)
class Surgery:
    """The result of an operation.

    Attributes:
        network: the new network; the old one is not changed.
        exact: whether it computes the same function as the old one.
        note: a sentence on the change, and whether outputs jump.
        origins: one for each weight layer, None if it has nothing of the old network.
        old: the settings of the network before.
    """

    network: Network
    exact: bool
    note: str
    origins: tuple[Origin | None, ...]
    old: NetworkSpec

    def carry(self, flat: np.ndarray) -> np.ndarray:
        """Return ``flat``, a number for every old parameter, in the new layout; zeros for new parameters."""
        return carry(flat, self.old, self.network.spec, self.origins)


def transplant(network: Network, new: NetworkSpec, origins: tuple[Origin | None, ...]) -> Network:
    """Return a network of the spec ``new`` with the old weights in their new places and zeros elsewhere."""
    flat = carry(network.parameters.flat, network.spec, new, origins)
    return Network(new, Parameters(new.layers, new.biases, flat))


def carry(
    flat: np.ndarray, old: NetworkSpec, new: NetworkSpec, origins: tuple[Origin | None, ...]
) -> np.ndarray:
    """Return ``flat``, laid out for ``old``, in the layout of ``new``; zeros for new parameters."""
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
    """Return the origins of a network whose weight layers all stay as they are."""
    sizes = zip(spec.layers, spec.layers[1:], strict=False)
    return [Origin(layer, np.arange(i), np.arange(o)) for layer, (i, o) in enumerate(sizes)]
