"""Returns the source of the functions that the page runs, to be shown in the page.

The page's Python has only byte code. For the few modules that are shown, the build adds the text as
``<module>.py.txt`` beside it, made from the same file. Outside the page the module itself is there.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHOWN = ("nncore/network.py", "nncore/optimisers.py", "nncore/batches.py")
"""The modules whose source can be shown."""

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Listing:
    """The source of a function.

    Attributes:
        module: the file that contains it.
        first: the number of its first line.
        lines: its lines, without common indentation.
    """

    module: str
    first: int
    lines: tuple[str, ...]


@cache
def text(module: str) -> str:
    """Return the source of one of ``SHOWN``."""
    path = ROOT / module
    return (path if path.exists() else ROOT / f"{module}.txt").read_text(encoding="utf-8")


@cache
def listing(module: str, name: str) -> Listing:
    """Return the source of a function, or of a method given as ``"Class.method"``.

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
