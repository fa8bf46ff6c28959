"""Compiles nncore's C kernels to WebAssembly for our wheel."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from nncore.kernels import compiler
from web.build.cache import cached
from web.build.errors import BuildError


def compiled_kernels(cache: Path) -> dict[str, bytes]:
    """Return the WebAssembly kernels by their paths inside our wheel; compiled once, then kept in the cache.

    The files end in ``.wasm``. Pyodide loads every file that ends in ``.so`` together with its wheel, and a
    browser without the instructions of one kernel would then refuse the whole wheel.

    Raises:
        BuildError: if ziglang is not installed, or the compiler reports an error.
    """
    try:
        zig = version("ziglang")
    except PackageNotFoundError as error:
        raise BuildError('ziglang is missing; the build needs: pip install -e ".[dev]"') from error
    key = hashlib.sha256(zig.encode())
    for path in (compiler.SOURCE, Path(compiler.__file__)):
        key.update(path.read_bytes())

    def make(folder: Path) -> None:
        for kernel in compiler.WASM:
            compiler.compile_wasm(kernel, folder / f"{kernel}.wasm")

    try:
        folder = cached(cache / "kernels", key.hexdigest(), make)
    except compiler.CompilerError as error:
        raise BuildError(f"the kernels did not compile: {' '.join(str(error).split())}") from error
    return {f"nncore/kernels/{path.name}": path.read_bytes() for path in sorted(folder.iterdir())}
