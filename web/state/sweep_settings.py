"""Lists the settings that a sweep can vary: the choices with values to sweep in the table of choices, and
three more.

The page's selector and the ``sweep`` command are made from ``SETTINGS``. Values are typed as text: a list
with commas, in which dots stand for the values between (``0.1, 0.2, ..., 0.9``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from nncore.checks import choose, require
from nncore.presets import DataPlan
from web.state.choices_table import ROWS
from web.state.kinds import LARGEST_LAYER, Kind, Whole

MOST_VALUES = 50
DOTS = ("...", "…")


def first_hidden(neurons: Any, choices: Mapping[str, Any]) -> dict[str, Any]:
    """Return the choices that change for a first hidden layer of ``neurons``; the layer is added if there is
    none."""
    first, *hidden, last = choices["layers"]
    return {
        "layers": (first, neurons, *hidden[1:], last),
        "activations": choices["activations"] or ("relu",),
    }


def beginning(count: int) -> DataPlan:
    """Return the plan to train on the first ``count`` digits.

    Raises:
        ValueError: if ``count`` is below 1.
    """
    require(count >= 1, "number of training digits", count, "at least 1")
    return DataPlan(train=count)


@dataclass(frozen=True)
class SweepSetting:
    """A setting that a sweep can vary.

    Attributes:
        name: as in the ``sweep`` command.
        label: text on the page.
        offered: values offered at first, as text.
        kind: reads its values; the choices that they change check whether they are legal.
        choices: ``(value, all choices) -> the choices that differ``, by their names in ``LabState``; None for
            the choice of the setting's own name.
        data: value -> the digits to train on.
    """

    name: str
    label: str
    offered: str
    kind: Kind
    choices: Callable[[Any, Mapping[str, Any]], dict[str, Any]] | None = None
    data: Callable[[Any], DataPlan] = lambda value: DataPlan()

    def change(self, value: Any, choices: Mapping[str, Any]) -> dict[str, Any]:
        """Return the choices that this value changes."""
        return self.choices(value, choices) if self.choices else {self.name: value}

    def values(self, text: str) -> tuple[Any, ...]:
        """Return the values in ``text``, in its order.

        Raises:
            ValueError: if there are none, too many, one twice, or one that is unreadable.
        """
        words = spelled_out(text)
        if not words:
            raise ValueError(f"no values to compare; give some, such as {self.offered}")
        if len(words) > MOST_VALUES:
            raise ValueError(f"{len(words)} values are too many to compare; up to {MOST_VALUES} are legal")
        values = tuple(self.kind.read(word) for word in words)
        for place, value in enumerate(values):
            if value in values[:place]:
                raise ValueError(f"the value {shown(value)} is there twice")
        return values


def spelled_out(text: str) -> list[str]:
    """Return the words between the commas, with dots replaced by the values that they stand for.

    Dots continue in the step of the two numbers before them, up to the number after them. The arithmetic is
    decimal, so that 0.1, 0.2, ... gives 0.3 and not 0.30000000000000004.

    Raises:
        ValueError: if dots lack their numbers, never reach the last one, or stand for too many values.
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    found: list[str] = []
    for place, word in enumerate(words):
        if word not in DOTS:
            found.append(word)
            continue
        try:
            before, last, end = Decimal(found[-2]), Decimal(found[-1]), Decimal(words[place + 1])
            step = last - before
        except (IndexError, InvalidOperation):
            raise ValueError("dots need two numbers before them and one behind: 0.1, 0.2, ..., 0.9") from None
        count = (end - last) / step if step else Decimal(0)
        if not count.is_finite() or count < 1 or count % 1:
            raise ValueError(f"{before}, {last}, ... never reaches {end}")
        if count > MOST_VALUES:
            raise ValueError(f"{before}, {last}, ..., {end} are more than {MOST_VALUES} values")
        found += [str(last + step * k) for k in range(1, int(count))]
    return found


def shown(value: Any) -> str:
    """Return a value as short text."""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


FURTHER = {
    "batch_size": (
        SweepSetting("hidden", "Hidden neurons", "10, 30, 100, 300", Whole(1, LARGEST_LAYER), first_hidden),
        SweepSetting(
            "digits", "Training digits", "1000, 5000, 20000, 60000", Whole(1, 60_000),
            lambda value, choices: {}, beginning,
        ),
    ),
    "l2": (SweepSetting("activation", "Activation", "sigmoid, tanh, relu, elu", Kind()),),
}  # fmt: skip
"""Choice -> further settings, which follow it in the page's selector."""

SETTINGS: dict[str, SweepSetting] = {
    setting.name: setting
    for row in ROWS
    if row.swept
    for setting in (SweepSetting(row.name, row.label, row.swept, row.kind), *FURTHER.get(row.name, ()))
}
"""Name -> setting, in the order of the page's selector."""


def find_setting(name: str) -> SweepSetting:
    """Return the setting of this name.

    Raises:
        ValueError: if there is none; the message names all settings.
    """
    return choose(SETTINGS, name, "setting to sweep")
