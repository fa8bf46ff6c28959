"""The kernels for the browser: nncore's C compiled to WebAssembly, to go into our wheel."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from nncore.kernels import compiler
from web.build.cache import cached
from web.build.errors import BuildError


def compiled_kernels(cache: Path) -> dict[str, bytes]:
    """By path inside our wheel, each WebAssembly kernel; compiled once, then kept in the cache.

    They end in ``.wasm``: whatever ends in ``.so`` Pyodide loads together with its wheel, and a browser that
    lacks what one kernel needs would then refuse the whole wheel.

    Raises:
        BuildError: if there is no ziglang, or it refuses.
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
