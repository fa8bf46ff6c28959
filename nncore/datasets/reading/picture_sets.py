"""Reads many pictures as digits, with the labels that their folders and names say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence

import numpy as np

from nncore.datasets.dataset import DataError
from nncore.datasets.reading.block import Block
from nncore.datasets.reading.digits import Digits, picture_steps
from nncore.datasets.reading.labels import to_digits
from nncore.datasets.reading.names import components, part_of_path
from nncore.datasets.reading.notes import Notes
from nncore.datasets.reading.picture_labels import digits_of_names, folder_digits
from nncore.datasets.reading.pictures import decode
from nncore.datasets.reading.report import FEWEST_TO_LEARN, Question
from nncore.datasets.reading.unpack import Faults, File
from nncore.questions import Choice

SLICE = 8  # pictures decoded before other tasks run
UNLABELLED = Choice("unlabelled", "Read them without labels")
FROM_NAMES = Choice("names", "The number in each name is its digit")
INNER, OUTER = Choice("inner", "The inner folder"), Choice("outer", "The outer folder")
LABELS_FROM = "labels_from"
TEN = 10


def read_picture_steps(
    files: Sequence[File], notes: Notes, faults: Faults, known: Mapping[str, int]
) -> Generator[float, None, list[Digits]]:
    """Return the pictures as digits, part by part; those without a label are a part of their own.

    Args:
        known: the digits of pictures that a table names.

    Damaged pictures are added to ``faults``, or to the skipped files if others are whole.

    Raises:
        DataError: if Pillow isn't installed.
        Question: if the label of a picture isn't clear.
    """
    labels: dict[str, int | None] = {**known}
    labels |= labels_of([file.name for file in files if file.name not in known], notes)
    greys: list[np.ndarray] = []
    names: list[str] = []
    broken: Faults = []
    for number, file in enumerate(files):
        try:
            picture = decode(file.name, file.data)
        except DataError as error:
            broken.append((file.name, str(error).removeprefix(f"{file.name}: ")))
            continue
        if picture.remark:
            notes.say(picture.remark)
        greys.append(picture.grey)
        names.append(file.name)
        if number % SLICE == 0:
            yield 0.8 * number / len(files)
    if not greys:
        faults += broken
        return []
    for name, reason in broken:
        notes.skip(name, reason)
    images = yield from picture_steps(greys, notes)
    return _by_part(names, images, labels)


def _by_part(names: Sequence[str], images: np.ndarray, labels: dict[str, int | None]) -> list[Digits]:
    """Return the pictures as one set of digits for each part, with and without labels."""
    places: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        places[part_of_path(name) if len(components(name)) > 1 else "", labels[name] is None].append(place)
    found = []
    for (part, unknown), chosen in places.items():
        known = [labels[names[place]] for place in chosen]
        found.append(
            Digits(
                names[chosen[0]],
                "pictures",
                part,
                images[chosen],
                None if unknown else np.array(known, np.uint8),
                names=tuple(names[place] for place in chosen),
            )
        )
    return found


def labels_of(names: Sequence[str], notes: Notes) -> dict[str, int | None]:
    """Return the digit of each picture; None for pictures that stay without a label.

    Raises:
        Question: if the label of a picture isn't clear.
    """
    labels: dict[str, int | None] = {}
    rest: dict[str, list[str]] = defaultdict(list)
    for name in names:
        digits = folder_digits(name)
        if len(set(digits)) > 1:
            labels[name] = _of_two_folders(name, digits, notes)
        elif digits:
            labels[name] = digits[0]
        else:
            rest["/".join(components(name)[:-1])].append(name)
    labels = _of_only_folder(_from_one_to_ten(labels, notes), notes)
    for group in rest.values():
        labels |= _of_names(group, labels, notes)
    return labels


def _of_only_folder(labels: dict[str, int | None], notes: Notes) -> dict[str, int | None]:
    """Return labels from the names where one folder alone says a digit, and the names clearly say others.

    Such a folder rather says how many pictures it holds: ``five/my_own_0.png`` to ``five/my_own_4.png``.
    """
    if len(set(labels.values())) != 1:
        return labels
    digits, doubt = digits_of_names(list(labels))
    if digits is None or doubt or set(digits) <= set(labels.values()):
        return labels
    notes.say("the labels were read from the names of the pictures, not from their only folder")
    return dict(zip(labels, digits, strict=True))


def _of_two_folders(name: str, digits: Sequence[int], notes: Notes) -> int | None:
    """Return the digit of a picture whose folders say two, by the answer."""
    answer = notes.ask(
        f"{name}: its folders say two digits, {digits[0]} and {digits[-1]}; which one does it show?",
        LABELS_FROM,
        (INNER, OUTER, UNLABELLED),
    )
    return {INNER.value: digits[0], OUTER.value: digits[-1]}.get(answer)


def _of_names(group: Sequence[str], others: dict[str, int | None], notes: Notes) -> dict[str, int | None]:
    """Return the digits that the names of the pictures in one folder say, or None for each by the answer."""
    digits, doubt = digits_of_names(group)
    if digits is not None and not doubt:
        return dict(zip(group, digits, strict=True))
    if part_of_path(group[0]) == "test" and any(label is not None for label in others.values()):
        return dict.fromkeys(group)
    if notes.reads_few and digits is None and len(group) < FEWEST_TO_LEARN:
        return dict.fromkeys(group)  # a network reads so few, and a person can say what they are
    choices = (FROM_NAMES, UNLABELLED) if digits is not None else (UNLABELLED,)
    if digits is not None:
        text = f"{group[0]}: is the number in its name the digit it shows, or a running number?"
    else:
        text = f"{_odd_one(group)}: neither its folder nor its name says which digit it shows"
    try:
        # An answer to the question of another folder may not be one of the choices here.
        given = notes.ask(text, LABELS_FROM, (UNLABELLED, FROM_NAMES, INNER, OUTER))
    except Question as question:
        raise Question(str(question), LABELS_FROM, choices) from None
    if given == FROM_NAMES.value and digits is not None:
        return dict(zip(group, digits, strict=True))
    return dict.fromkeys(group)


def _odd_one(group: Sequence[str]) -> str:
    """Return the picture whose name keeps a folder from being clear: one of another form, or the first."""
    if len(group) > 2:
        for name in group:
            digits, _ = digits_of_names([other for other in group if other != name][:50])
            if digits is not None and digits_of_names([name])[0] is None:
                return name
            if digits is None and len(group) > 50:
                break
    return group[0]


def _from_one_to_ten(labels: dict[str, int | None], notes: Notes) -> dict[str, int | None]:
    """Return labels of folders from 1 to 10 as digits, by the answer; a folder 10 alone says nothing."""
    known = {label for label in labels.values() if label is not None}
    if TEN not in known:
        return labels
    if 0 in known or len(known) == 1:
        return {name: None if label == TEN else label for name, label in labels.items()}
    there = [name for name, label in labels.items() if label is not None]
    block = Block("the folders", "pictures", None, np.array([labels[name] for name in there]))
    return labels | dict(zip(there, to_digits(block, notes).tolist(), strict=True))
