"""Writes zip archives that are equal to the byte in every build.

Names are sorted, all times are the same, and nothing of the host is in them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

# The earliest time that a zip archive can hold; real times would make every build different.
EPOCH = (1980, 1, 1, 0, 0, 0)


def names_in(path: Path) -> list[str]:
    """Return the paths of the files in a zip archive, such as a wheel."""
    with zipfile.ZipFile(path) as archive:
        return [info.filename for info in archive.infolist() if not info.is_dir()]


def read_archive(path: Path, names: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of the named files in a zip archive.

    Raises:
        KeyError: if the archive lacks one of them.
    """
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in names}


def write_archive(path: Path, files: Mapping[str, bytes]) -> None:
    """Write ``files`` (by path) as an uncompressed zip archive.

    zlib's output differs between hosts; the files are compressed later, by the one zlib inside Pyodide.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, EPOCH)
            info.external_attr = 0o644 << 16
            info.create_system = 3  # Unix, whatever the host
            archive.writestr(info, files[name])
