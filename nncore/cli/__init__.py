"""The command line: ``python -m nncore COMMAND``.

Each command is a file of its own here, listed in ``COMMANDS``; its module docstring is the text of
``--help``. Results go to standard output, progress and errors to standard error. An error is reported in one
sentence, and the exit code tells a script its kind.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from nncore.cli import backquery, convert, data, evaluate, inspect, ship, sweep, table, test, train
from nncore.cli.common import FAULT, INTERRUPTED, CommandError, in_words

COMMANDS = {
    "train": train,
    "test": test,
    "evaluate": evaluate,
    "backquery": backquery,
    "inspect": inspect,
    "sweep": sweep,
    "table": table,
    "data": data,
    "convert": convert,
    "ship": ship,
}
"""Name -> module with ``HELP``, ``add_arguments(parser)`` and ``run(arguments) -> exit code``."""

EXIT_CODES = (
    "exit codes: 0 done, 1 a fault in data, files or settings, 2 wrong usage, or files that data "
    "refuses, 3 training diverged, 4 trained to the end but learned nothing, 130 interrupted"
)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        "python -m nncore",
        description="Train, look into and run backwards small neural networks.",
        epilog=EXIT_CODES,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        command = commands.add_parser(name, help=module.HELP, description=module.__doc__, epilog=EXIT_CODES)
        module.add_arguments(command)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    arguments = make_parser().parse_args(argv)
    try:
        code = COMMANDS[arguments.command].run(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader, such as head, has stopped reading
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except (
        CommandError,
        ValueError,
        OSError,
    ) as error:  # ValueError: data, files and settings check themselves
        print(f"error: {' '.join(in_words(error, hasattr(arguments, 'answer')).split())}", file=sys.stderr)
        return getattr(error, "code", FAULT)
