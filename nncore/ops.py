"""The seam between the mathematics and whatever computes it fastest.

A handful of functions take nearly all the time of training. Each is written here, or in the file it belongs
to, in NumPy, marked ``@operation``: that is the reference, the fallback, and what a reader should read. A
backend (the C kernels of ``nncore.kernels``) has faster functions under the same names with the same
arguments and results, equal to float32 rounding, and nothing above this file changes::

    ops.register("simd", load)  # load() gives {"gather": fast_gather, "train_batches": fast_batches, ...}
    ops.use("simd")             # which calls it, the first time

The operations, with the file that holds the reference:

    gather, affine, multiply    ops.py         products, and pixels to inputs
    sgd_update, momentum_update, nesterov_update, rmsprop_update, adam_update     optimisers.py
    softmax_cross_entropy       losses.py      loss and delta of a batch
    train_batches               batches.py     a whole run of mini-batches or online updates
    measure_images              batches.py     outputs and losses of many images
    warp                        distort.py     resampling of distorted images
    rasterise, draw             pen/           pen strokes as a picture
    is_finite                   divergence.py  whether a vector holds no NaN and no infinity

``train_batches`` is the one that matters: it gets a ``BatchRun`` (all arrays are plain and contiguous, pixels
still uint8) and may do gather, forward, backward and update for every batch of it in one call. A function
that a backend can't serve for some arguments (an activation it lacks, float64) calls ``ops.reference(name)``
instead.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nncore.checks import choose

REFERENCE: dict[str, Callable] = {}
"""Name -> NumPy reference of every operation."""

Load = Callable[[], Mapping[str, Callable]]
"""What makes a backend's functions ready: operation name -> function. ``OSError`` where it can't run."""

_loaders: dict[str, Load] = {"numpy": dict}
_loaded: dict[str, Mapping[str, Callable]] = {}
_current = "numpy"
_active: Mapping[str, Callable] = {}


def operation(reference: Callable) -> Callable:
    """Make ``reference`` replaceable: calls go to the current backend's function of that name, if any."""
    name = reference.__name__
    REFERENCE[name] = reference

    @functools.wraps(reference)
    def call(*args: Any, **kwargs: Any) -> Any:
        return _active.get(name, reference)(*args, **kwargs)

    return call


def reference(name: str) -> Callable:
    """The NumPy reference of an operation, whatever backend is in use."""
    return choose(REFERENCE, name, "operation")


def register(name: str, load: Load) -> None:
    """Make a backend known, to be loaded when first used. Operations that it leaves out stay with NumPy."""
    _loaders[name] = load
    _loaded.pop(name, None)


def available() -> tuple[str, ...]:
    """Names of the backends that ``use`` knows. Whether one runs here shows when it is used."""
    return tuple(_loaders)


def use(name: str) -> None:
    """Compute with this backend from now on.

    Raises:
        ValueError: for a name that was never registered, or functions that are no operations.
        OSError: if it can't run here (a kernel without a compiler, a browser without SIMD). Then the backend
            in use stays.
    """
    global _current, _active
    load = choose(_loaders, name, "backend")
    if name not in _loaded:
        functions = load()
        for function in functions:
            choose(REFERENCE, function, "operation")
        _loaded[name] = functions
    _active = _loaded[name]
    _current = name


def current() -> str:
    """Name of the backend in use; ``"numpy"`` unless somebody chose another."""
    return _current


@operation
def gather(
    pixels: np.ndarray, indices: np.ndarray, scale: float, offset: float, dtype: np.dtype
) -> np.ndarray:
    """Pick images and turn their bytes into inputs: ``scale * pixels[indices] + offset``.

    Args:
        pixels: ``(n, d)`` uint8.
        indices: ``(m,)`` integers.
        scale, offset: of the input encoding (``Preprocessing.scale_offset``).
        dtype: of the result.

    Returns:
        ``(m, d)``, C-contiguous.
    """
    inputs = np.multiply(np.take(pixels, indices, axis=0), scale, dtype=dtype)
    if offset:
        inputs += offset
    return inputs


@operation
def affine(inputs: np.ndarray, weights: np.ndarray, biases: np.ndarray | None) -> np.ndarray:
    """The logits of a layer, ``inputs @ weights + biases``.

    Args:
        inputs: ``(m, n_in)``.
        weights: ``(n_in, n_out)``.
        biases: ``(n_out,)`` or None.

    Returns:
        ``(m, n_out)``.
    """
    logits = inputs @ weights
    if biases is not None:
        logits += biases
    return logits


@operation
def multiply(
    a: np.ndarray,
    b: np.ndarray,
    *,
    transpose_a: bool = False,
    transpose_b: bool = False,
    out: np.ndarray | None = None,
) -> np.ndarray:
    """The matrix product of ``a`` and ``b``, either of them transposed, written into ``out`` where given."""
    return np.matmul(a.T if transpose_a else a, b.T if transpose_b else b, out=out)
