"""Networks as JSON: larger than ``.npz``, but a file that any language, and anybody's eyes, can read."""

from __future__ import annotations

import json

import numpy as np

from nncore.storage.saved import SavedNetwork, StorageError, arrays_of, assemble, describe, parse

# So many significant digits tell any two numbers of the type apart: the same bits come back.
DIGITS = {"float32": "%.9g", "float64": "%.17g"}


def to_json(saved: SavedNetwork) -> str:
    """The text: the settings, and the arrays as nested lists."""
    digits = DIGITS[saved.network.spec.dtype]
    numbers = {
        key: np.char.mod(digits, array).astype(float).tolist()
        for key, array in arrays_of(saved.network).items()
    }
    return json.dumps(json.loads(describe(saved)) | numbers)


def from_json(text: str | bytes, name: str = "file") -> SavedNetwork:
    """Read such a text. ``StorageError`` says what is wrong with it."""
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
