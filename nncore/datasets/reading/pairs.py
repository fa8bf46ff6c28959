"""Puts images and labels together that stand in different files or arrays, by their names and numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nncore.datasets.dataset import DataError
from nncore.datasets.reading.block import Block
from nncore.datasets.reading.names import components, plain, words
from nncore.datasets.reading.notes import Notes

_ROLES = (
    "image images img imgs x xs data pixels pixel digits picture pictures features feature input inputs "
    "samples arr label labels lbl lbls y ys target targets class classes answer answers output outputs "
    "onehot idx ubyte gz npy npz csv txt int list more array"
)
ROLES = frozenset(_ROLES.split())
"""Words of names that say what an array is, not to which part it belongs."""


def paired(blocks: Sequence[Block], notes: Notes) -> list[Block]:
    """Return blocks of images with their labels; images without any stay alone.

    Raises:
        DataError: for labels whose images are missing, or pairs of different length.
    """
    whole = [block for block in blocks if block.images is not None and block.labels is not None]
    images = [block for block in blocks if block.labels is None]
    labels = [block for block in blocks if block.images is None]
    for block in [block for block in labels if "submission" in words(block.name)]:
        notes.skip(block.name, "labels to be handed in, not the true ones")
        labels.remove(block)
    for tell, named in ((_place_and_stem, True), (_stem, True), (_part, False), (lambda block: "", False)):
        for block in list(images):
            same = [other for other in labels if tell(other) == tell(block)]
            rivals = [other for other in images if tell(other) == tell(block)]
            fitting = [other for other in same if _count(other) == _count(block)]
            # Equal names belong together even if the numbers differ, which is then said.
            chosen = fitting if len(fitting) == 1 or not named else same
            if len(rivals) == len(chosen) == 1:
                whole.append(_joined(block, chosen[0]))
                images.remove(block)
                labels.remove(chosen[0])
    for block in labels:
        if any(_file(block) == _file(other) for other in (*whole, *images)):
            notes.skip(block.name, "labels without images")
        elif whole or images:
            raise DataError(f"{block.name}: labels whose images are missing; open both together")
        else:
            raise DataError(f"{block.name}: labels without images; open images and labels together")
    return whole + images


def _part(block: Block) -> str:
    """Return the part of a block."""
    return block.part


def _joined(images: Block, labels: Block) -> Block:
    """Return one block of images and labels.

    Raises:
        DataError: if there are more of the one than of the other.
    """
    if _count(images) != _count(labels):
        raise DataError(
            f"{images.name}: {_count(images):,} images, but {_count(labels):,} labels in {labels.name}"
        )
    return replace(images, labels=labels.labels, part=images.part or labels.part)


def _count(block: Block) -> int:
    """Return the number of records."""
    if block.images is not None:
        return len(block.images)
    assert block.labels is not None
    shape = block.labels.shape
    return shape[1] if len(shape) == 2 and shape[0] == 1 and shape[1] != 10 else shape[0]


def _stem(block: Block) -> str:
    """Return the words of a name that tell its part: ``t10k`` of ``t10k-images-idx3-ubyte``."""
    *path, last = components(block.name)
    text = re.sub(r"(?i)idx\d", "idx", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", last))
    return " ".join(word for word in re.findall(r"[^\W_]+", plain(text)) if word not in ROLES)


def _place_and_stem(block: Block) -> str:
    """Return the folder and the telling words of a name."""
    return "/".join([*components(block.name)[:-1], _stem(block)])


def _file(block: Block) -> str:
    """Return the file of an array in a file of several."""
    return block.name.split(" ")[0]
