"""The table of commands, filled by ``@command``. The list in ``docs/driving.md`` is written from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from web.lab import Lab

# Takes the lab and what the caller gave, both as they are; answers with plain values.
Function = Callable[["Lab", Any], Awaitable[Any]]
Marked = TypeVar("Marked", bound=Function)


@dataclass(frozen=True)
class Command:
    """A command.

    Attributes:
        run: does it; its docstring says what it does, and the answer if there is one.
        arguments: what callers give, in words; empty for a command without arguments.
    """

    name: str
    run: Function
    arguments: str


COMMANDS: dict[str, Command] = {}
"""Name -> command."""


def command(name: str, arguments: str = "") -> Callable[[Marked], Marked]:
    """The function that follows is what the command ``name`` does. ``ValueError`` if there is one already.

    Args:
        arguments: as in ``Command``; Markdown.
    """

    def mark(function: Marked) -> Marked:
        if name in COMMANDS:
            raise ValueError(f"there is a command {name!r} already")
        COMMANDS[name] = Command(name, function, arguments)
        return function

    return mark
