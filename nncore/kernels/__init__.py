"""Compiled kernels for ``nncore.ops``: NumPy's arithmetic, to float32 rounding, many times faster.

``kernels.c`` is the arithmetic, ``compiler`` makes libraries of it, ``library`` opens them, ``arrays`` checks
their arguments; ``operations``, ``runs`` and ``drawing`` are the functions that replace NumPy's.

    ops.use("native")     on a computer: compiled when first used
    ops.use("simd")       in a browser with 128-bit SIMD
    ops.use("relaxed")    in a browser with relaxed SIMD too

Results differ from NumPy's by rounding only: sums are added up in another order, and exponentials are
polynomials (tests/nncore/test_kernels*.py state the bounds). Relaxed SIMD leaves the rounding of a fused
multiply-add to the processor, so two machines may differ in the last bit; one machine always gives the same
bits.
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
"""Name -> its description on the page."""


def load(kernel: str) -> Mapping[str, Callable]:
    """Return the operations of ``kernel`` by name.

    Raises:
        OSError: if it can't run here; the message gives the reason.
    """
    # Imported late, because most programs that import nncore never need a compiler or ctypes.
    from nncore.kernels.drawing import drawing
    from nncore.kernels.library import find_library, open_library
    from nncore.kernels.operations import operations
    from nncore.kernels.runs import runs

    library = open_library(find_library(kernel))
    return {**operations(library), **runs(library), **drawing(library)}


def use_fastest() -> str:
    """Compute with the fastest kernel that runs here, or with NumPy if none does; return its name."""
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
