"""Test the wheel, installed into an empty environment as a user does it: NumPy alone comes with it."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.nncore.made_up import write_like_mnist

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
NOT_REACHED = re.compile(r"No matching distribution|Connection|Temporary failure|Max retries|ProxyError")
"""Matches the messages of pip when it reaches no package index."""


def pip(*arguments):
    """Run pip. Without a package index the test is skipped, but in continuous integration it fails."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode and NOT_REACHED.search(done.stderr) and not os.environ.get("INKLING_REQUIRE_BROWSER"):
        pytest.skip("no package index can be reached, and the wheel needs setuptools and NumPy from one")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the project's wheel from a copy of the sources, which keeps these clean, and return its path."""
    copy = tmp_path_factory.mktemp("project")
    for folder in ("nncore", "web"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "build.py"):
        shutil.copy(ROOT / name, copy)
    pip("wheel", "--no-deps", "--wheel-dir", copy / "dist", copy)
    [path] = (copy / "dist").glob("*.whl")
    return path


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """Make a virtual environment with the wheel and its requirements, and return the path of its Python."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip("--python", python, "install", wheel)
    return python


def run(python, code, folder):
    """Run a program in ``folder`` with that Python and its own packages alone; return the output."""
    done = subprocess.run([python, "-I", "-c", code], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def readme_example(data):
    """Return the README's example of using the library, with ``data`` as the folder of digits."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    [example] = [block for block in blocks if "load_mnist" in block]
    assert "path/to/mnist" in example
    return example.replace("path/to/mnist", data.as_posix())


def test_the_wheel_holds_the_library_and_its_data_alone(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    roots = {name.partition("/")[0] for name in names if ".dist-info/" not in name}
    assert roots == {"nncore"}
    data = {name for name in names if name.startswith("nncore/") and not name.endswith(".py")}
    sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "nncore").rglob("*") if path.is_file()}
    assert data == {name for name in sources if not name.endswith((".py", ".pyc"))}
    assert "nncore/py.typed" in data


def test_numpy_is_all_that_comes_with_it(environment, tmp_path):
    program = (
        "from importlib.metadata import distributions; "
        "print(*sorted(found.metadata['Name'] for found in distributions()))"
    )
    assert run(environment, program, tmp_path).split() == ["inkling", "numpy"]
    program = "from importlib.util import find_spec; print(find_spec('web'))"
    assert run(environment, program, tmp_path).strip() == "None"


def test_the_readme_s_example_runs(environment, tmp_path):
    write_like_mnist(tmp_path, 600, 200)
    accuracy = float(run(environment, readme_example(tmp_path), tmp_path))
    assert 0.9 < accuracy <= 1, "these digits are easy to learn"


def test_the_data_and_the_command_line_come_with_it(environment, tmp_path):
    program = "from nncore import load_digits8x8; print(len(load_digits8x8()[0]))"
    assert run(environment, program, tmp_path).strip() == "1257"
    done = subprocess.run(
        [environment, "-I", "-m", "nncore", "--help"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0 and "train" in done.stdout
