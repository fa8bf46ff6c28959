"""Check in the core's sources what it imports, in which direction, and which functions it never calls."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import nncore
from tests.imports import imports, modules_in

ROOT = Path(nncore.__file__).parent
TERMINAL = ("nncore.cli", "nncore.__main__", "nncore.pictures")
"""The modules of the command line, which may print, draw and read clocks."""

MODULES = modules_in(ROOT)
CORE = {name: tree for name, tree in MODULES.items() if not name.startswith(TERMINAL)}


def calls(tree):
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def test_there_is_something_to_read():
    """Check that the sources are found at all, or every test below would pass without looking at any."""
    assert len(CORE) > 20
    assert "nncore.network" in imports(MODULES["nncore.training"], MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_the_core_knows_neither_the_page_nor_the_browser(name):
    roots = {imported.split(".")[0] for imported in imports(MODULES[name], MODULES)}
    assert not roots & {"panel", "bokeh", "param", "js", "pyodide", "pyodide_js", "web"}


@pytest.mark.parametrize("name", CORE)
def test_importing_the_core_needs_numpy_only(name):
    roots = {imported.split(".")[0] for imported in imports(MODULES[name], MODULES, anywhere=False)}
    assert not roots & {"scipy", "matplotlib", "PIL", "tqdm", "sklearn", "torch", "pandas"}


def test_imports_run_one_way():
    graph = {name: imports(tree, MODULES) & set(MODULES) - {name} for name, tree in MODULES.items()}
    # A cycle raises CycleError, which names the modules in it.
    order = list(TopologicalSorter(graph).static_order())
    chain = ["activations", "losses", "network", "batches", "training"]
    places = [order.index(f"nncore.{name}") for name in chain]
    assert places == sorted(places)


@pytest.mark.parametrize("name", CORE)
def test_the_core_never_prints_sleeps_or_looks_at_a_clock(name):
    assert "time" not in imports(CORE[name], MODULES)
    assert not calls(CORE[name]) & {"print", "input", "sleep"}


@pytest.mark.parametrize("name", MODULES)
def test_random_numbers_come_from_a_generator_that_was_handed_over(name):
    """Check that all random numbers come from a seeded generator, never from NumPy's global one."""
    used = {
        match for call in calls(MODULES[name]) for match in re.findall(r"^(?:np|numpy)\.random\.(\w+)", call)
    }
    assert used <= {"default_rng", "Generator"}
    assert "random" not in imports(MODULES[name], MODULES)
    unseeded = [
        node
        for node in ast.walk(MODULES[name])
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "np.random.default_rng" and not node.args
    ]
    assert not unseeded


@pytest.mark.parametrize("name", MODULES)
def test_every_file_opens_with_what_it_is(name):
    """Check that every module has a docstring."""
    assert ast.get_docstring(MODULES[name])
