"""Bundles Bokeh's and Panel's JavaScript from their npm packages: only the models that the page's views use.

The scripts in their wheels define every model there is, which takes the browser most of a second in one task,
and are three times as large. ``bokeh/`` has the list of models, the packages (``package-lock.json`` has their
hashes) and the bundler's script. The packages are unpacked into a folder that is deleted; the cache keeps
them as npm sends them, and the result.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

from web.build import node
from web.build.cache import cached
from web.build.errors import BuildError, MissingInput
from web.build.sources import NPM_OPTIONS

SOURCES = Path(__file__).with_name("bokeh")
SCRIPT = "bokeh.js"
LICENCES = "licences.json"
PACKAGES = ("package.json", "package-lock.json")


def bokeh_bundle(cache: Path, versions: dict[str, str], offline: bool = False) -> Path:
    """Return a folder with ``SCRIPT`` and ``LICENCES``.

    Args:
        cache: the folder of the build's cache.
        versions: of the wheels ``bokeh`` and ``panel``, which the packages must have too.
        offline: use the cache alone.

    Raises:
        BuildError: if the versions differ, or the bundler found a fault.
        MissingInput: if npm cannot fetch the packages, or ``offline`` lacks one.
    """
    _check(versions)

    def make(shelf: Path) -> None:
        with tempfile.TemporaryDirectory() as name:
            for file in PACKAGES:
                shutil.copyfile(SOURCES / file, Path(name) / file)
            where = ["--prefix", name, "--cache", str(cache / "inputs" / "npm")]
            how = ["--offline" if offline else "--prefer-offline", "--ignore-scripts"]
            quietly = ["--no-audit", "--no-fund", *NPM_OPTIONS]
            if failure := node.run("npm", ["ci", *where, *how, *quietly]):
                raise MissingInput(f"npm could not fetch Bokeh's and Panel's JavaScript: {failure}")
            if failure := node.run("node", [str(SOURCES / "bundle.mjs"), name, str(shelf)]):
                raise BuildError(f"Bokeh's JavaScript could not be bundled: {failure}")

    return cached(cache / "bokeh", _key(), make)


def _check(versions: dict[str, str]) -> None:
    """Check that JavaScript and Python of a library have one version."""
    wanted = json.loads((SOURCES / "package.json").read_text(encoding="utf-8"))["dependencies"]
    for wheel, package in (("bokeh", "@bokeh/bokehjs"), ("panel", "@holoviz/panel")):
        if wanted[package] != versions[wheel]:
            raise BuildError(
                f"pins.toml has {wheel} {versions[wheel]}, but bokeh/package.json has {package} "
                f"{wanted[package]}; they must be of one version"
            )


def _key() -> str:
    """Return a hash of everything that the bundle depends on."""
    files = sorted(path for path in SOURCES.iterdir() if path.is_file())
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()
