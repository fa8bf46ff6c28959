"""Packs the files that start Python into parts, in the order of need, each part with a header.

``boot/worker/parts.mjs`` reads them. A part is the length of its header (four bytes, little-endian), the
header as JSON - ``bytes``, and ``files``, a list of paths with sizes - and the bytes. All parts in a row are
compressed as one (``web/build/make_start.mjs``), so that later parts are smaller thanks to the earlier ones.
"""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

LIBRARY = "/lib/python3.14/"
SITE = LIBRARY + "site-packages/"


def part(files: Mapping[str, bytes]) -> bytes:
    """Return one part with ``files``, by absolute path in the page's file system."""
    listed = [[path, len(data)] for path, data in files.items()]
    body = b"".join(files.values())
    header = json.dumps({"bytes": len(body), "files": listed}, separators=(",", ":")).encode()
    return struct.pack("<I", len(header)) + header + body


def installed(archives: Iterable[Path], folder: str = SITE) -> dict[str, bytes]:
    """Return the files of byte-compiled archives by their paths in the page's file system, sorted by name."""
    files = {}
    for archive in archives:
        with zipfile.ZipFile(archive) as zipped:
            for name in sorted(info.filename for info in zipped.infolist() if not info.is_dir()):
                files[folder + name] = zipped.read(name)
    return files
