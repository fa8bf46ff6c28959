"""Read the table of messages (``web/boot/messages.js``) and check messages against it."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import web

MESSAGES = Path(web.__file__).parent / "boot" / "messages.js"
PRINT = "; process.stdout.write(JSON.stringify(INKLING_MESSAGES))"
KINDS = {str: "string", bool: "boolean", int: "number", float: "number", dict: "object", list: "array"}

Table = dict[str, dict[str, dict[str, str]]]
"""Channel -> message -> field -> kind."""


@cache
def table() -> Table:
    """Return the table of messages; Node evaluates the file and prints it as JSON."""
    text = MESSAGES.read_text(encoding="utf-8") + PRINT
    done = subprocess.run(["node", "-e", text], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def wrong_fields(channel: str, name: str, given: set[str]) -> set[str]:
    """Return the names of the fields that a message lacks, and of those that it should not have."""
    fields = table()[channel][name]
    required = {field for field in fields if not field.endswith("?")}
    return (required - given) | (given - {field.removesuffix("?") for field in fields})


def check(channel: str, message: dict[str, Any]) -> None:
    """Raise AssertionError if the channel has no such message, or a field is missing or of a wrong kind.

    The page refuses such a message too.
    """
    name = message["type"]
    assert name in table()[channel], f"{name} is no message of {channel}"
    given = {field: value for field, value in message.items() if field != "type"}
    assert not wrong_fields(channel, name, set(given)), message
    for field, kinds in table()[channel][name].items():
        value = given.get(field.removesuffix("?"))
        kind = "null" if value is None else KINDS[type(value)]
        assert kind in kinds.split("|") or field.removesuffix("?") not in given, (message, field, kinds)
