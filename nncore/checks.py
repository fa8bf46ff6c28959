"""Checks that settings share: a wrong one is refused when it is made, not in the middle of an epoch.

Every message names the value that was given and the values that would have been legal, because whoever reads
it is more often a learner with a typing error than a programmer with a debugger.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

Value = TypeVar("Value")


def choose(registry: Mapping[str, Value], name: str, what: str) -> Value:
    """The entry called ``name``; ``ValueError`` naming the legal ones where there is none."""
    require_one_of(name, registry, what)
    return registry[name]


def require_one_of(value: object, legal: Collection, what: str) -> None:
    """Raise ``ValueError`` unless ``value`` is one of ``legal``."""
    if value not in legal:
        raise ValueError(f"{what} {value!r} is not known; legal: {', '.join(map(str, legal))}")


def require(condition: bool, what: str, value: object, legal: str) -> None:
    """Unless ``condition`` holds, raise ``ValueError``: ``what`` is ``value`` but must be ``legal``."""
    if not condition:
        raise ValueError(f"{what} is {value!r}; it must be {legal}")
