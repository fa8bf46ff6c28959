"""Compiles the wheels to byte code and writes ``pyodide-lock.json``, which lists exactly them.

The work is done by Pyodide itself under Node (``pack.mjs``, ``pack_inside.py``). Compiled wheels are kept in
the cache by a hash of all their inputs, so that after a change in our own modules only those are compiled.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from web.build import node
from web.build.archives import write_archive
from web.build.cache import cached
from web.build.errors import BuildError
from web.build.wheels import Wheel

HERE = Path(__file__).parent
SCRIPTS = (HERE / "pack.mjs", HERE / "pack_inside.py")
LOCK = "pyodide-lock.json"


@dataclass(frozen=True)
class Packer:
    """Compiles wheels inside Pyodide.

    Attributes:
        inputs: the folder with Pyodide and the packing tools.
        tools: the file names of the tools.
        whole: the file names of the wheels that are served whole.
        pinned: the hashes of all of these, which are part of the cache's keys.
        cache: the folder of the build's cache.
    """

    inputs: Path
    tools: tuple[str, ...]
    whole: tuple[str, ...]
    pinned: tuple[str, ...]
    cache: Path

    def pack(self, wheels: Sequence[Wheel]) -> list[Path]:
        """Return the compiled wheels and the lock, as files in the cache.

        Raises:
            BuildError: if Node, or the packing inside Pyodide, failed.
        """
        shelves = {wheel.distribution: self.cache / "wheels" / self._key(wheel) for wheel in wheels}
        keys = sorted(shelf.name for shelf in shelves.values())
        lock = self.cache / "locks" / hashlib.sha256("".join(keys).encode()).hexdigest()
        if not all(shelf.is_dir() for shelf in (*shelves.values(), lock)):
            self._make(wheels, shelves, lock)
        return [next(shelf.iterdir()) for shelf in shelves.values()] + [lock / LOCK]

    def _make(self, wheels: Sequence[Wheel], shelves: dict[str, Path], lock: Path) -> None:
        """Compile the wheels that are not in the cache, write the lock, and put both into the cache."""
        with tempfile.TemporaryDirectory() as name:
            work = Path(name)
            for folder in ("raw", "ready"):
                (work / folder).mkdir()
            for wheel in wheels:
                shelf = shelves[wheel.distribution]
                if shelf.is_dir():
                    shutil.copy(next(shelf.iterdir()), work / "ready")
                else:
                    write_archive(work / "raw" / wheel.name, wheel.files)
            (work / "job.json").write_text(json.dumps({"tools": self.tools, "whole": self.whole}))
            script, inside = SCRIPTS
            if failure := node.run("node", [str(script), str(self.inputs), str(work), str(inside)]):
                raise BuildError(f"packing failed inside Pyodide: {failure}")
            for path in (work / "ready").iterdir():
                shelf = shelves[path.name.split("-")[0]]
                cached(shelf.parent, shelf.name, partial(shutil.copy, path))
            cached(lock.parent, lock.name, partial(shutil.copy, work / LOCK))

    def _key(self, wheel: Wheel) -> str:
        """Return a hash of everything that determines the compiled wheel's bytes."""
        digest = hashlib.sha256()
        for part in (*self.pinned, *self.tools, *self.whole, wheel.name):
            digest.update(part.encode() + b"\0")
        for script in SCRIPTS:
            digest.update(script.read_bytes())
        for name, data in sorted(wheel.files.items()):
            digest.update(f"{name}\0{len(data)}\0".encode() + data)
        return digest.hexdigest()
