"""Run the unit tests of JavaScript (``tests/js``) with Node's own test runner, as a part of pytest."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from web.build.fetch import Inputs, cache_folder
from web.build.pins import read_pins
from web.build.zstd import CARRIER, decoder_in

TESTS = sorted((Path(__file__).parents[1] / "js").glob("*.test.mjs"))


@pytest.fixture(scope="module")
def decoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Extract the WebAssembly of the page's zstd from the build's inputs and return its path."""
    [pin] = [pin for pin in read_pins() if pin.file == CARRIER]
    carrier = Inputs(cache_folder(), offline=False, say=print).get([pin])[CARRIER]
    path = tmp_path_factory.mktemp("zstd") / "zstd.wasm"
    path.write_bytes(decoder_in(carrier.read_text(encoding="utf-8")))
    return path


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_javascript(path: Path, decoder: Path) -> None:
    done = subprocess.run(
        ["node", "--test", str(path)],
        env=os.environ | {"INKLING_ZSTD": str(decoder)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_there_are_tests_of_javascript() -> None:
    assert TESTS
