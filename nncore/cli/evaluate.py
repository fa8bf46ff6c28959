"""Measure a network on test images, or on pen strokes drawn by the pad's own pen.

The first line is the accuracy in per cent; then interval, confusion matrix, and precision and recall or
calibration.
"""

from __future__ import annotations

import argparse

import numpy as np

from nncore.calibration import calibration
from nncore.cli.common import (
    DONE,
    add_data,
    add_kernel,
    check_fit,
    choose_kernel,
    data_for,
    per_cent,
    test_part,
)
from nncore.datasets.strokes import draw_dataset, read_strokes
from nncore.metrics import Evaluation, evaluate, precision_recall
from nncore.storage import load

HELP = "accuracy and confusion matrix of a saved network"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="FILE", help="a saved network, .npz or .json")
    add_data(parser)
    parser.add_argument(
        "--strokes",
        metavar="FILE",
        help='pen strokes, one {"label": 8, "strokes": [[[x, y], ...], ...]} a line',
    )
    add_kernel(parser)


def run(arguments: argparse.Namespace) -> int:
    choose_kernel(arguments.kernel)
    saved = load(arguments.model)
    if arguments.strokes:
        dataset = draw_dataset(read_strokes(arguments.strokes))
    else:
        dataset = test_part(saved, data_for(saved.network, arguments.data), arguments.data)
    check_fit(saved.network, dataset)
    result = evaluate(saved.network, dataset, saved.preprocessing)
    low, high = result.interval
    print(per_cent(result.accuracy))
    print(
        f"{result.correct:,} of {result.count:,} right; 95 % interval {100 * low:.2f} to {100 * high:.2f} %"
    )
    print(f"loss {result.loss:.4f}\n")
    print(confusion_table(result))
    print(calibration_table(result) if arguments.strokes else class_table(result))
    return DONE


def confusion_table(result: Evaluation) -> str:
    """Rows are what the digits are, columns what was read."""
    matrix = result.confusion
    width = len(f"{matrix.max()}") + 2
    lines = ["confusion matrix (rows: is, columns: read as)"]
    lines.append("    " + "".join(f"{label:>{width}}" for label in range(len(matrix))))
    for label, row in enumerate(matrix):
        lines.append(f"{label:>4}" + "".join(f"{count or '.':>{width}}" for count in row))
    return "\n".join(lines) + "\n"


def class_table(result: Evaluation) -> str:
    precision, recall = precision_recall(result.confusion)
    lines = ["class  precision   recall"]
    for label, shares in enumerate(zip(precision, recall, strict=True)):
        lines.append(f"{label:>5}  " + "  ".join(f"{'-' if np.isnan(s) else per_cent(s):>9}" for s in shares))
    return "\n".join(lines)


def calibration_table(result: Evaluation) -> str:
    table = calibration(result.outputs, result.labels)
    lines = [
        f"expected calibration error {per_cent(table.error)}",
        "confidence        digits  said     was right",
    ]
    for i in np.flatnonzero(table.counts):
        span = f"{100 * table.edges[i]:.0f} to {100 * table.edges[i + 1]:.0f} %"
        lines.append(
            f"{span:<16}{table.counts[i]:>8}  {per_cent(table.confidence[i])}  {per_cent(table.accuracy[i])}"
        )
    return "\n".join(lines)
