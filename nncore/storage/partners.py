"""Finds the files that belong to the file of a single array: ``who.csv`` beside ``wih.csv``."""

from __future__ import annotations

import re
from pathlib import Path

ARRAY_ENDINGS = (".npy", ".csv", ".tsv", ".txt", ".dat")
KIND = re.compile(r"(?<![a-z])(?:[wb]_?(?:ih|hh|ho)\d*|[wb]_?\d+|(?:weights?|bias(?:es)?)_?\d+)(?![a-z0-9])")
"""Matches the part of a file's name that says which array of a network it holds."""


def partners_of(path: Path) -> list[Path]:
    """Return the other files of a network of which ``path`` holds one array, sorted; mostly none.

    They stand in the same folder, and their names differ only in the part that says which array they hold.
    """
    skeleton = _skeleton(path)
    if not skeleton or not path.is_file():
        return []
    beside = sorted(other for other in path.parent.iterdir() if other.is_file())
    return [other for other in beside if other != path and _skeleton(other) == skeleton]


def _skeleton(path: Path) -> str:
    """Return a file's name with a star for the array; empty if the name doesn't say one."""
    name = path.name.lower()
    if not name.endswith(ARRAY_ENDINGS) or not KIND.search(name):
        return ""
    return KIND.sub("*", name)
