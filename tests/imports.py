"""Read from the sources what the modules of a package import, for the architecture tests."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path


def modules_in(root: Path) -> dict[str, ast.Module]:
    """Return full name -> syntax tree of every module of the package in the folder ``root``."""
    return {
        _name(path, root): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(root.rglob("*.py"))
    }


def _name(path: Path, root: Path) -> str:
    parts = path.relative_to(root.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.Module, modules: Collection[str], anywhere: bool = True) -> set[str]:
    """Return the full names of the modules that a module imports.

    ``from a import b`` counts as ``a.b`` if that is a module, else as ``a``. Imports under
    ``if TYPE_CHECKING`` don't count: they never run.

    Args:
        modules: names of the package's modules.
        anywhere: count imports inside functions too, not only those that run when the module is imported.
    """
    found = set()
    for node in _nodes(tree) if anywhere else tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where they go"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in modules else str(node.module) for name in names}
    return found


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes as ``ast.walk`` does, without those under ``if TYPE_CHECKING``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            for other in child.orelse:
                yield from (other, *_nodes(other))
        else:
            yield child
            yield from _nodes(child)
