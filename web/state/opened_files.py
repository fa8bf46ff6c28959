"""Describes opened files on their way into the lab, as plain facts that the views show.

``LabState.opened`` is one of these: files being read, a question about them, digits that wait for the
learner's decision, or a few pictures that were read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a start needs no reader
    import numpy as np

    from nncore.datasets.reading import Choice, Report


@dataclass(frozen=True)
class FilesUnderWay:
    """Files that are being read for more than a second.

    Attributes:
        name: of the files, in words.
        share: the share that has been read, 0 to 1.
    """

    name: str
    share: float


@dataclass(frozen=True)
class FilesAsked:
    """A question about files whose meaning is not clear.

    Attributes:
        name: of the files, in words.
        text: the question.
        choices: the answers, the usual one first.
    """

    name: str
    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, eq=False)
class DigitsFound:
    """Digits that the lab has not learned from yet.

    Attributes:
        name: of the files, in words.
        report: on all that was read.
        sheet: some of the digits, ``(n, 784)`` uint8 with 255 for full ink.
        labels: of these, ``(n,)``.
        unlabelled: how many other pictures have no label.
    """

    name: str
    report: Report
    sheet: np.ndarray
    labels: np.ndarray
    unlabelled: int = 0


@dataclass(frozen=True)
class ReadPicture:
    """A picture, and the digit that the present network reads in it.

    Attributes:
        name: of its file.
        pixels: 784 bytes, 255 for full ink.
        read, share: the digit that is read, and its share, 0 to 1.
        label: the digit that it is, by its file or by the learner; None if nobody has said it.
        kept: whether it is one of my digits.
    """

    name: str
    pixels: bytes
    read: int
    share: float
    label: int | None = None
    kept: bool = False


@dataclass(frozen=True)
class PicturesRead:
    """Pictures that are too few to learn from, or have no labels.

    Attributes:
        name: of the files, in words.
        pictures: at most ``MOST_SHOWN`` of them.
        count: how many there are.
        report: on all that was read.
    """

    name: str
    pictures: tuple[ReadPicture, ...]
    count: int
    report: Report


MOST_SHOWN = 60
"""The most pictures that are read and shown at a time."""

Opened = FilesUnderWay | FilesAsked | DigitsFound | PicturesRead | None
