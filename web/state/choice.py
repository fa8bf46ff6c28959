"""Defines a row of the table of choices: all facts about one choice of the learner.

One row serves the control, the command, the address and the files, so that they can't disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from web.state.kinds import Kind


class Effect(Enum):
    """The effect of changing a choice; the value describes it in words."""

    BEGINS_ANEW = "begins a new network; `undo` brings the old one back"
    KEEPS = "keeps what was learned; `undo` brings back what was before"
    AT_ONCE = "is taken up at once, also while the network trains"
    NEXT_EPOCH = "is taken up by the next epoch"
    SHOWN = "changes only what is shown"
    SWEEP = "is taken up by the next sweep"


class IllegalValue(ValueError):
    """An error for a value that is illegal for a choice.

    Attributes:
        reason: the message without the choice's name in front.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} {reason}")
        self.reason = reason


@dataclass(frozen=True)
class Choice:
    """One choice of the learner.

    Attributes:
        name: used in commands, addresses, saved runs and files.
        kind: the kind of values that it takes.
        group: its subject; the choices of a group are drawn together, and ``choices_table.in_group`` returns
            them. The group ``"more"`` is drawn from the table: a list for each row, under *More*.
        label: text on its control.
        sentence: explanation, shown while its control is pointed at or focused.
        effect: the effect of a change.
        default: value on the plain page; None where the preset sets it.
        setting: the core setting that it stands for: ``"network"``, ``"preprocessing"`` or ``"training"``, a
            dot, and the field. Several choices may share one setting; ``Choices.core_settings`` then makes it
            from all of them.
        asked: name of a value in the question before a new network begins: a text in which ``{}`` is the
            value's label, or a text for each value. Empty if the control doesn't ask.
        heading: label in tables, where ``label`` would be unclear.
        swept: values that a sweep of it offers at first; empty if it can't be swept.
        in_address: whether links carry it.
    """

    name: str
    kind: Kind
    group: str
    label: str
    sentence: str
    effect: Effect
    default: Any = None
    setting: str = ""
    asked: str | Mapping[str, str] = ""
    heading: str = ""
    swept: str = ""
    in_address: bool = True

    @property
    def called(self) -> str:
        """Its name in its command; the choices of a sweep drop ``sweep_``."""
        return self.name.removeprefix("sweep_")

    def check(self, value: Any) -> Any:
        """Return a legal ``value`` in its stored form.

        Raises:
            IllegalValue: for any other value.
        """
        try:
            return self.kind.check(value)
        except ValueError as error:
            raise IllegalValue(self.called, str(error)) from None

    def question(self, value: Any) -> str:
        """Return the name of ``value`` in a question; empty for a choice whose control doesn't ask."""
        if isinstance(self.asked, str):
            return self.asked.format(self.kind.label(value))
        return self.asked[value]
