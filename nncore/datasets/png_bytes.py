"""Decodes PNG files to grey levels with NumPy and zlib alone, for the page, which has no Pillow.

It reads every colour type and bit depth of PNG (W3C, third edition), except interlaced pictures, which are
rare.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np

from nncore.datasets.dataset import DataError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R 601, the weights of Pillow's convert("L")
LARGEST = 4096  # pixels a side; pictures of digits are smaller, and decompression bombs larger


def decode_png(data: bytes, name: str, paper: int = 255) -> np.ndarray:
    """Return a PNG as ``(height, width)`` uint8; transparent parts get the grey level ``paper``.

    Raises:
        DataError: names the picture if it is no PNG, damaged, interlaced or huge.
    """
    try:
        return _decode(data, name, paper)
    except (struct.error, zlib.error, LookupError, ValueError, OverflowError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            f"{name}: damaged or cut short, not a whole PNG; save or copy the picture again"
        ) from error


def _decode(data: bytes, name: str, paper: int) -> np.ndarray:
    """Decode a PNG; a damaged one raises one of several errors."""
    if data[:8] != SIGNATURE:
        raise DataError(f"{name}: not a PNG picture")
    chunks = _chunks(data)
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    if kind not in CHANNELS or depth not in (1, 2, 4, 8, 16) or interlaced:
        raise DataError(f"{name}: interlaced, or of a kind of PNG that isn't read here")
    if not (0 < width <= LARGEST and 0 < height <= LARGEST):
        raise DataError(f"{name}: {width} x {height} pixels; at most {LARGEST} a side are read here")
    bits = CHANNELS[kind] * depth
    row_bytes = (width * bits + 7) // 8
    raw = zlib.decompressobj().decompress(chunks[b"IDAT"], height * (row_bytes + 1))
    rows = np.frombuffer(raw, np.uint8).reshape(height, row_bytes + 1)
    samples = _samples(_unfiltered(rows, max(1, bits // 8)), width * CHANNELS[kind], depth)
    samples = samples.reshape(height, width, CHANNELS[kind])
    if kind == PALETTE:
        colours = np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)
        alphas = np.full(len(colours), 255, np.uint8)
        given = np.frombuffer(chunks.get(b"tRNS", b""), np.uint8)
        alphas[: len(given)] = given
        places = samples[:, :, 0]
        samples = np.concatenate([colours[places], alphas[places][:, :, None]], axis=2)
    elif depth < 8:
        samples = samples * (255 // (2**depth - 1))
    return _grey(samples.astype(float), paper)


def _chunks(data: bytes) -> dict[bytes, bytes]:
    """Return the chunks by their type; chunks of one type (IDAT) are joined."""
    found: dict[bytes, bytes] = {}
    at = len(SIGNATURE)
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        found[kind] = found.get(kind, b"") + data[at + 8 : at + 8 + length]
        at += 12 + length
    if missing := {b"IHDR", b"IDAT"} - set(found):
        raise ValueError(f"no {sorted(missing)[0].decode()} chunk")
    return found


def _unfiltered(rows: np.ndarray, step: int) -> np.ndarray:
    """Undo the prediction of each row from its left and upper neighbours; a pixel has ``step`` bytes."""
    done = np.zeros((len(rows), rows.shape[1] - 1), np.int32)
    above = np.zeros(rows.shape[1] - 1, np.int32)
    for number, (kind, *_) in enumerate(rows[:, :1].tolist()):
        row = rows[number, 1:].astype(np.int32)
        if kind == 2:
            row = (row + above) & 255
        elif kind:
            for place in range(len(row)):
                left = row[place - step] if place >= step else 0
                corner = above[place - step] if place >= step else 0
                row[place] = (row[place] + _predicted(kind, int(left), int(above[place]), int(corner))) & 255
        done[number] = above = row
    return done.astype(np.uint8)


def _predicted(kind: int, left: int, above: int, corner: int) -> int:
    """Return the prediction of a byte from its neighbours, by PNG's filter ``kind``."""
    if kind == 1:
        return left
    if kind == 3:
        return (left + above) // 2
    if kind != 4:
        raise ValueError(f"filter {kind}")
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))


def _samples(rows: np.ndarray, count: int, depth: int) -> np.ndarray:
    """Return ``(height, count)`` uint8: numbers of ``depth`` bits; of 16 bits the upper eight."""
    if depth == 16:
        return rows[:, ::2]
    if depth == 8:
        return rows
    bits = np.unpackbits(rows, axis=1)[:, : count * depth].reshape(len(rows), count, depth)
    return (bits << np.arange(depth - 1, -1, -1, dtype=np.uint8)).sum(axis=2, dtype=np.uint8)


def _grey(samples: np.ndarray, paper: int) -> np.ndarray:
    """Return colours as luminance, on ``paper`` where they are transparent."""
    channels = samples.shape[2]
    grey = samples[:, :, :3] @ LUMA if channels >= 3 else samples[:, :, 0]
    if channels in (2, 4):
        alpha = samples[:, :, -1] / 255
        grey = alpha * grey + (1 - alpha) * paper
    return np.rint(grey).astype(np.uint8)
