"""Choose the compiled libraries for the tests of the kernels.

On a desk: four and eight lanes. In WebAssembly: the two modules of the page.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from nncore import ops
from nncore.kernels.library import find_library

if sys.platform == "emscripten":
    LIBRARIES = {"simd": lambda: find_library("simd"), "relaxed": lambda: find_library("relaxed")}
else:
    from nncore.kernels.compiler import native_library

    LIBRARIES = {"4 lanes, as in browsers": lambda: native_library(4), "8 lanes": lambda: native_library(8)}
"""Name -> a function that finds or compiles the file."""


@contextmanager
def without_numpy(*operations: str) -> Iterator[None]:
    """Fail if a kernel leaves one of these operations (or any, if none is named) to NumPy.

    Without this, a test would compare NumPy with itself.
    """
    reference = ops.reference

    def refuse(name: str) -> Callable:
        assert operations and name not in operations, f"the kernel leaves {name} to NumPy here"
        return reference(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ops, "reference", refuse)
        yield
