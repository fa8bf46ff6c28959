"""Reads zip archives, such as ``.npz`` and PyTorch's ``.pt``, with a bound on what they may unpack to."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath

from nncore.storage.saved import StorageError

LARGEST = 512 * 1024 * 1024
"""The most bytes that an archive of a network may unpack to."""

LITTER = {"__macosx", "thumbs.db", "desktop.ini", ".ds_store"}


def read_archive(
    data: bytes, name: str, wanted: Callable[[str], bool] = lambda path: True
) -> dict[str, bytes]:
    """Return the files in a zip archive by their paths, without folders and the litter of file managers.

    Args:
        wanted: tells by its path whether a file is read.

    Raises:
        StorageError: if the archive is damaged, locked, or unpacks to more than ``LARGEST`` bytes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if _is_content(entry.filename)]
            entries = [entry for entry in entries if wanted(entry.filename)]
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise StorageError(
                    f"{name}: unpacks to more than {LARGEST // 1024**2} MB, too much for a network here"
                )
            return {entry.filename.replace("\\", "/"): archive.read(entry) for entry in entries}
    except StorageError:
        raise
    except Exception as error:  # a damaged archive can fail in any way, from BadZipFile to zlib.error
        raise StorageError(
            f"{name}: truncated or damaged: not a whole .npz or .zip archive of a network; "
            "save or copy it again"
        ) from error


def paths_in(data: bytes) -> list[str]:
    """Return the paths of the files in a zip archive; none if it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [path for path in archive.namelist() if _is_content(path)]
    except Exception:  # as above
        return []


def _is_content(path: str) -> bool:
    """Return whether a path in an archive is a file that a person put there."""
    parts = [part.lower() for part in PurePosixPath(path.replace("\\", "/")).parts]
    return (
        bool(parts) and not path.endswith("/") and not LITTER & set(parts) and not parts[-1].startswith("._")
    )
