"""The build from end to end: every stage in order, into a folder beside the target, which it replaces at the
end.

A build that fails leaves the last good site where it was.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nncore.datasets.shards import Manifest
from web.build import data, licences
from web.build.cache import trim
from web.build.check import check_site
from web.build.errors import BuildError
from web.build.fetch import ROOT, Inputs, cache_folder
from web.build.kernels import compiled_kernels
from web.build.packing import LOCK, Packer
from web.build.page import Page
from web.build.pins import Pin, read_pins
from web.build.progress import Progress, size
from web.build.render import render
from web.build.wheels import own_wheel, pruned_wheel

# Wheels of the page that the packing tools import too.
SHARED_WITH_TOOLS = ("packaging", "markdown_it_py", "mdurl", "typing_extensions")
# Folders of web/ that are served as they are, beside the page.
SERVED = ("boot", "look")
MANIFEST = "build.json"


@dataclass(frozen=True)
class Options:
    """What ``python build.py`` was asked for. ``mnist`` is a folder with a local MNIST, or None."""

    out: Path = ROOT / "dist"
    mnist: Path | None = None
    offline: bool = False


@dataclass(frozen=True)
class Result:
    """What was made: where, how many files and bytes, and which digits."""

    out: Path
    files: int
    bytes: int
    digits: Manifest


def build(options: Options) -> Result:
    """Make the site.

    Raises:
        BuildError: if an input is missing or fails its hash, or an output is not what it must be.
    """
    out = options.out.resolve()
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise BuildError(f"--out {out} has files in it that no build made; name a new or an empty folder")
    progress = Progress(6)
    pins = read_pins()
    cache = cache_folder()
    inputs = Inputs(cache, options.offline, progress.note)
    out.parent.mkdir(parents=True, exist_ok=True)
    site = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        with progress.stage("Inputs: Pyodide, Panel, Bokeh and what they need"):
            paths = inputs.get(pin for pin in pins if pin.use not in ("mnist", "small"))
            progress.note(f"{len(paths)} files, {size(_bytes(paths.values()))}, every hash as pinned")
        with progress.stage("Digits"):
            manifest = _digits(inputs, options.mnist, cache, site, progress)
        with progress.stage("Packages: byte code for the page's Python"):
            _packages(pins, paths, cache, site, progress)
        with progress.stage("Page"):
            _page(pins, paths, site)
        with progress.stage("Licences"):
            progress.note(f"{licences.write_licences(pins, paths, manifest, site)} works")
        with progress.stage("Check: nothing foreign, nothing missing"):
            check_site(site)
            sizes = _write_manifest(site, pins, manifest)
        _swap(site, out)
        for shelf in ("wheels", "locks", "shards", "kernels"):
            trim(cache / shelf, keep=100)
    finally:
        shutil.rmtree(site, ignore_errors=True)
    return Result(out, len(sizes), sum(sizes), manifest)


def _digits(inputs: Inputs, mnist: Path | None, cache: Path, site: Path, progress: Progress) -> Manifest:
    with tempfile.TemporaryDirectory() as scratch:
        digits = data.choose(inputs, mnist, Path(scratch))
        manifest = data.write_digits(digits, cache, site)
    progress.note(
        f"{manifest.title} from {digits.origin}: {manifest.train_count:,} + {manifest.test_count:,}"
    )
    if manifest.small:
        progress.note("this is the small set; for all 70,000 digits give --mnist DIR")
    return manifest


def _packages(
    pins: tuple[Pin, ...], paths: dict[str, Path], cache: Path, site: Path, progress: Progress
) -> None:
    """``site/pyodide``: the core files, the compiled wheels, those served whole, and the lock."""
    whole = [pin for pin in pins if pin.use == "whole"]
    tools = [pin for pin in pins if pin.use == "tool" or pin.distribution in SHARED_WITH_TOOLS]
    runtime = [pin for pin in pins if pin.use == "runtime"]
    packer = Packer(
        inputs=paths[LOCK].parent,
        tools=tuple(pin.file for pin in tools),
        whole=tuple(pin.file for pin in whole),
        pinned=tuple(pin.sha256 for pin in pins if pin.use != "page" and pin.use not in ("mnist", "small")),
        cache=cache,
    )
    wheels = [pruned_wheel(pin, paths[pin.file]) for pin in pins if pin.use == "page"]
    wheels.append(own_wheel(ROOT, compiled_kernels(cache)))
    folder = site / "pyodide"
    folder.mkdir()
    for path in (*packer.pack(wheels), *(paths[pin.file] for pin in (*runtime, *whole))):
        shutil.copyfile(path, folder / path.name)
    progress.note(f"{len(wheels)} wheels, {size(_bytes(folder.glob('*.whl')))}")


def _page(pins: tuple[Pin, ...], paths: dict[str, Path], site: Path) -> None:
    """index.html, the JavaScript and style sheets it refers to, and what of web/ is served as it is."""
    for name in SERVED:
        shutil.copytree(ROOT / "web" / name, site / name, copy_function=shutil.copyfile)
    panel, bokeh = (
        next(paths[p.file] for p in pins if p.distribution == name) for name in ("panel", "bokeh")
    )
    Page(panel, bokeh, site).write(render(ROOT / "web" / "app.py", site))
    # GitHub Pages runs a site through Jekyll, which drops some files, unless this one is there.
    (site / ".nojekyll").write_bytes(b"")


def _write_manifest(site: Path, pins: tuple[Pin, ...], digits: Manifest) -> list[int]:
    """``build.json``: what this build is, and every other file of it with size and SHA-256. Returns the
    sizes."""
    files, sizes = [], []
    for path in sorted(p for p in site.rglob("*") if p.is_file()):
        path.chmod(0o644)
        content = path.read_bytes()
        name = path.relative_to(site).as_posix()
        sizes.append(len(content))
        files.append({"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()})
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    about = {
        "version": version,
        "pyodide": next(pin.npm.split("@")[1] for pin in pins if pin.use == "runtime"),
        "panel": next(pin.version for pin in pins if pin.distribution == "panel"),
        "digits": {
            "title": digits.title,
            "train": digits.train_count,
            "test": digits.test_count,
            "small": digits.small,
        },
        "files": files,
    }
    (site / MANIFEST).write_bytes((json.dumps(about, indent=1) + "\n").encode())
    return sizes


def _swap(site: Path, out: Path) -> None:
    """Put the finished site where the last one was."""
    site.chmod(0o755)
    if not out.is_dir():
        site.rename(out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    out.rename(old / "site")
    site.rename(out)
    shutil.rmtree(old)


def _bytes(paths: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in paths)
