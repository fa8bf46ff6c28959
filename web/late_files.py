"""The files that a memory image leaves out: modules that nobody had imported when the image was made.

They are fetched when the page is quiet. Should somebody import one of them earlier, the import waits for
them; that is all this does.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

# Our own packages come with the image, all files of them.
HERE = ("nncore", "web")


class LateFiles(MetaPathFinder):
    """Stands first among Python's finders until the files are there. ``fetch`` puts them into the file
    system before it returns; it is called with the name of the module that could not wait."""

    def __init__(self, fetch: Callable[[str], object]) -> None:
        self._fetch = fetch

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Never finds anything itself: it is there to be asked."""
        if fullname.partition(".")[0] in HERE:
            return None
        self._fetch(fullname)
        self.arrived()
        return None

    def arrived(self) -> None:
        """The files are there."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
            importlib.invalidate_caches()


def expect(fetch: Callable[[str], object]) -> LateFiles:
    """From now on the first import of a module that isn't loaded yet calls ``fetch``."""
    late = LateFiles(fetch)
    sys.path_importer_cache.clear()
    sys.meta_path.insert(0, late)
    return late
