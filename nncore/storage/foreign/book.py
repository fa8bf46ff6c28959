"""Knows and writes the arrays of Make Your Own Neural Network (Rashid, 2016): ``wih`` and ``who``.

The book's network has sigmoids throughout and no biases, its inputs lie between 0.01 and 1, and its weights
are ``(n_out, n_in)``: ``wih`` leads from the inputs to the hidden layer, ``who`` from there to the outputs.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection

import numpy as np

from nncore.storage.saved import SavedNetwork, StorageError

NAME = re.compile(r"(?<![a-z])w_?(ih|hh|ho)(?![a-z])")
INPUTS = "rashid"
"""The name in ``preprocessing.INPUTS`` of the book's inputs."""


def book_name(text: str) -> str:
    """Return the book's name in a text, ``"wih"``, ``"whh"`` or ``"who"``; empty if it has none."""
    found = NAME.search(text.lower())
    return f"w{found[1]}" if found else ""


def is_the_books(names: Collection[str]) -> bool:
    """Return whether arrays of these names are ``wih`` and ``who`` of the book, and nothing else."""
    found = [book_name(name) for name in names]
    return {"wih", "who"} <= set(found) and all(found)


def to_book(saved: SavedNetwork) -> bytes:
    """Return the bytes of an ``.npz`` with ``wih`` and ``who``, for the program of the book.

    Raises:
        StorageError: if the book's program has no such networks.
    """
    network, spec = saved.network, saved.network.spec
    if len(spec.layers) != 3 or spec.biases or set(spec.activations) != {"sigmoid"}:
        raise StorageError(
            "the book's program has networks of one hidden layer, sigmoids and no biases; this one has "
            f"{'-'.join(map(str, spec.layers))}, {', '.join(spec.activations)} and "
            f"{'biases' if spec.biases else 'no biases'}"
        )
    if saved.preprocessing.inputs != INPUTS:
        raise StorageError(
            "the book's program feeds inputs from 0.01 to 1; this network has inputs "
            f"{saved.preprocessing.inputs!r}"
        )
    buffer = io.BytesIO()
    wih, who = network.weights
    np.savez_compressed(buffer, wih=wih.T, who=who.T)
    return buffer.getvalue()
