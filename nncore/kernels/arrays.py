"""Checks arrays before their addresses go to C, which trusts every pointer.

A wrong shape, dtype or layout is an error here that names the array; in C it would be a crash.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

ITEM = 4  # bytes of a float32


def address(
    array: np.ndarray,
    what: str,
    shape: Sequence[int | None],
    dtype: type[np.generic] = np.float32,
    writeable: bool = False,
) -> int:
    """Return the address of a C-contiguous array, after checking it.

    Args:
        array: kept alive by the caller for as long as the address is used.
        what: its name in errors.
        shape: the required shape; None for any length.
        dtype: the required dtype.
        writeable: whether C is going to write to it.

    Raises:
        TypeError: if it isn't an array of that dtype.
        ValueError: for another shape, gaps between its numbers, or memory that may not be written to.
    """
    _check_kind(array, what, len(shape), dtype)
    for have, want in zip(array.shape, shape, strict=True):
        if want is not None and have != want:
            raise ValueError(f"shape of {what} is {array.shape}; it must be {_text(shape)}")
    if not array.flags.c_contiguous:
        raise ValueError(f"strides of {what} are {array.strides}; it must be a C-contiguous array")
    if writeable and not array.flags.writeable:
        raise ValueError(f"{what} may not be written to; it must be writeable")
    return array.ctypes.data


def matrix(array: np.ndarray, what: str) -> tuple[int, int, int]:
    """Return the address and the strides of a float32 matrix of any layout.

    Returns:
        ``(address, floats to the next row, floats to the next column)``.

    Raises:
        TypeError, ValueError: as ``address``; also for strides that aren't whole floats.
    """
    _check_kind(array, what, 2, np.float32)
    row, column = array.strides
    if row % ITEM or column % ITEM:
        raise ValueError(f"strides of {what} are {array.strides}; they must be multiples of {ITEM}")
    return array.ctypes.data, row // ITEM, column // ITEM


def require_below(numbers: np.ndarray, end: int, what: str) -> None:
    """Raise ``ValueError`` unless all ``numbers`` are from 0 to below ``end``."""
    if len(numbers):
        low, high = int(numbers.min()), int(numbers.max())
        if low < 0 or high >= end:
            raise ValueError(f"{what} is {low if low < 0 else high}; it must be from 0 to {end - 1}")


def _check_kind(array: np.ndarray, what: str, ndim: int, dtype: type[np.generic]) -> None:
    """Raise an error unless ``array`` is an array of this dtype and number of dimensions."""
    kind = getattr(array, "dtype", type(array).__name__)
    if not isinstance(array, np.ndarray) or kind != dtype:
        raise TypeError(f"{what} is {kind}; it must be an array of {np.dtype(dtype)}")
    if array.ndim != ndim:
        raise ValueError(f"dimensions of {what} are {array.ndim}; they must be {ndim}")


def _text(shape: Sequence[int | None]) -> str:
    """Return a required shape as text."""
    return "(" + ", ".join("any" if length is None else str(length) for length in shape) + ")"
