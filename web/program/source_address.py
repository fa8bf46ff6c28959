"""Returns the address of Inkling's source, for the page's link and for exported scripts.

It is written down only once, in ``pyproject.toml``.
"""

from __future__ import annotations

from importlib.metadata import metadata
from pathlib import Path

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def source_address() -> str:
    """Return the address of the source.

    A checkout has ``pyproject.toml`` beside it. The page has an installed package, and the address is in its
    metadata (``web/build/wheels.py``).
    """
    if PROJECT.is_file():
        import tomllib  # imported late: the page doesn't need it

        return str(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["urls"]["Source"])
    addresses = (line.split(", ", 1) for line in metadata("inkling").get_all("Project-URL", []))
    return next(address for label, address in addresses if label == "Source")
