"""Test the public names of ``nncore``, and that importing it loads NumPy alone."""

import importlib
import pkgutil
import subprocess
import sys

import pytest

import nncore

SUBMODULES = {module.name for module in pkgutil.iter_modules(nncore.__path__)}


def run(code):
    """Run a program in a new Python process and return its output."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_every_public_name_can_be_imported():
    run(f"from nncore import {', '.join(nncore.__all__)}")
    assert len(set(nncore.__all__)) == len(nncore.__all__)


@pytest.mark.parametrize(
    ("earlier", "now", "names"),
    [
        ("nncore.reshape", "nncore.surgery.reshape", ["towards"]),
        ("nncore.pen_steps", "nncore.pen.steps", ["RAW", "STEPS", "Stage", "stages"]),
        ("nncore.surgery", "nncore.surgery.operations", ["add_neurons", "remove_layer", "change_activation"]),
        ("nncore.surgery", "nncore.surgery.transplant", ["Surgery"]),
        ("nncore.pen", "nncore.pen.drawing", ["rasterise", "draw", "fit", "centre", "SIZE", "PEN_WIDTH"]),
    ],
)
def test_earlier_import_paths_give_the_same_objects(earlier, now, names):
    one, other = importlib.import_module(earlier), importlib.import_module(now)
    assert all(getattr(one, name) is getattr(other, name) for name in names)


def test_one_public_name_only_hides_a_submodule():
    """Check that no public name but ``backquery`` is also the name of a submodule."""
    assert set(nncore.__all__) & SUBMODULES == {"backquery"}


@pytest.mark.parametrize(
    "before", ["", "import nncore.backquery; ", "from nncore.backquery import gradient_steps; "]
)
def test_backquery_is_the_function_whatever_was_imported_before(before):
    """Import ``nncore`` alone, or its submodule first: ``nncore.backquery`` is always the function."""
    program = before + (
        "from nncore import NetworkSpec, Network, backquery; "
        "spec = NetworkSpec((4, 3, 2), ('sigmoid', 'sigmoid'), 'squared_error'); "
        "print(backquery(Network.create(spec, seed=1), 1).image.shape)"
    )
    assert run(program) == "(4,)"


def test_importing_needs_numpy_alone_and_starts_nothing():
    """Import nncore in a new process: no package but NumPy may load, nor any module that starts processes.

    Slow modules are loaded when they are first used.
    """
    program = (
        "import sys; import numpy; before = set(sys.modules); import nncore; "
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    roots = set(run(program).split())
    assert roots - set(sys.stdlib_module_names) - {"numpy"} == {"nncore"}
    assert not roots & {"subprocess", "multiprocessing", "concurrent", "argparse", "tempfile"}
