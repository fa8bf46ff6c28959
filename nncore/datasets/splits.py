"""Divides a data set into training, validation and test parts that share no image."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nncore.datasets.dataset import Dataset

NAMES: dict[int, tuple[str, ...]] = {1: ("part",), 2: ("train", "test"), 3: ("train", "validation", "test")}


def split(
    dataset: Dataset,
    sizes: Sequence[int] | Sequence[float],
    seed: int | None = None,
    stratified: bool = False,
    names: Sequence[str] | None = None,
) -> tuple[Dataset, ...]:
    """Cut ``dataset`` into ``len(sizes)`` disjoint parts.

    Args:
        sizes: whole numbers are counts, fractions are shares of the whole (0.7, 0.15, 0.15). Images left over
            belong to no part.
        seed: shuffle first, with this seed; None keeps file order (the first part is the beginning of the
            file).
        stratified: every part has the classes in the proportions of the whole, to within one image a class.
        names: appended to the set's name, one a part; "train", "test" and so on by default.

    Raises:
        ValueError: for sizes that are negative, mixed, or larger than the set.
    """
    if names is None:
        names = NAMES.get(len(sizes)) or [f"part {number}" for number in range(1, len(sizes) + 1)]
    if len(names) != len(sizes):
        raise ValueError(f"{len(sizes)} parts but {len(names)} names: {list(names)}")
    places = split_places(dataset, sizes, seed, stratified)
    return tuple(
        dataset.take(chosen, f"{dataset.name} {name}") for chosen, name in zip(places, names, strict=True)
    )


def split_places(
    dataset: Dataset,
    sizes: Sequence[int] | Sequence[float],
    seed: int | None = None,
    stratified: bool = False,
) -> list[np.ndarray]:
    """Return the places of the images in each part that ``split`` makes, with the same arguments.

    Raises:
        ValueError: for sizes that are negative, mixed, or larger than the set.
    """
    order = np.arange(len(dataset)) if seed is None else np.random.default_rng(seed).permutation(len(dataset))
    if stratified:
        order = _interleaved(order, dataset.labels)
    parts, start = [], 0
    for end in _ends(sizes, len(dataset)):
        chosen = order[start:end]
        # Interleaving leaves a pattern, so the part is shuffled again or put back in file order.
        parts.append(
            np.sort(chosen) if seed is None else np.random.default_rng([seed, end]).permutation(chosen)
        )
        start = end
    return parts


def _ends(sizes: Sequence[int] | Sequence[float], total: int) -> list[int]:
    """Return the end of each part, as counts.

    Rounding the sums instead of the parts makes 0.7 + 0.15 + 0.15 the whole.
    """
    if not sizes or any(size < 0 for size in sizes):
        raise ValueError(f"sizes must be counts or fractions of at least 0, not {list(sizes)}")
    counts = [isinstance(size, int | np.integer) for size in sizes]
    if any(counts) and not all(counts):
        raise ValueError(f"sizes must be all counts or all fractions, not mixed: {list(sizes)}")
    sums = np.cumsum(sizes)
    ends = sums if all(counts) else np.floor(sums * total + 0.5)
    if ends[-1] > total:
        raise ValueError(f"sizes {list(sizes)} ask for {int(ends[-1])} of {total} images")
    return [int(end) for end in ends]


def _interleaved(order: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Reorder so that every stretch holds the classes in equal proportion.

    The k-th of a class's m images gets the key (k + 1/2) / m: sorted by key, each class is spread evenly over
    0..1.
    """
    keys = np.empty(len(order))
    for label in np.unique(labels):
        places = np.flatnonzero(labels[order] == label)
        keys[places] = (np.arange(len(places)) + 0.5) / len(places)
    return order[np.argsort(keys, kind="stable")]
