"""What the page fetches to start Python: files in parts, in the order of need, each part with a header.

``boot/worker/parts.mjs`` reads them. A part is the length of its header (four bytes, little-endian), the
header as JSON - ``bytes``, and ``files``, a list of paths with sizes - and the bytes. All parts in a row are
compressed as one (``start.mjs``), so that what comes later is smaller for what came before.
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
    """One part: ``files`` by absolute path in the page's file system."""
    listed = [[path, len(data)] for path, data in files.items()]
    body = b"".join(files.values())
    header = json.dumps({"bytes": len(body), "files": listed}, separators=(",", ":")).encode()
    return struct.pack("<I", len(header)) + header + body


def installed(archives: Iterable[Path], folder: str = SITE) -> dict[str, bytes]:
    """The files of byte-compiled archives as they lie in the page's file system, in order of names."""
    files = {}
    for archive in archives:
        with zipfile.ZipFile(archive) as zipped:
            for name in sorted(info.filename for info in zipped.infolist() if not info.is_dir()):
                files[folder + name] = zipped.read(name)
    return files
