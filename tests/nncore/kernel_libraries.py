"""The compiled libraries that tests of the kernels run on: natively two widths, in WebAssembly what the page
gets."""

import sys

from nncore.kernels.library import find_library

if sys.platform == "emscripten":
    LIBRARIES = {"simd": lambda: find_library("simd"), "relaxed": lambda: find_library("relaxed")}
else:
    from nncore.kernels.compiler import native_library

    LIBRARIES = {"4 lanes, as in browsers": lambda: native_library(4), "8 lanes": lambda: native_library(8)}
"""Name -> a function that finds or compiles the file."""
