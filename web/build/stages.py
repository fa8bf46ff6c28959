"""Runs the build from end to end: its stages in order.

The site is built in a folder beside the target and replaces it at the end, so that a build that fails leaves
the last good site in place.
"""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nncore.datasets.shards import Manifest
from web.build.archives import write_archive
from web.build.bokeh_bundle import SCRIPT, bokeh_bundle
from web.build.bundle import bundle
from web.build.cache import trim
from web.build.check import check_site
from web.build.data import choose, write_digits
from web.build.drawn import with_drawn
from web.build.errors import BuildError
from web.build.fetch import ROOT, Inputs, cache_folder
from web.build.kernels import compiled_kernels
from web.build.licences import write_licences
from web.build.output import check_target, replace, write_manifest
from web.build.packing import LOCK, Packer
from web.build.page import Page
from web.build.pins import Pin, read_pins
from web.build.policy import add_integrity
from web.build.progress import Progress, size
from web.build.render import render
from web.build.start import STDLIB, Start, first_files, unnoticed_files, with_plan, worker_modules
from web.build.wheels import own_wheel, pruned_library, pruned_wheel
from web.build.zstd import CARRIER, DECODER, decoder_in
from web.image.loader_patch import PATCHED, LoaderChanged, patched

# Wheels of the page that the packing tools import too.
SHARED_WITH_TOOLS = ("packaging", "markdown_it_py", "mdurl", "typing_extensions")
# Folders of web/ that are served as they are, beside the page.
SERVED = ("boot", "components/pad", "look", "models")
# Files of web/ that belong beside index.html: a service worker controls only the files under its folder.
AT_ROOT = ("service-worker.js", "manifest.webmanifest")
# The files of Pyodide itself that every start fetches.
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", LOCK)
STAGES = 8


@dataclass(frozen=True)
class Options:
    """The options of ``python build.py``.

    Attributes:
        out: the target folder.
        mnist: a folder with a local MNIST, or None.
        offline: use the cache alone.
        quick: compress less.
        image: make a memory image, which starts Python sooner than its packages.
    """

    out: Path = ROOT / "dist"
    mnist: Path | None = None
    offline: bool = False
    quick: bool = False
    image: bool = True


@dataclass(frozen=True)
class Result:
    """The result of a build: its folder, the number of files and bytes, and the manifest of its digits."""

    out: Path
    files: int
    bytes: int
    digits: Manifest


def build(options: Options) -> Result:
    """Build the site.

    Raises:
        BuildError: if an input is missing or fails its hash, or a check of the result fails.
    """
    out = options.out.resolve()
    check_target(out)
    progress, cache, pins = Progress(STAGES), cache_folder(), read_pins()
    inputs = Inputs(cache, options.offline, progress.note)
    with _folder_beside(out) as site:
        with progress.stage("Inputs: Pyodide, Panel, Bokeh and what they need"):
            paths = inputs.get(pin for pin in pins if pin.use not in ("mnist", "small"))
            progress.note(f"{len(paths)} files, {size(_bytes(paths.values()))}, every hash as pinned")
        making = _Site(site, pins, paths, cache, progress)
        with progress.stage("Digits"):
            digits = making.digits(inputs, options.mnist)
        with progress.stage("Packages: byte code for the page's Python"):
            packed = making.packages()
        # Before the image, because a mistake in the app shows here after two seconds, there after thirty.
        with progress.stage("Page: drawn once, as it is before Python starts"):
            html = render(ROOT / "web" / "app.py", site)
        with progress.stage("Start: packages in one file, memory image"):
            plan = making.start(packed, options.quick, options.image)
        with progress.stage("Page: its scripts and style sheets"):
            widgets = making.widgets(options.offline)
            making.page(with_drawn(html, plan.pop("page")), plan)
        with progress.stage("Licences"):
            progress.note(f"{write_licences(pins, paths, widgets, digits, site)} works listed")
        with progress.stage("Check: nothing foreign, nothing missing"):
            add_integrity(site)
            check_site(site)
            sizes = write_manifest(site, making.about(digits))
        replace(site, out)
    for shelf in ("wheels", "locks", "shards", "kernels"):
        trim(cache / shelf, keep=100)
    trim(cache / "bokeh", keep=5)
    trim(cache / "starts", keep=5)  # 25 MB each
    return Result(out, len(sizes), sum(sizes), digits)


