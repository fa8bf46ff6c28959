"""The very source that the page runs, to be read in the page.

The page's Python gets byte code only; of the few modules that are shown the build adds the text, as
``<module>.py.txt`` beside it, from the same bytes. On a desk the module itself is there.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHOWN = ("nncore/network.py", "nncore/optimisers.py", "nncore/batches.py")
"""Modules whose source can be shown."""

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Listing:
    """A function's source: the module it is in, its first line's number, and its ``lines``."""

    module: str
    first: int
    lines: tuple[str, ...]


@cache
def text(module: str) -> str:
    """The source of one of ``SHOWN``."""
    path = ROOT / module
    return (path if path.exists() else ROOT / f"{module}.txt").read_text(encoding="utf-8")


@cache
def listing(module: str, name: str) -> Listing:
    """The source of a function, or of a method by ``"Class.method"``.

    Raises:
        KeyError: if the module has no such function.
    """
    nodes: list[ast.stmt] = ast.parse(text(module)).body
    for part in name.split("."):
        found = [
            node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == part
        ]
        if not found:
            raise KeyError(f"{module} has no {name}")
        node = found[0]
        nodes = node.body
    lines = text(module).splitlines()[node.lineno - 1 : node.end_lineno]
    spare = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return Listing(module, node.lineno, tuple(line[spare:] for line in lines))
