"""Zip archives that come out the same to the byte: sorted names, one time, nothing of the host."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

# The earliest time that a zip archive can hold; real ones would make every build different.
EPOCH = (1980, 1, 1, 0, 0, 0)


def names_in(path: Path) -> list[str]:
    """The paths of the files in a zip archive (a wheel is one)."""
    with zipfile.ZipFile(path) as archive:
        return [info.filename for info in archive.infolist() if not info.is_dir()]


def read_archive(path: Path, names: Iterable[str]) -> dict[str, bytes]:
    """The files of these names in a zip archive; a name that isn't there is a KeyError."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in names}


def write_archive(path: Path, files: Mapping[str, bytes]) -> None:
    """Write ``files`` uncompressed: zlib's output differs between hosts, and these are compressed later, by
    the one zlib inside Pyodide."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, EPOCH)
            info.external_attr = 0o644 << 16
            info.create_system = 3  # Unix, whatever the host
            archive.writestr(info, files[name])
