"""Reads a learner's own digits, from files that were opened or dropped on the page, into training and test
digits.

The formats are: CSV as Rashid's (a label and the pixels a line), MNIST's idx files in pairs, ``.npz`` with
arrays (Keras' names or plain ones), PNG pictures with the label in their name or folder, also as one
``.zip``. Images are 28 x 28, or 8 x 8 with pixels up to 16. Where the files have no test part, a sixth of the
digits becomes one. Large files are read in slices, so that the page stays responsive.
"""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

import numpy as np

from nncore.datasets import DataError, Dataset
from nncore.datasets.csvfile import read_csv
from nncore.datasets.idx import GZIP_MAGIC, gunzip, read_idx
from nncore.datasets.mnist import dataset_from_idx
from nncore.datasets.png import as_ink, label_of
from nncore.datasets.png_bytes import decode_png
from nncore.datasets.splits import split
from web.delivery.file_errors import Fault, fault_of, sum_up
from web.state.dataset_options import FEWEST

LINES = 300  # lines of a CSV file before other tasks run
SHAPES = {784: (28, 28), 64: (8, 8)}
READ = ".csv, idx (images and labels), .npz, .png or a .zip of these pictures"
# Names of the arrays in an .npz: Keras' for training and test, and plain ones.
ARRAYS = (("x_train", "y_train", "x_test", "y_test"), ("images", "labels"), ("x", "y"), ("pixels", "labels"))

Part = tuple[Dataset, bool]  # digits, and whether they are test digits


async def read_own(files: Mapping[str, bytes], faults: Sequence[Fault] = ()) -> tuple[Dataset, Dataset]:
    """Return the training and the test digits in some files.

    Args:
        files: name -> bytes.
        faults: faults of other files that were opened with them.

    Raises:
        DataError: naming every faulty file with its fault, or the missing part.
    """
    parts: list[Part] = []
    wrong = list(faults)
    pictures: dict[str, bytes] = {}
    idx: dict[str, np.ndarray] = {}
    for name, data in files.items():
        ending = name.lower()
        try:
            if ending.endswith((".csv", ".csv.gz")):
                parts.append((await _csv(name, data), "test" in name))
            elif ending.endswith(".npz"):
                parts += _arrays(name, data)
            elif ending.endswith(".zip"):
                pictures |= _unzipped(name, data)
            elif ending.endswith(".png"):
                pictures[name] = data
            elif "ubyte" in name or "idx" in name:
                idx[name] = read_idx(data, name)
            else:
                raise DataError(f"{name}: digits are read from {READ}")
        except DataError as error:
            wrong.append(fault_of(name, error))
    decoded = await _decoded(pictures, wrong)
    if wrong:
        raise DataError(sum_up(wrong))
    if pictures:
        parts.append((_pictures(decoded), False))
    parts += _idx(idx)
    if not parts:
        raise DataError(f"no digits in {', '.join(files)}; they are read from {READ}")
    return _divided(parts)


def _divided(parts: list[Part]) -> tuple[Dataset, Dataset]:
    """Return all training parts joined, and all test parts; without these, a sixth of the training digits.

    Raises:
        DataError: if there are too few digits.
    """
    train = [part for part, testing in parts if not testing]
    test = [part for part, testing in parts if testing]
    if not train:
        train, test = test, []
    whole = train[0].concatenate(*train[1:])
    if len(whole) < FEWEST:
        raise DataError(
            f"{whole.name}: {len(whole)} digits are too few to learn from; at least {FEWEST} are needed"
        )
    if test:
        return whole, test[0].concatenate(*test[1:])
    train_part, test_part = split(whole, (5 / 6, 1 / 6), seed=0)
    return train_part, test_part


def _as_digits(name: str, images: np.ndarray, labels: np.ndarray) -> Dataset:
    """Return arrays from a file as a data set.

    Args:
        name: of the file, for messages.
        images: (n, 28, 28), (n, 8, 8) or flat, from 0 to 255, or from 0 to 1 as floats.
        labels: (n,), from 0 to 9.

    Raises:
        DataError: if shapes or values are others.
    """
    for what, array in (("images", images), ("labels", labels)):
        if array.ndim < 1 or array.dtype.kind not in "buif":
            raise DataError(
                f"{name}: its {what} are not an array of numbers (shape {array.shape}, type {array.dtype}); "
                "expected images (n, 28, 28) or (n, 8, 8) from 0 to 255 and labels (n,) from 0 to 9"
            )
    count = len(images)
    pixels = images.reshape(count, -1) if count else images
    if not count or pixels.shape[1] not in SHAPES:
        raise DataError(f"{name}: its images have the shape {images.shape[1:]}, expected 28 x 28 or 8 x 8")
    if labels.shape != (count,):
        raise DataError(f"{name}: {count} images but labels of shape {labels.shape}")
    if pixels.dtype.kind == "f" and pixels.max() <= 1:
        pixels = np.rint(pixels * 255)
    # Not "outside" but "not inside", because every comparison with NaN is false.
    if not ((pixels >= 0) & (pixels <= 255)).all() or not ((labels >= 0) & (labels <= 9)).all():
        raise DataError(f"{name}: pixels must lie between 0 and 255 (or 0 and 1), labels between 0 and 9")
    small = pixels.shape[1] == 64 and pixels.max() <= 16
    return Dataset(
        name,
        pixels.astype(np.uint8),
        labels.astype(np.uint8),
        SHAPES[pixels.shape[1]],
        max_value=16 if small else 255,
    )


