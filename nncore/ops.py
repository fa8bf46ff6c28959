"""The operations that take nearly all the time of training, and the switch between implementations of them.

Each is written here, or in the file that it belongs to, in NumPy, and marked ``@operation``: that is the
reference, the fallback, and the version to read. A backend (the C kernels of ``nncore.kernels``) has faster
functions under the same names with the same arguments and results, equal to float32 rounding, so that no code
above this file changes::

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

``train_batches`` matters most: it gets a ``BatchRun`` (all arrays are plain and contiguous, pixels still
uint8) and may do gather, forward, backward and update for every batch of it in one call. A backend's function
that does not support some arguments (an activation it lacks, float64) calls ``ops.reference(name)`` instead.

The backend in use is global: ``use`` changes it for the whole process.
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
"""A function that loads a backend: returns operation name -> function, or raises ``OSError``."""

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
    """Return the NumPy reference of an operation, whatever backend is in use.

    Raises:
        ValueError: if there is no operation of that name.
    """
    return choose(REFERENCE, name, "operation")


def register(name: str, load: Load) -> None:
    """Register a backend, to be loaded when it is first used. Operations that it lacks stay with NumPy."""
    _loaders[name] = load
    _loaded.pop(name, None)


def available() -> tuple[str, ...]:
    """Return the names of the registered backends. ``use`` finds out whether one can run here."""
    return tuple(_loaders)


def use(name: str) -> None:
    """Compute with this backend from now on.

    Raises:
        ValueError: if the name was never registered, or the backend has functions that are no operations.
        OSError: if it can't run here (a kernel without a compiler, a browser without SIMD). The backend in
            use then stays.
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
    """Return the name of the backend in use; ``"numpy"`` at first."""
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
    """Return the logits of a layer, ``inputs @ weights + biases``.

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
    """Return the matrix product of ``a`` and ``b``, either of them transposed if asked for.

    ``out`` is memory for the result; new memory if None.
    """
    return np.matmul(a.T if transpose_a else a, b.T if transpose_b else b, out=out)
