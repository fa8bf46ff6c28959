"""Several faulty files told in one sentence: the learner who opens twelve wrong files reads one message."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

GROUPS = 4
"""Reasons that are told; the files of any further ones are counted."""
NAMES = 2
"""Files that are named for one reason; the others are counted by their kind."""

Fault = tuple[str, str]
"""The name of a file, and what is wrong with it and what would be right."""


def fault_of(name: str, error: Exception) -> Fault:
    """The fault of the file that ``error`` is about, whose message may begin with the file's name."""
    return name, str(error).removeprefix(f"{name}: ")


def sum_up(faults: Sequence[Fault]) -> str:
    """The faults in one sentence without its full stop; a single one as ``"name: reason"``."""
    if len(faults) == 1:
        return ": ".join(faults[0])
    by_reason: dict[str, list[str]] = {}
    for name, reason in faults:
        by_reason.setdefault(reason, []).append(name)
    groups = sorted(by_reason.items(), key=lambda item: -len(item[1]))
    told = [f"{_named(names)}: {reason}" for reason, names in groups[:GROUPS]]
    if left := sum(len(names) for _, names in groups[GROUPS:]):
        told.append(f"{left} more for other reasons")
    return f"{len(faults)} files can't be used. {'; '.join(told)}"


def _named(names: Sequence[str]) -> str:
    """The first names, and how many more there are of which kinds."""
    if len(names) <= NAMES + 1:
        return _listed(names)
    more = names[NAMES:]
    kinds = sorted({PurePath(name).suffix.lower() or "no ending" for name in more})
    return f"{', '.join(names[:NAMES])} and {len(more)} more ({', '.join(kinds)})"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
