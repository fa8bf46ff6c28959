"""Read digits from files and folders of any kind, and report what was found in them.

Pictures, tables, arrays and MNIST's own files are read, also in archives. The report has the counts, the size
and the mean of the digits, what was assumed on the way, and which files were left out.
"""

from __future__ import annotations

import argparse
import json

from nncore.cli.common import DONE, REFUSED, CommandError, add_answers, answers_of, in_words
from nncore.datasets import DataError
from nncore.datasets.reading import Judge, Report, judge_by_likeness, read_path
from nncore.storage import load

HELP = "what can be read in files of digits"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments to ``parser``."""
    parser.add_argument("paths", metavar="PATH", nargs="+", help="files and folders that belong together")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument(
        "--judge",
        metavar="FILE",
        help="a saved network that tells whether digits are turned, instead of built-in digits",
    )
    add_answers(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit code."""
    judge: Judge = load(arguments.judge) if arguments.judge else judge_by_likeness
    try:
        reading = read_path(*arguments.paths, answers=answers_of(arguments), judge=judge, keep_test=True)
    except DataError as error:
        raise CommandError(in_words(error), REFUSED) from error
    if arguments.json:
        print(json.dumps(reading.report.as_json(), indent=1))
    else:
        print("\n".join(lines(reading.report)))
    return DONE


def lines(report: Report) -> list[str]:
    """Return the lines of a report."""
    height, width = report.size
    counts = "  ".join(f"{digit}: {count:,}" for digit, count in enumerate(report.per_class))
    found = [
        f"format      {report.format}",
        f"train       {report.train:,}",
        f"test        {report.test:,}",
        f"per class   {counts}",
        f"size        {height} x {width}",
        f"mean        {report.mean:.3f}",
    ]
    found += [f"assumed     {sentence}" for sentence in report.assumed]
    return found + [f"skipped     {skipped.file}: {skipped.reason}" for skipped in report.skipped]
