"""The table of commands, filled by ``@command``. The list in ``docs/driving.md`` is written from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from web.lab import Lab

# Takes the lab and the caller's arguments, unchecked; answers with plain values (JSON's types).
Function = Callable[["Lab", Any], Awaitable[Any]]
Marked = TypeVar("Marked", bound=Function)


@dataclass(frozen=True)
class Command:
    """A command of ``window.inkling.command``.

    Attributes:
        name: the name that callers give.
        run: the coroutine function; its docstring describes the command and its answer.
        arguments: the arguments in words, as Markdown; empty for a command without arguments.
    """

    name: str
    run: Function
    arguments: str


COMMANDS: dict[str, Command] = {}
"""Name -> command."""


def command(name: str, arguments: str = "") -> Callable[[Marked], Marked]:
    """Register the decorated function as the command ``name``.

    Args:
        arguments: as in ``Command``.

    Raises:
        ValueError: if there is a command of that name already.
    """

    def mark(function: Marked) -> Marked:
        if name in COMMANDS:
            raise ValueError(f"there is a command {name!r} already")
        COMMANDS[name] = Command(name, function, arguments)
        return function

    return mark