async def _csv(name: str, data: bytes) -> Dataset:
    """Read a CSV file in slices, plain or gzipped.

    Raises:
        DataError: if its lines have another number of values, or a value is illegal.
    """
    if data[:2] == GZIP_MAGIC:
        data = gunzip(data, name)
    lines = data.splitlines()
    if lines and not lines[0].lstrip()[:1].isdigit():
        lines[0] = b""  # a header with names of columns
    width = next((line.count(b",") for line in lines if line.strip()), 0)
    if width not in SHAPES:
        raise DataError(
            f"{name}: a line has {width + 1} values, not a label and 784 pixels (28 x 28) or 64 (8 x 8). "
            "Are the labels missing?"
        )
    parts = []
    for start in range(0, len(lines), LINES):
        piece = b"\n".join(lines[start : start + LINES])
        if piece.strip():
            parts.append(read_csv(piece, name, shape=SHAPES[width], first_line=start + 1))
        await asyncio.sleep(0)
    whole = parts[0].concatenate(*parts[1:])
    return _as_digits(name, whole.pixels, whole.labels)


async def _decoded(pictures: Mapping[str, bytes], wrong: list[Fault]) -> dict[str, np.ndarray]:
    """Return the grey levels of each picture by its name, with light ink; add faults to ``wrong``."""
    found = {}
    for name, data in sorted(pictures.items()):
        try:
            label_of(Path(name), Path("."))
            grey = decode_png(data, name)
            if grey.shape not in SHAPES.values():
                height, width = grey.shape
                raise DataError(f"{name}: {width} x {height} pixels, expected 28 x 28 or 8 x 8")
            found[name] = as_ink(grey)
        except DataError as error:
            wrong.append(fault_of(name, error))
        await asyncio.sleep(0)
    return found


def _pictures(pictures: Mapping[str, np.ndarray]) -> Dataset:
    """Return pictures as a data set, with the labels in their names or folders.

    Raises:
        DataError: if they differ in size.
    """
    if len({image.shape for image in pictures.values()}) > 1:
        raise DataError("the pictures are not all of one size; expected all 28 x 28 or all 8 x 8")
    labels = [label_of(Path(name), Path(".")) for name in pictures]
    return _as_digits("pictures", np.stack(list(pictures.values())), np.array(labels))


def _unzipped(name: str, data: bytes) -> dict[str, bytes]:
    """Return the pictures in a zip archive by their paths.

    Raises:
        DataError: if it is damaged, locked, or contains no picture.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = [path for path in archive.namelist() if not path.startswith("__MACOSX")]
            found = {path: archive.read(path) for path in inside if path.lower().endswith(".png")}
    except Exception as error:  # a damaged archive can fail in any way, from BadZipFile to zlib.error
        raise DataError(
            f"{name}: damaged, locked with a password, or no zip archive; expected a .zip of .png pictures"
        ) from error
    if not found:
        raise DataError(f"{name}: no .png picture in it; expected a .zip of .png pictures")
    return found


def _arrays(name: str, data: bytes) -> list[Part]:
    """Return the parts in an ``.npz``: training digits and, with Keras' names, test digits.

    Raises:
        DataError: if it is damaged or lacks these arrays.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            arrays = {key: archive[key] for key in archive.files}
    except Exception as error:  # a damaged archive can fail in any way
        raise DataError(
            f"{name}: damaged, or not plain arrays of numbers; expected an .npz with images and labels"
        ) from error
    for images, labels, *test in ARRAYS:
        if images not in arrays:
            continue
        if labels not in arrays:
            raise DataError(f"{name}: it has images ({images}) but no labels ({labels})")
        parts = [(_as_digits(name, arrays[images], arrays[labels]), False)]
        if test and set(test) <= set(arrays):
            parts.append((_as_digits(f"{name} test", arrays[test[0]], arrays[test[1]]), True))
        return parts
    raise DataError(
        f"{name}: holds {', '.join(arrays) or 'nothing'}; digits are called x_train and y_train, "
        "or images and labels"
    )


def _idx(files: Mapping[str, np.ndarray]) -> list[Part]:
    """Return the digits in pairs of MNIST's files, matched by the part of their names before "images" and
    "labels".

    Raises:
        DataError: if images or labels are missing.
    """
    arrays = {PurePath(name).name: array for name, array in files.items()}
    parts = []
    for name, images in arrays.items():
        if images.ndim == 1:
            continue
        stem = name.split("image")[0]
        labels = [array for other, array in arrays.items() if array.ndim == 1 and other.startswith(stem)]
        if not labels:
            raise DataError(f"{name}: its labels are missing; open images and labels together")
        digits = dataset_from_idx(name, images, labels[0])
        testing = stem.startswith("t10k") or "test" in stem
        parts.append((_as_digits(name, digits.pixels, digits.labels), testing))
    if files and not parts:
        raise DataError(f"{', '.join(files)}: labels without images; open images and labels together")
    return parts
