"""Describes the compiled kernels to Python: the file, the types of its functions, and their structures.

``ctypes`` trusts this description, so it must agree with ``kernels.c``, line for line.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import POINTER, Structure, c_double, c_float, c_int, c_int64, c_ssize_t, c_void_p
from pathlib import Path

ACTIVATIONS = ("sigmoid", "bipolar_sigmoid", "tanh", "relu", "leaky_relu", "elu", "identity", "softmax")
LOSSES = ("half_squared_error", "squared_error", "softmax_cross_entropy", "binary_cross_entropy")
OPTIMISERS = ("sgd", "momentum", "nesterov", "rmsprop", "adam")
"""Names in the order of their numbers in kernels.c."""


class Layer(Structure):
    """``Layer`` of kernels.c."""

    _fields_ = [
        ("inputs", c_int),
        ("outputs", c_int),
        ("activation", c_int),
        ("weights", c_void_p),
        ("weight_slopes", c_void_p),
        ("biases", c_void_p),
        ("bias_slopes", c_void_p),
        ("values", c_void_p),
        ("deltas", c_void_p),
        ("errors", c_void_p),
    ]


class Packed(Structure):
    """``Packed`` of kernels.c."""

    _fields_ = [("start", c_void_p), ("pixel", c_void_p), ("ink", c_void_p)]


class Lists(Structure):
    """``Lists`` of kernels.c."""

    _fields_ = [
        ("images", c_int),
        ("inputs", c_int),
        ("image_start", c_void_p),
        ("pixel", c_void_p),
        ("value", c_void_p),
        ("total", c_void_p),
        ("pixel_start", c_void_p),
        ("image", c_void_p),
        ("value_again", c_void_p),
    ]


class Apart(Structure):
    """``Apart`` of kernels.c."""

    _fields_ = [
        ("row", c_void_p),
        ("sums", c_void_p),
        ("kept", c_void_p),
        ("is_kept", c_int),
        ("every", c_int),
    ]


class Run(Structure):
    """``Run`` of kernels.c."""

    _fields_ = [
        ("depth", c_int),
        ("layers", POINTER(Layer)),
        ("lists", Lists),
        ("piece", c_int),
        ("images", Packed),
        ("asked", c_int),
        ("sum", c_int),
        ("labels", c_void_p),
        ("targets", c_void_p),
        ("scale", c_float),
        ("offset", c_float),
        ("apart", Apart),
        ("extra", c_void_p),
        ("losses", c_void_p),
        ("loss", c_int),
        ("raw_errors", c_int),
        ("optimiser", c_int),
        ("constants", c_float * 3),
        ("fresh", c_float * 2),
        ("l2", c_float),
        ("count", c_ssize_t),
        ("parameters", c_void_p),
        ("gradient", c_void_p),
        ("slots", c_void_p * 2),
    ]


_I, _F, _D, _S, _P = c_int, c_float, c_double, c_ssize_t, c_void_p

FUNCTIONS: dict[str, tuple[type | None, list[type]]] = {
    "gemm": (None, [_I, _I, _I, _F, _P, _S, _S, _P, _S, _S, _F, _P, _S]),
    "gather": (None, [_I, _I, _P, _P, _F, _F, _P]),
    "is_finite": (c_int, [_S, _P]),
    "warp": (None, [_I, _I, _I, _P, _P, _P, _P]),
    "draw": (None, [_I, _P, _P, _D, _P]),
    "rasterise": (None, [_I, _P, _P, _D, _P]),
    "cross_entropy": (None, [_I, _I, _P, _P, _P]),
    "sgd": (None, [_S, _P, _P, _F]),
    "momentum": (None, [_S, _P, _P, _P, _F, _F]),
    "nesterov": (None, [_S, _P, _P, _P, _F, _F]),
    "rmsprop": (None, [_S, _P, _P, _P, _F, _F, _F, _F]),
    "adam": (None, [_S, _P, _P, _P, _P, _F, _F, _F, _F, _F, _F, _F]),
    "count_ink": (None, [_I, _I, _P, _P]),
    "pack": (None, [_I, _I, _P, _P, _P]),
    "layer_size": (c_int, []),
    "run_size": (c_int, []),
    "train": (c_int, [POINTER(Run), _I, _P, _I, c_int64, _P, _P, _P, _P]),
    "measure": (None, [POINTER(Run), _I, _P, _P, _P]),
}
"""Function -> the types of its result and of its arguments."""


def open_library(path: Path) -> ctypes.CDLL:
    """Return the library in this file, with the types of its functions set.

    Raises:
        OSError: if this Python or browser can't run it.
    """
    library = ctypes.CDLL(str(path))
    for name, (result, arguments) in FUNCTIONS.items():
        try:
            function = getattr(library, name)
        except AttributeError as error:
            # After a failure to load a library, Emscripten takes it for loaded: the second try ends here.
            raise OSError(f"{path.name} has no function {name}") from error
        function.restype, function.argtypes = result, arguments
    if (library.layer_size(), library.run_size()) != (ctypes.sizeof(Layer), ctypes.sizeof(Run)):
        raise OSError(f"{path.name} was compiled from a version of kernels.c that does not match library.py")
    return library


def find_library(kernel: str) -> Path:
    """Return the file of a kernel; the native one is compiled if necessary.

    Raises:
        OSError: if it is missing or not for this machine; the message gives the reason.
    """
    in_browser = sys.platform == "emscripten"
    if kernel == "native":
        if in_browser:
            raise OSError("the native kernel needs a C compiler; in a browser there are 'simd' and 'relaxed'")
        from nncore.kernels.compiler import native_library

        return native_library()
    if not in_browser:
        raise OSError(f"the {kernel} kernel is WebAssembly and runs in a browser; here there is 'native'")
    path = Path(__file__).with_name(f"{kernel}.wasm")
    if not path.is_file():
        raise OSError(f"the {kernel} kernel was not shipped: {path} is missing")
    return path
