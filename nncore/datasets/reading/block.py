"""The raw content of a file before it is known to be digits: images, labels, or both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Block:
    """Images and labels as they stand in a file.

    Attributes:
        name: of the file, with the array's name if it holds several.
        format: of the file, in words.
        images: ``(n, height, width)`` numbers of any type and range; None for labels alone.
        labels: ``(n,)`` of any type, or one-hot ``(n, 10)``; None for images alone.
        lines: of a table, the line of each record; empty for other files.
        part: "train", "test" or "validation" if the file says so, or else "".
        keys: of labels alone, the names of the pictures that they belong to, if the table has them.
    """

    name: str
    format: str
    images: np.ndarray | None
    labels: np.ndarray | None
    lines: tuple[int, ...] = ()
    part: str = ""
    keys: tuple[str, ...] = ()

    def place(self, record: int) -> str:
        """Return the name of a record for a message: its line in a table, or its number from 0."""
        return f"{self.name}: line {self.lines[record]}" if self.lines else f"{self.name}: record {record}"
