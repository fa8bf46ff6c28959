"""Loads files late that a start doesn't need: modules that nothing imports until the page works.

They are fetched when the page is quiet. If one of them is imported earlier, the import waits until they have
been fetched.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

# Modules that a start needs and imports only after the page is drawn: for the kernels, the first digits,
# ``Autosave`` and training.
IMPORTED_LATE = (
    "nncore.kernels.drawing",
    "nncore.kernels.runs",
    "nncore.datasets.shards",
    "web.keeping.set_aside",
    "web.keeping.past_snapshots",
    "web.keeping.run_table",
    "numpy.ma",  # Bokeh looks for masked arrays in every array that it sends
    "encodings.cp437",  # encodes names in zip archives, such as a network's file
)


class LazyModules(MetaPathFinder):
    """A finder of modules that fetches late files at the first import of one of them; first among Python's
    finders.

    Args:
        modules: names of the modules in the files.
        fetch: called with the name of the module that is imported; returns when the files are in the file
            system.
    """

    def __init__(self, modules: Iterable[str], fetch: Callable[[str], object]) -> None:
        self._modules, self._fetch = frozenset(modules), fetch

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Fetch the files if they contain ``fullname``; always return None, so that the next finder finds
        it."""
        if fullname in self._modules:
            self._fetch(fullname)
            self.arrived()
        return None

    def arrived(self) -> None:
        """Remove this finder, because the files are in the file system."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
            importlib.invalidate_caches()


def expect(paths: Iterable[str], fetch: Callable[[str], object]) -> LazyModules:
    """Call ``fetch`` at the first import of a module whose file is among ``paths``; return the finder."""
    late = LazyModules(map(module_of, paths), fetch)
    sys.path_importer_cache.clear()
    sys.meta_path.insert(0, late)
    return late


def module_of(path: str) -> str:
    """Return the name of the module in a compiled file, from its place in Python's path."""
    inside = path.partition("/site-packages/")[2] or path.partition("/lib/python")[2].partition("/")[2]
    return inside.removesuffix(".pyc").removesuffix("/__init__").replace("/", ".")


def import_late() -> None:
    """Import at once what a start imports after the page is drawn."""
    for name in IMPORTED_LATE:
        importlib.import_module(name)


def loaded_files() -> list[str]:
    """Return the files of all imported modules, sorted."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return sorted(file for file in files if file)
