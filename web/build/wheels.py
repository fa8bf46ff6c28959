"""Prepares the wheels of the page's Python: those from outside, pruned, and our own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from web.build.archives import names_in, read_archive
from web.build.exclusions import STAND_INS, kept
from web.build.pins import Pin
from web.program.source import SHOWN

# Our files that the page's Python does not need: the build itself, the JavaScript that runs before Python,
# the networks that are fetched one by one and the code that makes them, the command line, and the source of
# the compiled kernels.
NOT_IN_THE_PAGE = (
    "nncore/__main__.py",
    "nncore/cli/",
    "nncore/nondigits/",
    "nncore/shipped/",
    "web/build/",
    "web/boot/",
    "web/image/loader_patch.py",
    "web/image/loader_seam.js",
    "web/image/make_image.mjs",
    "web/models/",
    "nncore/kernels/kernels.c",
    "nncore/kernels/compiler.py",
)


@dataclass(frozen=True)
class Wheel:
    """A wheel to be written: its file name, and its files by their paths inside."""

    name: str
    files: dict[str, bytes]

    @property
    def distribution(self) -> str:
        """The first part of the wheel's name."""
        return self.name.split("-")[0]


def pruned_wheel(pin: Pin, path: Path) -> Wheel:
    """Return a wheel from outside, without the files that the page does not need.

    The compiled modules of a wheel for another machine (``cp312-...-manylinux``) are among these, so it gets
    the name of a pure one.
    """
    name = pin.file
    if "linux" in name:
        name = f"{pin.distribution}-{pin.version}-py3-none-any.whl"
    files = read_archive(path, kept(pin.distribution, names_in(path)))
    for metadata in (name for name in files if name.endswith(".dist-info/METADATA")):
        # Python reads the headers, up to a blank line (RFC 822). The text after it is for the package index.
        files[metadata] = files[metadata].partition(b"\n\n")[0] + b"\n"
    stand_ins = {name: text.encode() for name, text in STAND_INS.get(pin.distribution, {}).items()}
    return Wheel(name, files | stand_ins)


def pruned_library(path: Path) -> Wheel:
    """Return Python's standard library, compiled and pruned like a wheel; Pyodide ships it as source."""
    return Wheel(path.name, read_archive(path, kept("python_stdlib", names_in(path))))


def own_wheel(root: Path, kernels: dict[str, bytes]) -> Wheel:
    """Return nncore and web as one wheel, ``inkling``.

    It has the packages' data files (components' JavaScript, style sheets), and the compiled ``kernels`` (by
    path) beside the modules.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    files = dict(kernels)
    for package in ("nncore", "web"):
        for path in sorted((root / package).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and "__pycache__" not in name and not name.startswith(NOT_IN_THE_PAGE):
                files[name] = path.read_bytes()
    # All modules are compiled; of these the page also shows the source text.
    files |= {f"{name}.txt": files[name] for name in SHOWN}
    info = f"{project['name']}-{project['version']}.dist-info"
    # web/ imports Panel, which brings the rest. (The host installs it as an extra, the page always.)
    files[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.4\nName: {project['name']}\nVersion: {project['version']}\n"
        "Requires-Dist: numpy\nRequires-Dist: panel\n"
        + "".join(f"Project-URL: {label}, {url}\n" for label, url in project["urls"].items())
    ).encode()
    files[f"{info}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: inkling\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    return Wheel(f"{project['name']}-{project['version']}-py3-none-any.whl", files)
