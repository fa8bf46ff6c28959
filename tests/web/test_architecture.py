"""Check the imports in ``web/``: between its folders, of JavaScript's modules, and that none form a circle.

Each folder of ``web/`` is called a room here, and so is each of the few files that put the folders together.
An arrow is an import from one room to another. A new room or a new arrow needs a change of ``MAY_IMPORT``.
"""

from __future__ import annotations

import re
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import nncore
import web
from tests.imports import imports, modules_in

ROOT = Path(web.__file__).parent
MODULES = modules_in(ROOT)
IMPORTS = {name: imports(tree, MODULES) for name, tree in MODULES.items()}
FOLDERS = {path.parent.name for path in ROOT.glob("*/__init__.py")}
ENTRIES = {"app", "lab"}
"""The files directly in ``web/`` that count as rooms, because they put the folders together."""

MAY_IMPORT = {
    "state": set(),
    "runs": {"state", "pad"},
    "pad": {"state"},
    "delivery": {"state"},
    "sweeps": {"state"},
    "program": set(),
    "runner": {"state", "runs", "pad", "program"},
    "keeping": {"state", "runs", "runner"},
    "teaching": {"state", "runner", "keeping", "pad"},
    "opening": {"state", "runner", "runs", "pad", "delivery", "teaching"},
    "commands": {"state", "runs", "delivery", "program"},
    "lab": {"state", "runner", "keeping", "teaching", "opening", "sweeps", "delivery", "commands"},
    "components": set(),
    "views": {"state", "runs", "pad", "runner", "keeping", "teaching", "program", "components", "lab"},
    "app": {"components", "views", "lab", "delivery", "sweeps", "program"},
    "browser": {"app", "state", "delivery", "keeping", "sweeps"},
    "image": {"browser", "delivery"},
    "build": {"image", "program"},
}
"""Room -> the other rooms of ``web/`` that it may import."""

TALK_TO_JAVASCRIPT = {"browser", "build"}
"""The rooms that may import modules that exist in Pyodide alone. (A part of the build runs in Pyodide.)"""

ONE_SUBJECT = {
    "opened_files": "files between reading and learning: what is known of them, and the dialog",
    "runs": "the table of runs: its commands, its tab, and the component that draws it",
    "stopping": "when training ends: the decision, and the fields in which it is chosen",
}
"""Names that several modules share, and the subject that they share too, each module in its own room."""

JAVASCRIPT = ("js", "pyodide", "pyodide_js", "panel.io.pyodide")
SCRIPTS = sorted(path for path in ROOT.rglob("*") if path.suffix in (".js", ".mjs"))


def room(module: str) -> str:
    """Return the room of a module of ``web``, by its full name."""
    return module.split(".")[1] if "." in module else module


def arrows() -> set[tuple[str, str]]:
    """Return the pairs of rooms of which the first imports the second."""
    pairs = {
        (room(name), room(imported))
        for name, found in IMPORTS.items()
        for imported in found
        if imported.split(".")[0] == "web"
    }
    return {(one, other) for one, other in pairs if one != other}


def is_or_is_in(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def test_there_is_something_to_read() -> None:
    """Check that the sources are found at all, or every test below would pass without looking at any."""
    assert len(MODULES) > 50 and "views" in FOLDERS
    assert "web.state.lab_state" in IMPORTS["web.state.address"]


def test_every_room_has_a_row_in_the_table() -> None:
    assert set(MAY_IMPORT) == FOLDERS | ENTRIES


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_a_room_imports_the_rooms_that_it_may(name: str) -> None:
    used = {other for one, other in arrows() if one == name}
    assert used <= MAY_IMPORT[name], "an import runs the wrong way; or the table misses an arrow"
    assert MAY_IMPORT[name] <= used, "an arrow of the table is not used any more: strike it out"


def test_rooms_have_no_circles() -> None:
    TopologicalSorter(MAY_IMPORT).prepare()  # raises CycleError, which names the circle


def reachable(name: str) -> set[str]:
    """Return all rooms that a room imports, directly or through others."""
    return MAY_IMPORT[name].union(*map(reachable, MAY_IMPORT[name]))


def test_the_picture_of_the_rooms_is_true() -> None:
    """Compare the diagram in ``docs/architecture.md`` with the table of arrows.

    The diagram leaves out an arrow between two rooms if a path over a third room connects them too.
    """
    text = (ROOT.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    picture = text.partition("```mermaid\nflowchart TD\n")[2].partition("```")[0]
    chains = [line.split(" --> ") for line in picture.split("\n")]
    drawn = {
        (one.strip(), other.strip()) for chain in chains for one, other in zip(chain, chain[1:], strict=False)
    }
    assert drawn == {
        (one, other)
        for one, others in MAY_IMPORT.items()
        for other in others
        if not any(other in reachable(third) for third in others)
    }


def test_modules_of_one_name_are_about_one_subject() -> None:
    """A name that means two things sends a reader to the wrong file."""
    names = Counter(path.stem for path in ROOT.rglob("*.py") if path.name != "__init__.py")
    assert {name for name, count in names.items() if count > 1} == set(ONE_SUBJECT)


def test_modules_have_no_circles() -> None:
    graph = {name: found & set(MODULES) - {name} for name, found in IMPORTS.items()}
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("name", MODULES)
def test_one_place_talks_to_javascript(name: str) -> None:
    """Check that only the listed rooms import JavaScript's modules."""
    talks = any(is_or_is_in(imported, JAVASCRIPT) for imported in IMPORTS[name])
    assert not talks or room(name) in TALK_TO_JAVASCRIPT


def test_the_test_hears_who_talks_to_javascript() -> None:
    """Check the check above: it must find that ``web.browser`` imports JavaScript's modules."""
    assert any(is_or_is_in(imported, JAVASCRIPT) for imported in IMPORTS["web.browser"])


def test_modules_that_scripts_name_exist() -> None:
    """Check the names of modules by which JavaScript starts Python, because no type checker follows them."""
    named = {
        found
        for path in SCRIPTS
        for found in re.findall(r"(?:\bimport |pyimport\(\")(web[.\w]+)", path.read_text(encoding="utf-8"))
    }
    assert "web.browser" in named
    assert {name for name in named if name not in MODULES} == set()


def test_modules_that_are_named_by_a_text_exist() -> None:
    """Check the names of modules in Python's own strings, such as those that are imported by name."""
    known = {*MODULES, *modules_in(Path(nncore.__file__).parent)}
    named = {
        found
        for path in ROOT.rglob("*.py")
        for found in re.findall(r"\"((?:web|nncore)(?:\.[a-z_0-9]+)+)\"", path.read_text(encoding="utf-8"))
    }
    assert "nncore.kernels.runs" in named
    assert named <= known
