"""Keeps results that take long to make, by a hash of their inputs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path


def cached(shelf: Path, key: str, make: Callable[[Path], object]) -> Path:
    """Return the folder ``shelf/key``; if it does not exist, make it and let ``make`` fill it.

    ``make`` fills a folder of another name, which is then renamed. Neither an interrupted build nor two
    builds at a time can therefore leave half a result.
    """
    folder = shelf / key
    if folder.is_dir():
        os.utime(folder)
        return folder
    shelf.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix="part-", dir=shelf))
    try:
        make(partial)
        partial.chmod(0o755)
        partial.rename(folder)
    except OSError:
        if not folder.is_dir():  # otherwise another build was faster, with the same result
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def trim(shelf: Path, keep: int) -> None:
    """Delete all but the ``keep`` results that were used last."""
    if shelf.is_dir():
        by_age = sorted(shelf.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
        for folder in by_age[keep:]:
            shutil.rmtree(folder, ignore_errors=True)
