"""The files that a start can do without: modules that nobody imports until the page works.

They are fetched when the page is quiet. Should somebody import one of them earlier, the import waits for
them; that is all this does.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class LazyModules(MetaPathFinder):
    """Stands first among Python's finders until the files are there. ``modules`` are those in the files;
    ``fetch`` puts these into the file system before it returns, and is called with the name of the module
    that could not wait."""

    def __init__(self, modules: Iterable[str], fetch: Callable[[str], object]) -> None:
        self._modules, self._fetch = frozenset(modules), fetch

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Never finds anything itself: it is there to be asked."""
        if fullname in self._modules:
            self._fetch(fullname)
            self.arrived()
        return None

    def arrived(self) -> None:
        """The files are there."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
            importlib.invalidate_caches()


def expect(paths: Iterable[str], fetch: Callable[[str], object]) -> LazyModules:
    """From now on the first import of a module whose file is among ``paths`` calls ``fetch``."""
    late = LazyModules(map(module_of, paths), fetch)
    sys.path_importer_cache.clear()
    sys.meta_path.insert(0, late)
    return late


def module_of(path: str) -> str:
    """The module that Python imports from a compiled file at this place in its path."""
    inside = path.partition("/site-packages/")[2] or path.partition("/lib/python")[2].partition("/")[2]
    return inside.removesuffix(".pyc").removesuffix("/__init__").replace("/", ".")


def loaded_files() -> list[str]:
    """The files of all modules that have been imported."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return sorted(file for file in files if file)
