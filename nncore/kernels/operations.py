"""The single operations of ``ops``, done by a compiled kernel: products, updates, the gather, cross-entropy.

Arguments and results are those of the NumPy references, which also do the work for arrays that are not
float32. The operation that makes training fast, a whole run of batches, is in ``runs``.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from nncore import distort, divergence, losses, ops, optimisers
from nncore.activations import Activation
from nncore.checks import require
from nncore.kernels.arrays import address, matrix, require_below

Library = ctypes.CDLL
Numbers = Any  # a float or an array of them


def operations(library: Library) -> dict[str, Callable]:
    """Return the operations by name, for ``ops.register``."""
    replacements: dict[Callable, Callable] = {
        ops.gather: gather,
        ops.affine: affine,
        ops.multiply: multiply,
        losses.softmax_cross_entropy: softmax_cross_entropy,
        divergence.is_finite: is_finite,
        distort.warp: warp,
        optimisers.sgd_update: sgd_update,
        optimisers.momentum_update: momentum_update,
        optimisers.nesterov_update: nesterov_update,
        optimisers.rmsprop_update: rmsprop_update,
        optimisers.adam_update: adam_update,
    }
    return {reference.__name__: partial(function, library) for reference, function in replacements.items()}


def gemm(
    library: Library, a: np.ndarray, b: np.ndarray, out: np.ndarray, alpha: float = 1.0, beta: float = 0.0
) -> np.ndarray:
    """Compute ``out <- alpha a b + beta out`` without a temporary array.

    ``gemm(x.T, d, w, -rate, 1)`` is an update.

    Args:
        a, b: ``(m, k)`` and ``(k, n)`` float32 of any strides: views such as ``a.T`` are not copied.
        out: ``(m, n)`` float32 with contiguous rows; not read if ``beta`` is 0. It must not share memory with
            a or b.

    Raises:
        TypeError, ValueError: for other dtypes, shapes that don't fit, an ``out`` that can't be written to.
    """
    (a_at, a_row, a_column), (b_at, b_row, b_column) = matrix(a, "a"), matrix(b, "b")
    out_at, out_row, out_column = matrix(out, "out")
    m, k = a.shape
    require(b.shape[0] == k, "rows of b", b.shape[0], f"{k}, the columns of a")
    n = b.shape[1]
    require(out.shape == (m, n), "shape of out", out.shape, str((m, n)))
    require(out_column == 1 or n <= 1 or m == 0, "strides of out", out.strides, "those of whole rows")
    require(out.flags.writeable, "out.flags.writeable", False, "True")
    require(
        not (np.may_share_memory(out, a) or np.may_share_memory(out, b)), "memory of out", "shared", "its own"
    )
    library.gemm(m, n, k, alpha, a_at, a_row, a_column, b_at, b_row, b_column, beta, out_at, out_row)
    return out


def multiply(
    library: Library,
    a: np.ndarray,
    b: np.ndarray,
    *,
    transpose_a: bool = False,
    transpose_b: bool = False,
    out: np.ndarray | None = None,
) -> np.ndarray:
    """Compute ``ops.multiply`` with the kernel."""
    if not _single(a, b):
        return ops.reference("multiply")(a, b, transpose_a=transpose_a, transpose_b=transpose_b, out=out)
    a, b = a.T if transpose_a else a, b.T if transpose_b else b
    return gemm(library, a, b, np.empty((a.shape[0], b.shape[1]), np.float32) if out is None else out)


def affine(
    library: Library, inputs: np.ndarray, weights: np.ndarray, biases: np.ndarray | None
) -> np.ndarray:
    """Compute ``ops.affine`` with the kernel."""
    if not _single(inputs, weights):
        return ops.reference("affine")(inputs, weights, biases)
    logits = np.empty((inputs.shape[0], weights.shape[1]), np.float32)
    if biases is None:
        return gemm(library, inputs, weights, logits)
    logits[:] = biases
    return gemm(library, inputs, weights, logits, beta=1.0)


def gather(
    library: Library, pixels: np.ndarray, indices: np.ndarray, scale: float, offset: float, dtype: np.dtype
) -> np.ndarray:
    """Compute ``ops.gather`` with the kernel."""
    if dtype != np.float32:
        return ops.reference("gather")(pixels, indices, scale, offset, dtype)
    pixels, indices = np.ascontiguousarray(pixels), np.ascontiguousarray(indices, np.int64)
    require_below(indices, len(pixels), "image")
    out = np.empty((len(indices), pixels.shape[1]), np.float32)
    library.gather(
        *out.shape,
        address(pixels, "pixels", (None, None), np.uint8),
        address(indices, "indices", (None,), np.int64),
        scale,
        offset,
        out.ctypes.data,
    )
    return out


def is_finite(library: Library, numbers: np.ndarray) -> bool:
    """Compute ``divergence.is_finite`` with the kernel."""
    if not (_single(numbers) and numbers.flags.c_contiguous):
        return ops.reference("is_finite")(numbers)
    return bool(library.is_finite(numbers.size, numbers.ctypes.data))


def warp(
    library: Library, images: np.ndarray, matrices: np.ndarray, field: np.ndarray | None = None
) -> np.ndarray:
    """Compute ``distort.warp`` with the kernel."""
    images = np.ascontiguousarray(images)
    matrices = np.ascontiguousarray(np.broadcast_to(matrices, (len(images), 2, 3)), np.float32)
    field = None if field is None else np.ascontiguousarray(field, np.float32)
    result = np.empty_like(images)
    library.warp(
        *images.shape,
        address(images, "images", (None, None, None), np.uint8),
        matrices.ctypes.data,
        None if field is None else address(field, "field", (2, *images.shape)),
        result.ctypes.data,
    )
    return result


def softmax_cross_entropy(
    library: Library, logits: np.ndarray, outputs: np.ndarray, targets: np.ndarray, activation: Activation
) -> tuple[np.ndarray, np.ndarray]:
    """Compute ``losses.softmax_cross_entropy`` with the kernel."""
    if not _single(logits, targets):
        return ops.reference("softmax_cross_entropy")(logits, outputs, targets, activation)
    require(
        logits.shape == targets.shape,
        "shape of targets",
        targets.shape,
        f"that of the logits, {logits.shape}",
    )
    sums, delta = logits.copy(), targets.copy()
    value = np.empty(len(sums), np.float32)
    if sums.size:
        library.cross_entropy(*sums.shape, sums.ctypes.data, delta.ctypes.data, value.ctypes.data)
    return value, delta


def sgd_update(library: Library, p: np.ndarray, g: np.ndarray, rate: float) -> None:
    """Compute ``optimisers.sgd_update`` with the kernel."""
    if not _single(p):
        return ops.reference("sgd_update")(p, g, rate)
    library.sgd(*_vectors(p, g), rate)


def momentum_update(
    library: Library, p: np.ndarray, g: np.ndarray, velocity: np.ndarray, rate: float, momentum: float
) -> None:
    """Compute ``optimisers.momentum_update`` with the kernel."""
    if not _single(p):
        return ops.reference("momentum_update")(p, g, velocity, rate, momentum)
    library.momentum(*_vectors(p, g, velocity), rate, momentum)


def nesterov_update(
    library: Library, p: np.ndarray, g: np.ndarray, velocity: np.ndarray, rate: float, momentum: float
) -> None:
    """Compute ``optimisers.nesterov_update`` with the kernel."""
    if not _single(p):
        return ops.reference("nesterov_update")(p, g, velocity, rate, momentum)
    library.nesterov(*_vectors(p, g, velocity), rate, momentum)


def rmsprop_update(
    library: Library,
    p: np.ndarray,
    g: np.ndarray,
    square: np.ndarray,
    rate: float,
    rho: float,
    epsilon: float,
) -> None:
    """Compute ``optimisers.rmsprop_update`` with the kernel."""
    if not _single(p):
        return ops.reference("rmsprop_update")(p, g, square, rate, rho, epsilon)
    library.rmsprop(*_vectors(p, g, square), rate, rho, 1 - rho, epsilon)


def adam_update(
    library: Library,
    p: np.ndarray,
    g: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
    step: int,
) -> None:
    """Compute ``optimisers.adam_update`` with the kernel."""
    if not _single(p):
        return ops.reference("adam_update")(p, g, first, second, rate, beta1, beta2, epsilon, step)
    rate, unbias = adam_factors(rate, beta1, beta2, step)
    library.adam(*_vectors(p, g, first, second), rate, beta1, 1 - beta1, beta2, 1 - beta2, epsilon, unbias)


def adam_factors(rate: Numbers, beta1: float, beta2: float, step: Numbers) -> tuple[Numbers, Numbers]:
    """Return Adam's corrections for starting at zero, for one step or for many.

    Returns:
        the rate with the correction of the first moment, and the factor of the second moment's root.
    """
    return rate / (1 - beta1**step), 1 / np.sqrt(1 - beta2**step)


def _single(*arrays: np.ndarray) -> bool:
    """Return whether all arrays are float32."""
    return all(array.dtype == np.float32 for array in arrays)


def _vectors(p: np.ndarray, *others: np.ndarray) -> tuple[int, ...]:
    """Return the length of ``p`` and the addresses of all vectors, which must have the same length."""
    names = ("gradient", "first slot", "second slot")
    rest = [address(array, name, p.shape, writeable=True) for array, name in zip(others, names, strict=False)]
    return len(p), address(p, "parameters", (None,), writeable=True), *rest
