"""Joins the digits of all files into training and test digits, and writes the report on them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nncore.datasets.dataset import Dataset
from nncore.datasets.doubts import doubled, doubt
from nncore.datasets.reading.digits import USUAL, Digits
from nncore.datasets.reading.notes import Notes
from nncore.datasets.reading.report import FEWEST_TO_LEARN, Reading, Report, Unlabelled
from nncore.datasets.splits import split_places

TEST_SHARE = 1 / 6
Part = tuple[Dataset, tuple[str, ...]]


def gathered(found: Sequence[Digits], notes: Notes, keep_test: bool) -> Reading:
    """Return all digits with the report on them.

    Args:
        found: digits of one size and one range; at least one.
        keep_test: whether test digits alone stay test digits, instead of being divided.
    """
    labelled = [digits for digits in found if digits.labels is not None]
    unlabelled = [digits for digits in found if digits.labels is None]
    parts = {
        part: _joined(part, [digits for digits in labelled if digits.part == part])
        for part in ("train", "", "test", "validation")
    }
    train, test, validation = _arranged(parts, notes, keep_test)
    pictures = tuple(
        Unlabelled(digits.names[place] if digits.names else f"{digits.name} {place}", image)
        for digits in unlabelled
        for place, image in enumerate(digits.images)
    )
    for sentence in _remarks(train, test, pictures):
        notes.say(sentence)
    report = _report(found, train, test, notes)
    names = train[1] if train else ()
    return Reading(
        report, train and train[0], test and test[0], pictures, names, validation and validation[0]
    )


def _joined(part: str, sets: Sequence[Digits]) -> Part | None:
    """Return digits of one part as a data set, with the names of their pictures; None if there are none."""
    if not sets:
        return None
    first = sets[0]
    name = first.name if len(sets) == 1 and not first.names else f"digits {part}".strip()
    images = np.concatenate([digits.images for digits in sets]) if len(sets) > 1 else first.images
    labels = np.concatenate([digits.labels for digits in sets if digits.labels is not None])
    names = tuple(name for digits in sets for name in digits.names)
    dataset = Dataset(name, images.reshape(len(images), -1), labels, images.shape[1:], max_value=first.top)
    return dataset, names if len(names) == len(labels) else ()


def _arranged(
    parts: dict[str, Part | None], notes: Notes, keep_test: bool
) -> tuple[Part | None, Part | None, Part | None]:
    """Return the training, test and validation digits; a set without test digits is divided."""
    train, test, validation = _both(parts["train"], parts[""]), parts["test"], parts["validation"]
    if train is None and test is None:
        train, validation = validation, None
    if train is None and test is not None and not keep_test:
        train, test = test, None
        notes.say("these are test digits by their name; they were divided to learn from")
    if test is None and validation is not None and train is not None:
        test, validation = validation, None
        notes.say("there are no test digits; the validation digits are used to test")
    if train is not None and test is None and len(train[0]) >= FEWEST_TO_LEARN:
        train, test = _divided(train)
        notes.say(f"there are no test digits; a sixth of the digits ({len(test[0]):,}) was taken to test")
    if validation is not None:
        notes.say(f"{len(validation[0]):,} digits are for validation, and neither trained on nor tested with")
    return train, test, validation


def _both(one: Part | None, other: Part | None) -> Part | None:
    """Return two sets as one."""
    if one is None or other is None:
        return one or other
    names = one[1] + other[1]
    whole = one[0].concatenate(other[0])
    return whole, names if len(names) == len(whole) else ()


def _divided(whole: Part) -> tuple[Part, Part]:
    """Return five sixths of a set to train on and a sixth to test, with all digits in both."""
    dataset, names = whole
    shares = (1 - TEST_SHARE, TEST_SHARE)
    train, test = (
        (
            dataset.take(places, f"{dataset.name} {part}"),
            tuple(names[place] for place in places) if names else (),
        )
        for places, part in zip(
            split_places(dataset, shares, seed=0, stratified=True), ("train", "test"), strict=True
        )
    )
    return train, test


def _remarks(train: Part | None, test: Part | None, unlabelled: Sequence[Unlabelled]) -> list[str]:
    """Return the sentences on digits that are too few, or from which nothing can be learned."""
    found = []
    labelled = sum(len(part[0]) for part in (train, test) if part)
    if labelled and labelled < FEWEST_TO_LEARN:
        found.append(
            f"{labelled} digit{'s are' if labelled > 1 else ' is'} too few to learn from "
            f"(at least {FEWEST_TO_LEARN}); a network reads them instead"
        )
    elif train and (worst := doubt(train[0])):
        found.append(worst.sentence)
    if train and test and (same := doubled(train[0], test[0])):
        found.append(same.sentence)
    if unlabelled:
        have = "picture has no label" if len(unlabelled) == 1 else "pictures have no labels"
        found.append(
            f"{len(unlabelled):,} {have}; a network reads {'it' if len(unlabelled) == 1 else 'them'}"
        )
    return found


def _report(found: Sequence[Digits], train: Part | None, test: Part | None, notes: Notes) -> Report:
    """Return the report on the digits."""
    counts = np.zeros(10, np.int64)
    there = [part[0] for part in (train, test) if part]
    for dataset in there:
        counts += dataset.class_counts
    return Report(
        format=" and ".join(dict.fromkeys(digits.format for digits in found)),
        train=len(train[0]) if train else 0,
        test=len(test[0]) if test else 0,
        per_class=tuple(counts.tolist()),
        size=there[0].shape if there else USUAL,
        mean=mean_of([dataset.pixels for dataset in there] or [d.images for d in found], found[0].top),
        assumed=tuple(notes.assumed),
        skipped=tuple(notes.skipped),
    )


def mean_of(arrays: Sequence[np.ndarray], top: int) -> float:
    """Return the mean of all pixels from 0 (paper) to 1 (ink)."""
    pixels = sum(array.size for array in arrays)
    total = sum(int(array.sum(dtype=np.int64)) for array in arrays)
    return total / (pixels * top) if pixels else 0.0
