"""Tells from its first bytes what a file is, whatever its name says."""

from __future__ import annotations

import io
import struct
import zipfile
from math import prod

from nncore.datasets.dataset import DataError

IDX_SIZES = {0x08: 1, 0x09: 1, 0x0B: 2, 0x0C: 4, 0x0D: 4, 0x0E: 8}
PICKLE_ENDINGS = (".pkl", ".pickle", ".p", ".pkl.gz")
PICTURE_ENDINGS = (
    ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".pgm",
    ".pbm", ".ppm", ".pnm", ".heic", ".heif", ".avif",
)  # fmt: skip
TABLE_ENDINGS = (".csv", ".tsv", ".tab", ".arff", ".data", ".dat", ".txt", ".tra", ".tes", ".train", ".test")

PICTURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"P1",
    b"P2",
    b"P3",
    b"P4",
    b"P5",
    b"P6",
)
REFUSED = (
    (b"\x89HDF", "an HDF5 file, which is not read here; save its arrays as .npz with numpy.savez"),
    (b"MATLAB", "a MATLAB file, which is not read here; save its arrays as .npz or CSV"),
    (b"PAR1", "a Parquet file, which is not read here; save the table as CSV"),
    (b"%PDF", "a PDF document; save its pictures as PNG or JPEG"),
    (b"7z\xbc\xaf", "packed with 7-Zip, which is not opened here; unpack it, or pack it as .zip"),
    (b"Rar!", "packed with RAR, which is not opened here; unpack it, or pack it as .zip"),
    (b"BZh", "packed with bzip2, which is not opened here; unpack it, or pack it as .zip"),
    (b"\xfd7zXZ", "packed with xz, which is not opened here; unpack it, or pack it as .zip"),
    (b"SQLite", "a database; save its table as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Office file; save the table as CSV"),
)
"""The first bytes of kinds that are refused, and the reason with the remedy."""

HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")
NETWORK = "the file of a network, not digits; open it as a network"
READ = (
    "pictures (PNG, JPEG, WebP, GIF, BMP, TIFF), tables (CSV), MNIST's idx files, .npz, .npy, .pkl, or a "
    ".zip of these"
)


def kind_of(name: str, data: bytes) -> str:
    """Return "zip", "tar", "gzip", "npz", "npy", "idx", "pickle", "picture" or "table".

    Raises:
        DataError: with what the file is, if no digits are read from such files.
    """
    lower = name.lower()
    if not data:
        raise DataError(f"{name}: the file is empty")
    for start, reason in REFUSED:
        if data.startswith(start):
            raise DataError(f"{name}: {reason}")
    if data[:2] == b"\x1f\x8b":
        return "gzip"
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _kind_of_zip(name, data)
    if data[:6] == b"\x93NUMPY":
        return "npy"
    if data[257:262] == b"ustar":
        return "tar"
    if is_picture(name, data):
        return "picture"
    if is_idx(data) or (data[:2] == b"\0\0" and ("ubyte" in lower or "idx" in lower)):
        return "idx"
    if lower.endswith(PICKLE_ENDINGS) or (data[:1] == b"\x80" and data[1:2] in b"\x02\x03\x04\x05"):
        return "pickle"
    for endings, what in (
        (PICTURE_ENDINGS, "not a picture, or a damaged one; save or copy it again"),
        ((".npz", ".npy"), "damaged, or not NumPy's arrays; save or copy it again"),
        ((".zip",), "damaged, or not a zip archive; pack or copy it again"),
        (("ubyte", ".idx", "idx1", "idx3"), "not an idx file, or a damaged one; copy it again"),
        ((".gz",), "damaged: not a gzip file; copy it again"),
    ):
        if lower.endswith(endings):
            raise DataError(f"{name}: {what}")
    return _kind_of_text(name, lower, data)


def is_idx(data: bytes) -> bool:
    """Return whether the bytes are an idx file of the announced size."""
    if len(data) < 8 or data[:2] != b"\0\0" or data[2] not in IDX_SIZES or not 1 <= data[3] <= 4:
        return False
    header = 4 + 4 * data[3]
    if len(data) < header:
        return False
    shape = struct.unpack(f">{data[3]}I", data[4:header])
    return len(data) == header + prod(shape) * IDX_SIZES[data[2]]


def is_picture(name: str, data: bytes) -> bool:
    """Return whether the bytes begin like a picture.

    Raises:
        DataError: for a kind of picture that isn't read.
    """
    if data[4:8] == b"ftyp" and data[8:12] in HEIC:
        raise DataError(f"{name}: a HEIC picture, which is not read here; save it as JPEG or PNG")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return True
    if data[4:12] == b"ftypavif":
        return True
    if data[:2] in PICTURES and data[:1] == b"P":  # P5 and its like, followed by a space
        return data[2:3] in b" \n\r\t#"
    if data[:2] == b"BM":
        return len(data) > 26 and data[6:10] == bytes(4)
    return data.startswith(PICTURES)


def _kind_of_zip(name: str, data: bytes) -> str:
    """Return "npz" or "zip"; refuse the archives of other programs by name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = archive.namelist()
    except Exception as error:  # a damaged archive can fail in any way
        raise DataError(
            f"{name}: damaged or cut short: not a whole zip archive; save or copy it again"
        ) from error
    if "[Content_Types].xml" in inside:
        raise DataError(f"{name}: an Office document; save the table as CSV, or the pictures as PNG")
    if any(path.endswith("data.pkl") for path in inside) or "model.weights.h5" in inside:
        raise DataError(f"{name}: {NETWORK}")
    if inside and all(path.endswith(".npy") for path in inside):
        if "about.npy" in inside:
            raise DataError(f"{name}: {NETWORK}")
        return "npz"
    return "zip"


def _kind_of_text(name: str, lower: str, data: bytes) -> str:
    """Return "table" for a text with numbers in it."""
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in b"{[" and start:
        if b"inkling-network" in data[:4096] or (b'"weights"' in data and b'"sizes"' in data):
            raise DataError(f"{name}: {NETWORK}")
        raise DataError(f"{name}: JSON, from which no digits are read; save them as CSV or .npz")
    if start[:1] == b"<":
        kind = "an SVG drawing" if b"<svg" in start else "a web page"
        raise DataError(f"{name}: {kind}, not digits; download or save the data itself")
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not utf16 and b"\0" in data[:4096]:
        raise DataError(f"{name}: not a kind of file from which digits are read; these are {READ}")
    if lower.endswith(TABLE_ENDINGS) or "." not in lower.rsplit("/", 1)[-1]:
        return "table"
    raise DataError(f"{name}: digits are read from {READ}")
