"""Makes the files that the page starts Python from: packages in one file, a memory image, its libraries.

``make_start.mjs`` makes them under Node, by starting Python the way the page does, and has it draw the page.
The result is kept in the cache by a hash of all its inputs. ``plan`` is the list of them in ``index.html``:
names with hashes in them, and sizes; the worker's modules, to fetch side by side; and the files that Python
requests first. The plan of a site without an image has no ``image`` and no ``libraries``, and such a page
starts from the packages.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nncore.datasets.shards import MANIFEST, read_manifest
from web.build import node
from web.build.cache import cached
from web.build.errors import BuildError
from web.build.fetch import ROOT
from web.build.parts import LIBRARY, SITE, installed, part

STDLIB = "python_stdlib.zip"
SCRIPT = Path(__file__).with_name("make_start.mjs")
PLAN = "plan.json"
# The line of index.html that holds the plan, in front of the scripts that read it.
PLACE = '<script type="application/json" id="start-plan">{}</script>'
BOOT = ROOT / "web" / "boot"
FIRST_MODELS = ("cards.json", "small.npz")
RUNS_IN_NODE = (
    "build/make_start.mjs",
    "build/write_parts.mjs",
    "image/make_image.mjs",
    "boot/worker/python.mjs",
    "boot/image/image.mjs",
    "boot/worker/parts.mjs",
    "boot/worker/zstd.mjs",
)


# Files that are read by imports, which can wait for them (web/delivery/lazy_modules.py). Other files are
# opened without an import (Panel and Bokeh read templates and style sheets when they first draw something),
# so an image needs them at once.
IMPORTED = (".pyc", ".so")


def _read_as_files(groups: Sequence[dict[str, bytes]]) -> dict[str, bytes]:
    """Return the files that Python opens without an import."""
    return {p: data for group in groups for p, data in group.items() if not p.endswith(IMPORTED)}


@dataclass(frozen=True)
class Start:
    """Makes the files of the start.

    Attributes:
        core: a folder with Pyodide's core files, the loader patched, and the decoder.
        archives: the byte-compiled standard library and wheels.
        cache: the folder of the build's cache.
        quick: take seconds instead of half a minute, and make files a fifth larger.
        image: make a memory image.
    """

    core: Path
    archives: Sequence[Path]
    cache: Path
    quick: bool = False
    image: bool = True

    def make(self, folder: Path) -> dict[str, Any]:
        """Put the files into ``folder``; returns the plan.

        Raises:
            BuildError: if Python does not start, or its memory cannot be written down.
        """
        shelf = cached(self.cache / "starts", self._key(), self._fill)
        folder.mkdir()
        for path in shelf.iterdir():
            if path.name != PLAN:
                shutil.copyfile(path, folder / path.name)
        plan: dict[str, Any] = json.loads((shelf / PLAN).read_text(encoding="utf-8"))
        return plan

    def _fill(self, shelf: Path) -> None:
        """Make the files in the cache's folder ``shelf``."""
        with tempfile.TemporaryDirectory() as name:
            work = Path(name)
            groups = self._in_order_of_need()
            packages = b"".join(part(files) for files in groups)
            (work / "packages.parts").write_bytes(packages)
            if self.image:
                (work / "early.part").write_bytes(part(_read_as_files(groups[:-1]) | groups[-1]))
            arguments = [str(SCRIPT), str(self.core), str(work), str(shelf), str(self._level), self._image]
            if failure := node.run("node", arguments):
                raise BuildError(f"the page's Python did not start at build time: {failure}")

    def _in_order_of_need(self) -> list[dict[str, bytes]]:
        """Return four groups of files: the standard library, NumPy, Panel with its dependencies, and our own.

        ``boot/worker/python.mjs`` relies on these four.
        """
        by_name = {path.name.split("-")[0]: path for path in self.archives}
        own, numpy, stdlib = (by_name.pop(name) for name in ("inkling", "numpy", STDLIB))
        others = sorted(by_name.values(), key=lambda path: path.name)  # the folders are the cache's keys
        return [
            installed([stdlib], LIBRARY),
            *(installed(group, SITE) for group in ([numpy], others, [own])),
        ]

    @property
    def _level(self) -> int:
        """The level of compression of zstd."""
        return 6 if self.quick else 19  # 22 takes 50 % longer, and saves half a per cent

    @property
    def _image(self) -> str:
        """The script's word for whether to make an image."""
        return "image" if self.image else "no image"

    def _key(self) -> str:
        """Return a hash of everything that determines the files."""
        digest = hashlib.sha256(f"{self._level} {self._image}".encode())
        for path in (*sorted(self.core.iterdir()), *self.archives, *(BOOT.parent / n for n in RUNS_IN_NODE)):
            digest.update(f"{path.name}\0".encode() + path.read_bytes())
        return digest.hexdigest()


def worker_modules() -> list[str]:
    """Return the page's worker and every module that it imports, by their names in the site."""
    found: list[str] = []
    wanted = [BOOT / "worker" / "worker.mjs"]
    while wanted:
        path = wanted.pop(0)
        name = path.relative_to(BOOT.parent).as_posix()
        if name not in found:
            found.append(name)
            text = path.read_text(encoding="utf-8")
            imported = re.findall(r'^(?:import|\}).* from "(\.\.?/[\w/-]+\.mjs)"$', text, re.MULTILINE)
            wanted += [(path.parent / other).resolve() for other in imported]
    return found


def unnoticed_files(html: str, site: Path) -> list[str]:
    """Return the files that the browser loads by itself, without a hash and without an event for the page.

    They are the style sheets of the widgets in ``html``, which are in shadow roots, and the kernels of the
    first readings; by their names in the site.
    """
    sheets = re.findall(r'"url": "\./([^"]+\.css)"', html)
    return sorted({*sheets, *(f"kernels/{path.name}" for path in (site / "kernels").iterdir())})


def first_files(site: Path) -> list[str]:
    """Return the files that the lab requests as soon as Python runs, by their names in the site.

    They are the network for the pad and the first digits.
    """
    manifest = read_manifest((site / "data" / MANIFEST).read_bytes())
    shards = [file.file for file in (manifest.train[0].images, manifest.train[0].labels)]
    return [f"models/{name}" for name in FIRST_MODELS] + [f"data/{name}" for name in (MANIFEST, *shards)]


def with_plan(html: str, plan: dict[str, Any]) -> str:
    """Return ``html`` with the plan in the place where the page's scripts read it.

    Raises:
        BuildError: if the page has no place for it.
    """
    if html.count(PLACE) != 1:
        raise BuildError(f"web/index.html has {PLACE!r} {html.count(PLACE)} times, not once")
    return html.replace(PLACE, PLACE.replace("{}", json.dumps(plan)))
