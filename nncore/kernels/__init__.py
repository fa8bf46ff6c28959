"""Compiled kernels behind ``nncore.ops``: the same arithmetic as NumPy's, to float32 rounding, many times
faster.

``kernels.c`` is the arithmetic, ``compiler`` makes libraries of it, ``library`` opens them, ``arrays``
checks what is handed to them; ``operations``, ``runs`` and ``drawing`` are the functions that take the
places of NumPy's.

    ops.use("native")     on a desk: compiled when first used
    ops.use("simd")       in a browser with 128-bit SIMD
    ops.use("relaxed")    in a browser with relaxed SIMD too

Results differ from NumPy's by rounding only: sums are added up in another order, and exponentials are
polynomials (tests/nncore/test_kernels*.py state the bounds). Relaxed SIMD leaves the rounding of a
multiplication with an addition to the processor, so two machines may differ in the last bit there; one
machine does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from nncore import ops

KERNELS = {
    "native": "compiled for this machine",
    "simd": "128-bit WebAssembly SIMD",
    "relaxed": "WebAssembly SIMD with fused multiply-add",
}
"""Name -> for people."""


def load(kernel: str) -> Mapping[str, Callable]:
    """The operations of ``kernel``; ``OSError`` saying why where it can't run."""
    # Late: most who import nncore never need a compiler, nor a browser's ctypes.
    from nncore.kernels.drawing import drawing
    from nncore.kernels.library import find_library, open_library
    from nncore.kernels.operations import operations
    from nncore.kernels.runs import runs

    library = open_library(find_library(kernel))
    return {**operations(library), **runs(library), **drawing(library)}


def use_fastest() -> str:
    """Compute with the fastest kernel that runs here, or with NumPy if none does; returns its name."""
    for kernel in ("relaxed", "simd", "native"):
        try:
            ops.use(kernel)
        except OSError:
            continue
        return kernel
    ops.use("numpy")
    return "numpy"


for _kernel in KERNELS:
    ops.register(_kernel, partial(load, _kernel))
