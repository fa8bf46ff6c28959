"""Compiles ``kernels.c``: two kernels for the browser, one for this machine.

The browser's two go into the page's wheel when the site is built; they need the ``ziglang`` package (clang
and a WebAssembly linker, ``pip install ziglang``). This machine's own is compiled at its first use, with
``ziglang`` or any C compiler, and kept in the user's cache folder.

The page itself never runs this module.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).with_name("kernels.c")

# -ffreestanding: there is no C library. -fno-math-errno: a square root is one instruction. Only functions
# marked EXPORT are visible.
COMMON = ("-O3", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-fno-math-errno")
SHARED = ("-fPIC", "-fvisibility=hidden")

WASM = {
    # 128-bit SIMD: every browser since 2023.
    "simd": ("-msimd128",),
    # Relaxed SIMD: multiply and add in one instruction. Chromium since 114, Firefox since 145; not WebKit
    # yet.
    "relaxed": ("-msimd128", "-mrelaxed-simd"),
}
"""Kernel -> the compiler's flags for it."""


class CompilerError(OSError):
    """There is no compiler, or it failed; the message holds its output."""


def compile_wasm(kernel: str, out: Path) -> None:
    """Write the WebAssembly module of ``kernel`` (``"simd"`` or ``"relaxed"``) to ``out``.

    It is a *side module*: code that uses another module's memory and is placed somewhere in it, the form that
    ``ctypes.CDLL`` opens in Pyodide. Emscripten's own compiler would make the same; clang and its linker do
    too, with the experimental "pic" layout, which writes the ``dylink.0`` section that Emscripten looks for.

    Raises:
        CompilerError: without ``ziglang``, or when it fails.
    """
    zig = _ziglang()
    if zig is None:
        raise CompilerError("the page's kernels are compiled with the ziglang package: pip install ziglang")
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / "kernels.o"
        flags = ("-target", "wasm32-freestanding", *COMMON, *SHARED, *WASM[kernel])
        _call([*zig, "cc", *flags, "-c", str(SOURCE), "-o", str(compiled)])
        link = ("-shared", "--experimental-pic", "--no-entry", "--export-dynamic", "--strip-all")
        _call([*zig, "wasm-ld", *link, "-o", str(out), str(compiled)])


def native_library(lanes: int = 8) -> Path:
    """Return the shared library for this machine, compiled now if it isn't in the cache.

    Args:
        lanes: the number of floats in a vector; browsers have 4. If the machine's vectors are shorter, the
            compiler makes two instructions of one.

    Raises:
        CompilerError: if there is no C compiler, or it fails.
    """
    compiler = _c_compiler()
    windows = sys.platform == "win32"  # where code needs no flags to be movable and hidden
    flags = (*COMMON, *(() if windows else SHARED), "-march=native", f"-DLANES={lanes}", "-shared")
    suffix = ".dll" if windows else ".dylib" if sys.platform == "darwin" else ".so"
    # The machine is part of the key, because different machines may share a cache folder.
    key = "\n".join(
        [SOURCE.read_text(encoding="utf-8"), *compiler, *flags, platform.platform(), platform.node()]
    )
    library = _cache_folder() / f"{hashlib.sha256(key.encode()).hexdigest()[:20]}{suffix}"
    if not library.is_file():
        library.parent.mkdir(parents=True, exist_ok=True)
        # Written under another name first: two processes may compile at once, and one may be killed.
        handle, name = tempfile.mkstemp(suffix, dir=library.parent)
        os.close(handle)
        try:
            _call([*compiler, *flags, str(SOURCE), "-o", name])
            os.replace(name, library)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    return library


def _ziglang() -> list[str] | None:
    """Return the command that runs ziglang, or None if it isn't installed."""
    return [sys.executable, "-m", "ziglang"] if importlib.util.find_spec("ziglang") else None


def _c_compiler() -> list[str]:
    """Return the command of a C compiler."""
    zig = _ziglang()
    if zig is not None:
        return [*zig, "cc"]
    for name in ("clang", "gcc", "cc"):
        if path := shutil.which(name):
            return [path]
    raise CompilerError("there is no C compiler here for the native kernel: pip install ziglang")


def _cache_folder() -> Path:
    """Return the folder for compiled kernels."""
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "inkling" / "kernels"


def _call(command: list[str]) -> None:
    """Run a command; raise ``CompilerError`` with its output if it fails."""
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise CompilerError(f"{' '.join(command)} failed:\n{result.stderr.strip()}")
