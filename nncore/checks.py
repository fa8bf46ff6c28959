"""Checks that settings share: a wrong value is refused when the settings are made, not during an epoch.

Every message names the given value and the legal ones. Its reader is more often a learner with a typing error
than a programmer with a debugger.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

Value = TypeVar("Value")


def choose(registry: Mapping[str, Value], name: str, what: str) -> Value:
    """Return the entry called ``name``.

    Raises:
        ValueError: if there is none; it names the legal ones.
    """
    require_one_of(name, registry, what)
    return registry[name]


def require_one_of(value: object, legal: Collection, what: str) -> None:
    """Raise ``ValueError`` unless ``value`` is one of ``legal``."""
    if value not in legal:
        raise ValueError(f"{what} {value!r} is not known; legal: {', '.join(map(str, legal))}")


def require(condition: bool, what: str, value: object, legal: str) -> None:
    """Raise ``ValueError`` unless ``condition`` holds: ``what`` is ``value`` but must be ``legal``."""
    if not condition:
        raise ValueError(f"{what} is {value!r}; it must be {legal}")
