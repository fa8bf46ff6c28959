"""Test that the kernels are found, compiled and opened outside the browser."""

import ctypes
import importlib.util
import shutil
import subprocess
import sys

import pytest

from nncore import ops
from nncore.kernels import compiler, library, use_fastest


@pytest.fixture(autouse=True)
def numpy_afterwards():
    yield
    ops.use("numpy")


@pytest.fixture
def no_compiler(monkeypatch, tmp_path):
    """Pretend that this machine has no C compiler and that no kernel is loaded yet."""
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(ops, "_loaded", {})


def test_a_kernel_can_be_the_first_thing_that_is_asked_for():
    """Choose a kernel before the modules that define its operations are imported."""
    code = "from nncore import ops; ops.use('native'); print(ops.current())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "native\n", done.stderr


@pytest.mark.slow
def test_a_library_is_compiled_once(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = compiler.native_library()
    assert path.is_relative_to(tmp_path) and list(path.parent.iterdir()) == [path]
    monkeypatch.setattr(compiler, "_call", lambda command: pytest.fail("compiled again"))
    assert compiler.native_library() == path
    with pytest.raises(pytest.fail.Exception, match="compiled again"):
        compiler.native_library(lanes=4)
    assert list(path.parent.iterdir()) == [path]  # no unfinished file is left behind


@pytest.mark.slow
def test_what_the_compiler_says_is_passed_on(monkeypatch, tmp_path):
    """Compile faulty C: the error contains the compiler's message."""
    source = tmp_path / "kernels.c"
    source.write_text("int broken = ;")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(compiler, "SOURCE", source)
    with pytest.raises(compiler.CompilerError, match="expected expression"):
        compiler.native_library()
    with pytest.raises(compiler.CompilerError, match="expected expression"):
        compiler.compile_wasm("simd", tmp_path / "simd.wasm")


def test_without_a_compiler_numpy_goes_on(no_compiler, tmp_path):
    with pytest.raises(OSError, match="pip install ziglang"):
        ops.use("native")
    with pytest.raises(OSError, match="pip install ziglang"):
        compiler.compile_wasm("simd", tmp_path / "simd.wasm")
    assert use_fastest() == ops.current() == "numpy"


def test_the_fastest_on_a_desk_is_native():
    assert use_fastest() == ops.current() == "native"


def test_a_library_whose_structures_differ_is_refused(monkeypatch):
    """Refuse a library with other structures: through ctypes it would read and write wrong memory."""

    class Longer(library.Run):
        _fields_ = [("more", ctypes.c_int)]

    monkeypatch.setattr(library, "Run", Longer)
    with pytest.raises(OSError, match="compiled from a version of kernels.c"):
        library.open_library(compiler.native_library())


def test_a_file_that_is_no_library_is_refused(tmp_path):
    path = tmp_path / "kernels.so"
    path.write_bytes(b"no library")
    with pytest.raises(OSError):
        library.open_library(path)
