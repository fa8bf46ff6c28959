"""A row of the table of choices: everything that the page knows of one choice of the learner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from web.state.kinds import Kind


class Effect(Enum):
    """What a change of a choice does; the value says it in words."""

    BEGINS_ANEW = "begins a new network; `undo` brings the old one back"
    KEEPS = "keeps what was learned; `undo` brings back what was before"
    AT_ONCE = "is taken up at once, also while the network trains"
    NEXT_EPOCH = "is taken up by the next epoch"
    SHOWN = "changes only what is shown"
    SWEEP = "is taken up by the next sweep"


class IllegalValue(ValueError):
    """A value that a choice can't have. ``reason`` is the message without the choice's name before it."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} {reason}")
        self.reason = reason


@dataclass(frozen=True)
class Choice:
    """One choice.

    Attributes:
        name: in commands, addresses, saved runs and files.
        kind: what values it takes.
        group: what it is about; a group is drawn together and is asked for by ``choices_table.in_group``.
            The group ``"more"`` is drawn from the table: a list for each row, under *More*.
        label: for people, on its control.
        sentence: explains it, where its control is pointed at or focused.
        effect: what a change does.
        default: on the plain page; None where the preset says it.
        setting: where it goes in the core's settings: ``"network"``, ``"preprocessing"`` or ``"training"``,
            a dot, and the field. Of several choices with one setting, ``Choices.core_settings`` makes it.
        asked: how a value is named in the question before a new network begins: a text in which ``{}`` is
            the value's label, or a text for each value. The control of a choice without it doesn't ask.
        heading: label in tables, where the one on the control would not be clear.
        swept: the values that a sweep of it offers at first; empty if it can't be swept.
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
        """The name in its command: that of a sweep leaves ``sweep_`` out."""
        return self.name.removeprefix("sweep_")

    def check(self, value: Any) -> Any:
        """Return a legal ``value`` in the form in which it is held. ``IllegalValue`` for any other."""
        try:
            return self.kind.check(value)
        except ValueError as error:
            raise IllegalValue(self.called, str(error)) from None

    def question(self, value: Any) -> str:
        """Return how ``value`` is named in a question; empty for a choice that isn't asked about."""
        if isinstance(self.asked, str):
            return self.asked.format(self.kind.label(value))
        return self.asked[value]