@dataclass(frozen=True)
class _Site:
    """The stages that fill ``site``, from the inputs at ``paths``."""

    site: Path
    pins: tuple[Pin, ...]
    paths: dict[str, Path]
    cache: Path
    progress: Progress

    def digits(self, inputs: Inputs, mnist: Path | None) -> Manifest:
        """Write ``data/``: the shards."""
        with tempfile.TemporaryDirectory() as scratch:
            digits = choose(inputs, mnist, Path(scratch))
            manifest = write_digits(digits, self.cache, self.site)
        counts = f"{manifest.train_count:,} + {manifest.test_count:,}"
        self.progress.note(f"{manifest.title} from {digits.origin}: {counts}")
        if manifest.small:
            self.progress.note("this is the small set; for all 70,000 digits give --mnist DIR")
        return manifest

    def packages(self) -> list[Path]:
        """Write ``pyodide/``: the core files, the compiled wheels, those served whole, and the lock.

        Returns:
            the compiled wheels and the lock, as files in the cache.
        """
        wheels = [pruned_wheel(pin, self.paths[pin.file]) for pin in self._used("page")]
        wheels.append(own_wheel(ROOT, compiled_kernels(self.cache)))
        wheels.append(pruned_library(self.paths[STDLIB]))
        whole = self._used("whole")
        tools = self._used("tool") + [pin for pin in self.pins if pin.distribution in SHARED_WITH_TOOLS]
        packer = Packer(
            inputs=self.paths[LOCK].parent,
            tools=tuple(pin.file for pin in tools),
            whole=tuple(pin.file for pin in whole),
            pinned=tuple(pin.sha256 for pin in (*self._used("runtime", "lock"), *tools, *whole)),
            cache=self.cache,
        )
        folder = self.site / "pyodide"
        folder.mkdir()
        as_they_are = [self.paths[pin.file] for pin in self._used("runtime", "whole")]
        packed = packer.pack(wheels)
        for path in [path for path in packed if path.name != STDLIB] + as_they_are:
            shutil.copyfile(path, folder / path.name)
        loader = folder / PATCHED
        try:
            loader.write_bytes(patched(loader.read_text(encoding="utf-8")).encode())
        except LoaderChanged as error:
            raise BuildError(str(error)) from error
        self.progress.note(f"{len(wheels) + len(whole)} wheels, {size(_bytes(folder.glob('*.whl')))}")
        return packed

    def start(self, packed: list[Path], quick: bool, image: bool) -> dict[str, Any]:
        """Write ``start/``: all packages in one file and, with ``image``, the memory image and its libraries.

        Returns:
            the plan, as in ``web.build.start``.
        """
        archives = [path for path in packed if path.name != LOCK]
        with tempfile.TemporaryDirectory() as name:
            for file in (LOCK, *(pin.file for pin in self._used("runtime") if pin.file != STDLIB)):
                shutil.copyfile(self.site / "pyodide" / file, Path(name) / file)
            write_archive(Path(name) / STDLIB, {})  # the packages include it
            decoder = decoder_in(self.paths[CARRIER].read_text(encoding="utf-8"))
            (Path(name) / DECODER).write_bytes(decoder)
            plan = Start(Path(name), archives, self.cache, quick, image).make(self.site / "start")
        plan["core"] = _bytes(self.site / "pyodide" / name for name in CORE) - plan["code"]["unpacked"]
        plan["modules"] = worker_modules()
        plan["first"] = first_files(self.site)
        for kind in [kind for kind in ("packages", "image") if kind in plan]:
            self.progress.note(f"{kind}: {size(plan[kind]['bytes'])}")
        return plan

    def widgets(self, offline: bool) -> Path:
        """Write ``static/bokeh.js``; returns the folder that also has the licences of what is in it."""
        versions = {name: self._wheel(name).version for name in ("bokeh", "panel")}
        folder = bokeh_bundle(self.cache, versions, offline)
        (self.site / "static").mkdir()
        shutil.copyfile(folder / SCRIPT, self.site / "static" / SCRIPT)
        return folder

    def page(self, html: str, plan: dict[str, Any]) -> None:
        """Write index.html, the files that it refers to, and the served folders of web/."""
        for name in SERVED:
            shutil.copytree(
                ROOT / "web" / name,
                self.site / name,
                copy_function=shutil.copyfile,
                ignore=shutil.ignore_patterns("*.py", "__pycache__"),
            )
        self._kernels()
        plan = plan | {"unnoticed": unnoticed_files(html, self.site)}
        Page(self.paths[self._wheel("panel").file], self.site).write(bundle(with_plan(html, plan), self.site))
        for name in AT_ROOT:
            shutil.copyfile(ROOT / "web" / name, self.site / name)
        # GitHub Pages runs a site through Jekyll, which drops some files, unless this one is there.
        (self.site / ".nojekyll").write_bytes(b"")

    def _kernels(self) -> None:
        """Write ``kernels/``: the wheel's kernels, for JavaScript to use before Python has started."""
        folder = self.site / "kernels"
        folder.mkdir()
        for path, data in compiled_kernels(self.cache).items():
            (folder / Path(path).name).write_bytes(data)

    def about(self, digits: Manifest) -> dict[str, object]:
        """Return the facts about this build for ``build.json``."""
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return {
            "version": project["version"],
            "pyodide": self._used("runtime")[0].npm.split("@")[1],
            "panel": self._wheel("panel").version,
            "digits": {
                "title": digits.title,
                "train": digits.train_count,
                "test": digits.test_count,
                "small": digits.small,
            },
        }

    def _used(self, *uses: str) -> list[Pin]:
        """Return the inputs of these uses."""
        return [pin for pin in self.pins if pin.use in uses]

    def _wheel(self, distribution: str) -> Pin:
        """Return the input that is the wheel of this distribution."""
        return next(pin for pin in self.pins if pin.distribution == distribution)


@contextmanager
def _folder_beside(out: Path) -> Iterator[Path]:
    """Make a folder on the same disk as ``out``, and delete it at the end unless it was moved."""
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _bytes(paths: Iterable[Path]) -> int:
    """Return the total size of files in bytes."""
    return sum(path.stat().st_size for path in paths)
