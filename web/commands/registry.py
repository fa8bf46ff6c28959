"""The table of commands: name -> function, filled by ``@command``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from web.lab import Lab

# Takes the lab and what the caller gave, both as they are; answers with plain values.
Command = Callable[["Lab", Any], Awaitable[Any]]
Marked = TypeVar("Marked", bound=Command)

COMMANDS: dict[str, Command] = {}


def command(name: str) -> Callable[[Marked], Marked]:
    """The function that follows is what the command ``name`` does. ``ValueError`` if there is one already."""

    def mark(function: Marked) -> Marked:
        if name in COMMANDS:
            raise ValueError(f"there is a command {name!r} already")
        COMMANDS[name] = function
        return function

    return mark
