"""Finishes the site: writes the list of its files, and puts it in the place of the previous one."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from web.build.errors import BuildError

MANIFEST = "build.json"
SERVICE_WORKER = "service-worker.js"


def check_target(out: Path) -> None:
    """Check that ``out`` is empty or was made by a build, because the build replaces it.

    Raises:
        BuildError: if it holds other files.
    """
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise BuildError(f"--out {out} has files in it that no build made; name a new or an empty folder")


def write_manifest(site: Path, about: dict[str, Any]) -> list[int]:
    """Write ``build.json``: ``about``, and every other file with its size and SHA-256.

    The service worker is not in the list: the hash of the list is written into it, so that each build has a
    different worker.

    Returns:
        the sizes of all files, in bytes.
    """
    files = []
    worker = site / SERVICE_WORKER
    for path in sorted(p for p in site.rglob("*") if p.is_file() and p != worker):
        path.chmod(0o644)
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        files.append({"path": path.relative_to(site).as_posix(), "bytes": len(content), "sha256": digest})
    text = json.dumps(sealed(about | {"files": files}), indent=1) + "\n"
    (site / MANIFEST).write_bytes(text.encode())
    if worker.is_file():
        build = hashlib.sha256(text.encode()).hexdigest()
        worker.write_text(worker.read_text(encoding="utf-8").replace("__BUILD__", build), encoding="utf-8")
    return [path.stat().st_size for path in site.rglob("*") if path.is_file()]


def sealed(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return ``manifest`` with a SHA-256 of all its entries, as compact JSON.

    Without it a changed digit in the manifest itself could not be found (``boot/worker/verified-fetch.mjs``).
    """
    said = {key: value for key, value in manifest.items() if key != "sha256"}
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
    return said | {"sha256": hashlib.sha256(text.encode()).hexdigest()}


def replace(site: Path, out: Path) -> None:
    """Put ``site`` in the place of the previous one."""
    site.chmod(0o755)
    if out.is_dir():
        old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
        out.rename(old / "site")
        site.rename(out)
        shutil.rmtree(old)
    else:
        site.rename(out)
