"""What ``window.inkling.command(name, args)`` can do, a function for each command.

Every command goes the way of the buttons: it sets the state or calls the runner, and a value that isn't legal
is an error that says what is. A new one is a function marked with ``@command`` in one of the files below.
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
