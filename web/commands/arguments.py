"""Checks the arguments of commands. An error names the value that came and the values that are legal."""

from __future__ import annotations

from typing import Any

from web.state.misread_digits import Cell

MOST_EPOCHS = 10_000
PAD_BOX = 500  # the width and height of the box in which strokes are given


def one(args: Any, name: str) -> Any:
    """Return the only argument of a command, given by itself or by its ``name``.

    Raises:
        ValueError: if arguments are given by name, and this one is missing.
    """
    if not isinstance(args, dict):
        return args
    if name not in args:
        raise ValueError(f"{name!r} is missing in {args!r}")
    return args[name]


def epochs_in(args: Any) -> int | None:
    """Return the number of ``epochs``, given by itself or by its name; None if none is given.

    Raises:
        ValueError: if it is not a whole number from 0 to ``MOST_EPOCHS``.
    """
    epochs = one(args, "epochs") if args else args
    if epochs is None or args == {}:
        return None
    if not isinstance(epochs, int) or isinstance(epochs, bool) or not 0 <= epochs <= MOST_EPOCHS:
        raise ValueError(
            f"epochs must be a whole number from 0 (until paused) to {MOST_EPOCHS}, not {epochs!r}"
        )
    return epochs


def strokes_in(strokes: Any) -> list[list[list[float]]]:
    """Return ``strokes`` as a list of lists of ``[x, y]``, without empty strokes.

    Raises:
        ValueError: if they have another form, or a point lies outside the pad's box.
    """
    try:
        checked = [[[float(x), float(y)] for x, y in stroke] for stroke in strokes]
    except (TypeError, ValueError):
        raise ValueError(
            "strokes must be a list of strokes, each a list of [x, y], such as [[[100, 80], [120, 300]]]"
        ) from None
    if not all(0 <= value <= PAD_BOX for stroke in checked for point in stroke for value in point):
        raise ValueError(f"the points of a stroke lie in a box of {PAD_BOX} x {PAD_BOX}")
    return [stroke for stroke in checked if stroke]


def target_in(target: Any) -> int | list[float]:
    """Return the target of a back-query: a digit from 0 to 9, or ten numbers from 0 to 1.

    Raises:
        ValueError: if it is anything else.
    """
    if isinstance(target, int) and not isinstance(target, bool) and 0 <= target <= 9:
        return target
    try:
        numbers = [float(value) for value in target]
    except (TypeError, ValueError):
        numbers = []
    if len(numbers) != 10 or not all(0 <= value <= 1 for value in numbers):
        raise ValueError(f"target must be a digit from 0 to 9 or ten numbers from 0 to 1, not {target!r}")
    return numbers


def answers_in(answers: Any) -> dict[str, str]:
    """Return the answers to questions about files, key -> value; none if none are given.

    Raises:
        ValueError: if they are no texts by name.
    """
    if answers is None:
        return {}
    if not isinstance(answers, dict) or not all(
        isinstance(text, str) for text in (*answers, *answers.values())
    ):
        raise ValueError(f'answers must be texts such as {{"inputs": "unit"}}, not {answers!r}')
    return dict(answers)


def cell_in(cell: Any) -> Cell | None:
    """Return a cell of the confusion matrix, ``(digit written, digit read)``, or None if none is given.

    Raises:
        ValueError: if it is not two digits.
    """
    if cell is None:
        return None
    digits = list(cell) if isinstance(cell, list | tuple) else []
    if len(digits) != 2 or not all(digit in range(10) for digit in digits):
        raise ValueError(f"cell must be two digits from 0 to 9, written and read as, not {cell!r}")
    return int(digits[0]), int(digits[1])
