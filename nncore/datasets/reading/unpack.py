"""Unpacks archives into files, within bounds, and leaves out the litter that systems add.

A small archive can unpack to more than the memory holds, so the bytes and the files of all archives together
are limited. Archives inside archives are opened one level deep.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import tarfile
import zipfile
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from nncore.datasets.dataset import DataError
from nncore.datasets.idx import GZIP_MAGIC
from nncore.datasets.reading.kinds import kind_of
from nncore.datasets.reading.names import components, part_of_path, plain
from nncore.datasets.reading.notes import Notes
from nncore.datasets.reading.picture_labels import folder_digits

MOST_BYTES = 2**30
MOST_FILES = 300_000
DEEPEST = 2
LITTER = {
    ".ds_store": "left by macOS",
    "thumbs.db": "left by Windows",
    "ehthumbs.db": "left by Windows",
    "desktop.ini": "left by Windows",
    ".gitignore": "left by git",
    ".gitkeep": "left by git",
}


@dataclass(frozen=True)
class File:
    """A file that holds no others: its path with slashes, its bytes and its kind."""

    name: str
    data: bytes
    kind: str


Faults = list[tuple[str, str]]
"""Names of files that are not read, each with the reason."""


class Room:
    """The bytes and files that may still be unpacked."""

    def __init__(self) -> None:
        self.bytes, self.files = MOST_BYTES, MOST_FILES

    def take(self, name: str, size: int) -> None:
        """Count an unpacked file.

        Raises:
            DataError: names the archive that unpacks to more than there is room for.
        """
        self.bytes -= size
        self.files -= 1
        if self.bytes < 0:
            raise DataError(
                f"{name}: unpacks to more than {MOST_BYTES >> 20:,} MB, the most that is opened here"
            )
        if self.files < 0:
            raise DataError(f"{name}: holds more than {MOST_FILES:,} files, the most that are opened here")


def unpack_steps(
    files: Sequence[tuple[str, bytes]], notes: Notes, faults: Faults
) -> Generator[float, None, list[File]]:
    """Return all files in some files and archives; yields the share that is done.

    A file that is there twice is taken once. Files of which no digits are read are added to ``faults``.

    Raises:
        DataError: for an archive beyond the limits, locked or damaged.
    """
    found: list[File] = []
    seen: dict[tuple, str] = {}
    room = Room()
    for number, (name, data) in enumerate(files):
        for file in _opened("/".join(components(name)) or name, data, 0, room, notes, faults):
            key = _identity(file)
            if key in seen:
                notes.skip(file.name, f"the same file as {seen[key]}, which was read")
            else:
                seen[key] = file.name
                found.append(file)
            if len(found) % 50 == 0:
                yield number / len(files)
    return found


def litter(name: str) -> str:
    """Return why a file is left out unseen, or ""."""
    *folders, file = [part.lower() for part in components(name)] or [""]
    if "__macosx" in folders or file.startswith("._"):
        return "left by macOS"
    if re.match(r"(readme|licen[cs]e|changelog|copying)\b", file) and not file.endswith((".png", ".jpg")):
        return "a text about the data"
    return LITTER.get(file, "")


def _opened(name: str, data: bytes, depth: int, room: Room, notes: Notes, faults: Faults) -> Iterator[File]:
    """Yield the files in a file: itself, or all that it packs."""
    if reason := litter(name):
        notes.skip(name, reason)
        return
    try:
        kind = kind_of(_unzipped_name(name), data)
    except DataError as error:
        faults.append((name, str(error).removeprefix(f"{_unzipped_name(name)}: ")))
        return
    if kind == "gzip":
        content = gunzipped(name, data, room)
        if content.startswith(GZIP_MAGIC):  # some servers pack a packed file again
            content = gunzipped(name, content, room)
        if content.startswith(GZIP_MAGIC):
            faults.append((name, "packed with gzip more than twice; unpack it to open it"))
        else:
            yield from _opened(name, content, depth, room, notes, faults)
    elif kind in ("zip", "tar"):
        if depth >= DEEPEST:
            notes.skip(name, "an archive in an archive in an archive; unpack it to open it")
            return
        members = _zip_members if kind == "zip" else _tar_members
        for path, content in members(name, data, room):
            yield from _opened(
                f"{name}/{'/'.join(components(path))}", content, depth + 1, room, notes, faults
            )
    else:
        if kind == "npz":
            _check_npz(name, data, room)
        yield File(name, data, kind)


def gunzipped(name: str, data: bytes, room: Room) -> bytes:
    """Return the content of a gzip file.

    Raises:
        DataError: if it is damaged or too large.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            content = packed.read(room.bytes + 1)
    except Exception as error:  # a damaged stream can fail in any way
        raise DataError(
            f"{name}: damaged or cut short: not a whole gzip file; fetch or copy it again"
        ) from error
    room.take(name, len(content))
    return content


def _zip_members(name: str, data: bytes, room: Room) -> Iterator[tuple[str, bytes]]:
    """Yield the names and contents of the files in a zip archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                path = info.filename
                if path.endswith(("/", "\\")):
                    continue
                if info.flag_bits & 1:
                    raise DataError(f"{name}: locked with a password; unpack it first")
                room.take(name, info.file_size)
                with archive.open(info) as member:
                    content = member.read(info.file_size + 1)
                if len(content) != info.file_size:
                    raise DataError(f"{name}: damaged: {path} has another size than the archive says")
                yield path, content
    except DataError:
        raise
    except Exception as error:  # a damaged archive can fail in any way, from BadZipFile to zlib.error
        raise DataError(
            f"{name}: damaged, or packed in a way that is not opened here; pack it again as a plain .zip"
        ) from error


def _tar_members(name: str, data: bytes, room: Room) -> Iterator[tuple[str, bytes]]:
    """Yield the names and contents of the files in a tar archive."""
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for info in archive:
                if info.isfile() and (member := archive.extractfile(info)):
                    room.take(name, info.size)
                    yield info.name, member.read()
    except DataError:
        raise
    except Exception as error:  # as above
        raise DataError(f"{name}: damaged or cut short: not a whole tar archive; copy it again") from error


def _check_npz(name: str, data: bytes, room: Room) -> None:
    """Count the arrays of an ``.npz``, which are unpacked later."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            room.take(name, info.file_size)


def _unzipped_name(name: str) -> str:
    """Return the name of a file before it was packed with gzip: without ``.gz``."""
    return re.sub(r"(?i)\.tgz$", ".tar", re.sub(r"(?i)\.(gz|gzip)$", "", name))


def _identity(file: File) -> tuple:
    """Return what two copies of a file share: content, name, part, and for pictures the folder's digit."""
    base = plain(_unzipped_name(components(file.name)[-1]))
    stem = re.sub(r"( ?\(\d+\)| - copy| - kopie| copy| kopie)(?=\.|$)", "", base)
    label = tuple(folder_digits(file.name)) if file.kind == "picture" else ()
    digest = hashlib.blake2b(file.data, digest_size=16).digest()
    return re.sub(r"[^a-z0-9]+", "-", stem), part_of_path(file.name), label, digest
