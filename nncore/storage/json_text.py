"""Stores networks as JSON: larger than ``.npz``, but readable by any language and by people."""

from __future__ import annotations

import json

import numpy as np

from nncore.storage.saved import SavedNetwork, StorageError, arrays_of, assemble, describe, parse

# Enough significant digits to distinguish any two numbers of the type, so that the same bits come back.
DIGITS = {"float32": "%.9g", "float64": "%.17g"}


def to_json(saved: SavedNetwork) -> str:
    """Return the network as JSON: the settings, and the arrays as nested lists."""
    digits = DIGITS[saved.network.spec.dtype]
    numbers = {
        key: np.char.mod(digits, array).astype(float).tolist()
        for key, array in arrays_of(saved.network).items()
    }
    return json.dumps(json.loads(describe(saved)) | numbers)


def from_json(text: str | bytes, name: str = "file") -> SavedNetwork:
    """Read a network from JSON.

    Raises:
        StorageError: names the fault of the text.
    """
    content = parse(text, name)
    arrays = {}
    for key in [key for key in content if key[:1] in ("W", "b") and key[1:].isdecimal()]:
        try:
            arrays[key] = np.array(content.pop(key), np.float64)
        except (TypeError, ValueError, OverflowError) as error:
            raise StorageError(
                f"{name}: {key} is not an array of numbers; expected lists of numbers, all of one length"
            ) from error
    return assemble(content, arrays, name)
