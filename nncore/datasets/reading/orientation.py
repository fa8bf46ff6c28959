"""Turns and inverts digits that were read, and notices digits whose rows and columns are exchanged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from nncore.datasets.dataset import Dataset
from nncore.datasets.reading.digits import USUAL, Digits
from nncore.datasets.reading.gather import mean_of
from nncore.datasets.reading.notes import Notes
from nncore.datasets.reading.report import Reading, Unlabelled
from nncore.questions import Choice
from nncore.storage import SavedNetwork

Judge = SavedNetwork | Callable[[np.ndarray], np.ndarray] | None
MOST_JUDGED = 200
SURER = 0.15  # by which the mean certainty of turned digits must be higher
TURNED = "the digits were turned: rows and columns were exchanged"
INVERTED = "the colours were inverted by hand"
YES_OR_NO = (Choice("yes", "Turn them"), Choice("no", "Leave them as they are"))


def check_orientation(digits: Sequence[Digits], notes: Notes, judge: Judge) -> list[Digits]:
    """Return the digits upright: turned if the answer says so, which the judge may ask for.

    Raises:
        Question: if the judge is surer of the digits turned, and there is no answer.
    """
    usual = [one for one in digits if one.images.shape[1:] == USUAL]
    answer = "no"
    if usual and (notes.has_answer("turned") or (judge is not None and _is_surer(judge, usual))):
        answer = notes.ask(
            f"{usual[0].name}: these digits are recognised better when rows and columns are exchanged; "
            "turn them?",
            "turned",
            YES_OR_NO,
        )
    if answer != "yes":
        return list(digits)
    notes.say(TURNED)
    return [replace(one, images=one.images.transpose(0, 2, 1)) for one in digits]


def _is_surer(judge: Judge, digits: Sequence[Digits]) -> bool:
    """Return whether the judge gives turned digits clearly higher outputs (for their labels, if known)."""
    images = np.concatenate([one.images for one in digits])
    known = all(one.labels is not None for one in digits)
    labels = np.concatenate([one.labels for one in digits if one.labels is not None]) if known else None
    step = max(1, len(images) // MOST_JUDGED)
    sample, truth = images[::step][:MOST_JUDGED], None if labels is None else labels[::step][:MOST_JUDGED]
    upright, turned = (_certainty(judge, pictures, truth) for pictures in (sample, sample.transpose(0, 2, 1)))
    return turned > upright + SURER


def _certainty(judge: Judge, images: np.ndarray, labels: np.ndarray | None) -> float:
    """Return the mean share of the outputs that the labels have, or the largest outputs without labels."""
    pixels = np.ascontiguousarray(images).reshape(len(images), -1)
    if isinstance(judge, SavedNetwork):
        outputs = judge.network.predict(judge.preprocessing.encode(pixels))
    else:
        assert judge is not None
        outputs = np.asarray(judge(pixels))
    shares = np.clip(outputs, 0, None)
    shares = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)
    return float(
        shares.max(axis=1).mean() if labels is None else shares[np.arange(len(labels)), labels].mean()
    )


def turned(reading: Reading) -> Reading:
    """Return the reading with rows and columns of its digits exchanged."""
    return _changed(reading, lambda images, top: images.transpose(0, 2, 1), TURNED)


def inverted(reading: Reading) -> Reading:
    """Return the reading with the colours of its digits inverted."""
    return _changed(reading, lambda images, top: np.uint8(top) - images, INVERTED)


def _changed(reading: Reading, change: Callable[[np.ndarray, int], np.ndarray], sentence: str) -> Reading:
    """Return the reading with all images changed; a second time takes the sentence back."""

    def changed(dataset: Dataset | None) -> Dataset | None:
        if dataset is None:
            return None
        pixels = change(dataset.images, dataset.max_value).reshape(len(dataset), -1)
        shape = dataset.shape if sentence == INVERTED else dataset.shape[::-1]
        return replace(dataset, pixels=pixels, shape=shape)

    train, test, validation = (changed(part) for part in (reading.train, reading.test, reading.validation))
    unlabelled = tuple(
        Unlabelled(one.name, np.ascontiguousarray(change(one.image[None], 255)[0]))
        for one in reading.unlabelled
    )
    there = [part for part in (train, test) if part is not None]
    assumed = reading.report.assumed
    assumed = (
        tuple(old for old in assumed if old != sentence) if sentence in assumed else (*assumed, sentence)
    )
    report = replace(
        reading.report,
        assumed=assumed,
        mean=mean_of(
            [part.pixels for part in there] or [one.image for one in unlabelled],
            there[0].max_value if there else 255,
        ),
    )
    return replace(
        reading, report=report, train=train, test=test, validation=validation, unlabelled=unlabelled
    )
