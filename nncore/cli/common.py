"""Shares exit codes, arguments, and the loading of data and kernels among the commands."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import Any

from nncore import kernels, ops
from nncore.datasets import Dataset
from nncore.datasets.sources import DIGITS8X8, SOURCES, Data, load_data
from nncore.network import Network
from nncore.presets import DataPlan
from nncore.questions import OpenQuestion
from nncore.storage import SavedNetwork, assumptions, load

DONE, FAULT, USAGE, DIVERGED, FAILED, INTERRUPTED = 0, 1, 2, 3, 4, 130
REFUSED = 2  # files that ``data`` does not read


class CommandError(Exception):
    """Ends the command with this sentence and exit code."""

    def __init__(self, message: str, code: int = FAULT) -> None:
        super().__init__(message)
        self.code = code


def in_words(error: Exception, answers: bool = True) -> str:
    """Return an error as a sentence; for a file that can't be opened, with its name and the reason.

    Args:
        answers: whether the command takes ``--answer``; questions name the command convert otherwise.
    """
    if isinstance(error, OpenQuestion):
        ways = " or ".join(f"--answer {error.key}={way.value} ({way.label})" for way in error.choices)
        return f"{error} ({ways})" if answers else f"{error} (convert the files first, with {ways})"
    if not isinstance(error, OSError) or error.filename is None:
        return str(error)
    reasons: dict[type[OSError], str] = {
        FileNotFoundError: "there is no such file or folder",
        IsADirectoryError: "this is a folder; a file is needed here",
        NotADirectoryError: "a file stands where a folder is needed",
        PermissionError: "the permission to open it is missing",
        FileExistsError: "it is there already",
    }
    reason = next((words for kind, words in reasons.items() if isinstance(error, kind)), error.strerror)
    return f"{error.filename}: {reason}"


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add the argument ``--data``."""
    parser.add_argument(
        "--data",
        metavar="PATH",
        help=f"the digits: {SOURCES}; or {DIGITS8X8!r}, built in, which networks of 64 inputs always get",
    )


def add_answers(parser: argparse.ArgumentParser) -> None:
    """Add the argument ``--answer``."""
    parser.add_argument(
        "--answer", metavar="KEY=VALUE", action="append", default=[],
        help="answers a question about files whose meaning is not clear; the question names key and values",
    )  # fmt: skip


def answers_of(arguments: argparse.Namespace) -> dict[str, str]:
    """Return the answers that were given, by the key of their question.

    Raises:
        CommandError: for one that isn't KEY=VALUE.
    """
    answers = {}
    for text in arguments.answer:
        key, equals, value = text.partition("=")
        if not equals:
            raise CommandError(f"--answer {text}: must be KEY=VALUE", USAGE)
        answers[key.strip()] = value.strip()
    return answers


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that open a network: its file, and ``--answer``."""
    parser.add_argument(
        "model", metavar="FILE", help="a network: .npz or .json, or weights of another program"
    )
    add_answers(parser)


def open_model(path: str, arguments: argparse.Namespace) -> SavedNetwork:
    """Return the network in the file at ``path``; print to standard error what was assumed about it.

    Raises:
        StorageError, OSError: if the file can't be read as a network.
    """
    saved = load(path, answers=answers_of(arguments))
    for sentence in assumptions(saved):
        print(f"note: {sentence}", file=sys.stderr)
    return saved


def add_kernel(parser: argparse.ArgumentParser) -> None:
    """Add the argument ``--kernel``."""
    parser.add_argument(
        "--kernel", choices=["fastest", *ops.available()], default="fastest",
        help="what computes: the fastest that runs here (the default), or one by name",
    )  # fmt: skip


def choose_kernel(name: str) -> str:
    """Compute with this kernel from now on; return its name."""
    if name == "fastest":
        return kernels.use_fastest()
    ops.use(name)
    return name


def listed(kind: Callable[[str], Any]) -> Callable[[str], list]:
    """Return an argument type for values of ``kind``, separated by commas."""

    def values(text: str) -> list:
        return [kind(part) for part in text.split(",")]

    values.__name__ = f"list of {kind.__name__} values"  # its name in argparse's errors
    return values


def find_data(path: str | None, dataset: str = "mnist", answers: Mapping[str, str] | None = None) -> Data:
    """Return the digits at ``path``, or the built-in 8 x 8 digits for ``dataset="digits8x8"``.

    What was assumed or left out while reading them is printed on standard error.

    Raises:
        CommandError: if MNIST is needed and ``path`` is None.
        DataError: if the digits can't be read.
    """
    if dataset == DIGITS8X8:
        return load_data(DIGITS8X8)
    if path is None:
        raise CommandError(
            "no data given: --data FOLDER, with MNIST's four idx files (train-images-idx3-ubyte.gz and so "
            "on) or another source that --help names",
            USAGE,
        )
    data = load_data(path, answers)
    for sentence in data.notes:
        print(f"note: {sentence}", file=sys.stderr)
    return data


def data_for(network: Network, arguments: argparse.Namespace) -> Data:
    """Return the digits for this network: the built-in ones for 64 inputs, those of ``--data`` otherwise."""
    dataset = DIGITS8X8 if network.spec.layers[0] == 64 else "mnist"
    return find_data(arguments.data, dataset, answers_of(arguments))


def needed(dataset: Dataset | None, path: str | None, what: str) -> Dataset:
    """Return the data set.

    Raises:
        CommandError: if it is None.
    """
    if dataset is None:
        raise CommandError(f"{path}: holds no {what} images")
    return dataset


def test_part(saved: SavedNetwork, data: Data, path: str | None) -> Dataset:
    """Return the images to test this network with.

    If a network's training images were drawn at random from training and test images together, it must be
    tested with the images that were not drawn; its file has the settings of the draw.
    """
    plan, seed = saved.notes.get("data"), saved.notes.get("seed", 0)
    if isinstance(plan, dict) and plan.get("pooled") and data.train is not None and data.test is not None:
        plan = DataPlan(**plan | {"turned": tuple(plan.get("turned", ()))})
        return plan.divide(data.train, data.test, seed).test
    return needed(data.test if data.test is not None else data.train, path, "test")


def check_fit(network: Network, dataset: Dataset) -> None:
    """Refuse images of another size or with more classes than the network has.

    Raises:
        CommandError: names both sizes.
    """
    inputs, outputs = network.spec.layers[0], network.spec.layers[-1]
    if dataset.pixels.shape[1] != inputs or dataset.classes > outputs:
        height, width = dataset.shape
        raise CommandError(
            f"the network reads {inputs} pixels and {outputs} classes, but {dataset.name} has images of "
            f"{height} x {width} in {dataset.classes} classes"
        )


def per_cent(share: float) -> str:
    """Return a share as text: ``0.97415`` as ``97.42 %``."""
    return f"{100 * share:.2f} %"
