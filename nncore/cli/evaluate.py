"""Measure a network on test images, or on pen strokes drawn by the pad's own pen.

The first line is the accuracy in per cent; then interval, confusion matrix, and precision and recall or
calibration. With --gate, also the shares of these digits, and of drawings that are no digits, that the gate
turns away.
"""

from __future__ import annotations

import argparse

import numpy as np

from nncore.calibration import calibration, tempered
from nncore.cli.common import (
    DONE,
    add_data,
    add_kernel,
    add_model,
    check_fit,
    choose_kernel,
    data_for,
    open_model,
    per_cent,
    test_part,
)
from nncore.datasets import Dataset
from nncore.datasets.strokes import draw_dataset, read_strokes
from nncore.gate import Gate
from nncore.metrics import Evaluation, evaluate, precision_recall
from nncore.nondigits import NON_DIGITS, make_non_digits
from nncore.storage import SavedNetwork, load

NON_DIGIT_COUNT, NON_DIGIT_SEED = 3000, 1  # for --gate
HELP = "accuracy and confusion matrix of a saved network"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments to ``parser``."""
    add_model(parser)
    add_data(parser)
    parser.add_argument(
        "--strokes",
        metavar="FILE",
        help='pen strokes, one {"label": 8, "strokes": [[[x, y], ...], ...]} a line',
    )
    parser.add_argument(
        "--gate", metavar="FILE", help="also measure this network that tells what is no digit"
    )
    add_kernel(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit code."""
    choose_kernel(arguments.kernel)
    saved = open_model(arguments.model, arguments)
    if arguments.strokes:
        dataset = draw_dataset(read_strokes(arguments.strokes))
    else:
        dataset = test_part(saved, data_for(saved.network, arguments), arguments.data)
    check_fit(saved.network, dataset)
    result = evaluate(saved.network, dataset, saved.preprocessing)
    low, high = result.interval
    print(per_cent(result.accuracy))
    print(
        f"{result.correct:,} of {result.count:,} right; 95 % interval {100 * low:.2f} to {100 * high:.2f} %"
    )
    print(f"loss {result.loss:.4f}\n")
    print(confusion_table(result))
    print(calibration_table(result, before(saved, dataset)) if arguments.strokes else class_table(result))
    if arguments.gate:
        print(gate_table(Gate.of(load(arguments.gate)), dataset))
    return DONE


def before(saved: SavedNetwork, dataset: Dataset) -> Evaluation | None:
    """Return the results of the network before its temperature was applied; None if its file has none."""
    temperature = saved.notes.get("temperature")
    if not isinstance(temperature, float):
        return None
    return evaluate(tempered(saved.network, 1 / temperature), dataset, saved.preprocessing)


def confusion_table(result: Evaluation) -> str:
    """Return the confusion matrix as text; rows are the true digits, columns the digits read."""
    matrix = result.confusion
    width = len(f"{matrix.max()}") + 2
    lines = ["confusion matrix (rows: is, columns: read as)"]
    lines.append("    " + "".join(f"{label:>{width}}" for label in range(len(matrix))))
    for label, row in enumerate(matrix):
        lines.append(f"{label:>4}" + "".join(f"{count or '.':>{width}}" for count in row))
    return "\n".join(lines) + "\n"


def class_table(result: Evaluation) -> str:
    """Return precision and recall of each class as text."""
    precision, recall = precision_recall(result.confusion)
    lines = ["class  precision   recall"]
    for label, shares in enumerate(zip(precision, recall, strict=True)):
        lines.append(f"{label:>5}  " + "  ".join(f"{'-' if np.isnan(s) else per_cent(s):>9}" for s in shares))
    return "\n".join(lines)


def calibration_table(result: Evaluation, untempered: Evaluation | None) -> str:
    """Return the calibration as text: confidence and accuracy of each bin."""
    table = calibration(result.outputs, result.labels)
    lines = [f"expected calibration error {per_cent(table.error)}"]
    if untempered is not None:
        error = calibration(untempered.outputs, untempered.labels).error
        lines.append(f"before temperature scaling {per_cent(error)}")
    lines.append("confidence        digits  said     was right")
    for i in np.flatnonzero(table.counts):
        span = f"{100 * table.edges[i]:.0f} to {100 * table.edges[i + 1]:.0f} %"
        lines.append(
            f"{span:<16}{table.counts[i]:>8}  {per_cent(table.confidence[i])}  {per_cent(table.accuracy[i])}"
        )
    return "\n".join(lines)


def gate_table(gate: Gate, dataset: Dataset) -> str:
    """Return the shares that the gate turns away as text.

    Digits should pass; drawings that are no digits should be turned away.
    """
    others = make_non_digits(NON_DIGIT_COUNT, NON_DIGIT_SEED)
    away = ~gate.admits(others.pixels)
    lines = [f"\nturned away     {per_cent(float(1 - gate.admits(dataset.pixels).mean()))} of {dataset.name}"]
    for number, kind in enumerate(NON_DIGITS):
        lines.append(f"                {per_cent(away[others.labels == number].mean())} of {kind}")
    return "\n".join(lines)
