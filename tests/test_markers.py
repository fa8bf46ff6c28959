"""Test the markers with which ``pytest -m "not site and not slow"`` runs the quick tests alone."""

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


@pytest.mark.parametrize(
    ("marker", "tests"), [("site", "site/test_build_serve.py"), ("slow", "nncore/test_kernels_wasm.py")]
)
def test_none_of_these_is_run_without_its_marker(marker: str, tests: str) -> None:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", str(TESTS / tests), "-m"]
    for chosen, code in ((marker, pytest.ExitCode.OK), (f"not {marker}", pytest.ExitCode.NO_TESTS_COLLECTED)):
        done = subprocess.run([*command, chosen], cwd=TESTS.parent, capture_output=True, text=True)
        assert done.returncode == code, done.stdout + done.stderr
