"""Reports several faulty files in one sentence, so that twelve wrong files make one message, not twelve."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

GROUPS = 4
"""The most reasons that are reported; files with further reasons are only counted."""
NAMES = 2
"""The most files that are named for one reason; further files are counted by their kind."""


def sum_up(faults: Sequence[tuple[str, str]]) -> str:
    """Return the faults (name, reason) in one sentence without its full stop."""
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
    """Return the first names, and the number and kinds of the others."""
    if len(names) <= NAMES + 1:
        return _listed(names)
    more = names[NAMES:]
    kinds = sorted({PurePath(name).suffix.lower() or "no ending" for name in more})
    return f"{', '.join(names[:NAMES])} and {len(more)} more ({', '.join(kinds)})"


def _listed(names: Sequence[str]) -> str:
    """Return names as a list in words."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
