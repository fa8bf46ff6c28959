"""Implements ``window.inkling.command(name, args)``: one function for each command.

A command does the same as the button of that name: it sets the state or calls the runner. An illegal value
raises an error that names the legal ones. To add a command, mark a function with ``@command`` in one of the
files below.
"""

from web.commands import (  # noqa: F401 - imported for their commands
    choosing,
    drawing,
    files,
    looking,
    own_digits,
    runs,
    sweeps,
    training,
)
from web.commands.registry import COMMANDS

__all__ = ["COMMANDS"]
