"""Compare the pen in C with the pen in NumPy. ``test_kernels_wasm`` runs this file in WebAssembly too.

Bound: 2e-5 of full ink in any pixel. Both place coordinates in float64. A distance is computed in float32
from offsets of at most about 30 pixels, each off by half a last bit (2e-6), and the centre of mass, which
shifts all ink, is a quotient of sums of such numbers.
"""

from __future__ import annotations

import numpy as np
import pytest

from nncore import ops
from nncore.kernels.drawing import draw, rasterise
from nncore.kernels.library import open_library
from nncore.pen import PEN_WIDTH, SIZE, as_paths, centre, fit
from tests.nncore.kernel_libraries import LIBRARIES

BOUND = 2e-5


@pytest.fixture(scope="module", params=LIBRARIES.values(), ids=list(LIBRARIES))
def library(request):
    return open_library(request.param())


def walk(rng: np.random.Generator, points: int, step: float) -> np.ndarray:
    """Return the points of a random walk that looks like a pen's stroke."""
    return rng.uniform(0, 500, 2) + np.cumsum(rng.normal(0, step, (points, 2)), axis=0)


def drawings() -> dict[str, list]:
    rng = np.random.default_rng(5)
    walks = {f"strokes {i}": [walk(rng, n, 30) for n in rng.integers(1, 40, 1 + i % 4)] for i in range(60)}
    return walks | {
        "nothing": [],
        "strokes without points": [[], np.zeros((0, 2))],
        "a dot": [[[37, 461]]],
        "a dot pressed twice": [[[5, 5], [5, 5]]],
        "dots": [[[10, 10]], [], [[400, 300]], [[10.5, 11]]],
        "a line": [[[0, 0], [500, 500]]],
        "far away": [walk(rng, 30, 20) + 1e6],
        "huge": [walk(rng, 30, 20) * 1e150],
        "tiny": [walk(rng, 30, 20) * 1e-150],
        "thousands of points": [walk(rng, 4000, 3), walk(rng, 3000, 1)],
        "with time and pressure": [np.hstack([walk(rng, 20, 30), rng.random((20, 2))])],
        "every other point": [walk(rng, 40, 20)[::2]],
    }


DRAWINGS = drawings()


@pytest.mark.parametrize("width", [0.5, PEN_WIDTH, 5.0])
@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_numpys(library, name, width):
    expected = ops.reference("rasterise")(DRAWINGS[name], width)
    image = rasterise(library, DRAWINGS[name], width)
    assert image.shape == (SIZE, SIZE) and image.dtype == np.float32
    np.testing.assert_allclose(image, expected, atol=BOUND, rtol=0)


def test_each_step_is_numpys_and_what_lies_outside_is_cut_off(library):
    """Draw strokes after each pen step and far outside the picture: the pixels are NumPy's."""
    for strokes in DRAWINGS.values():
        paths = as_paths(strokes)
        for stage in (fit(paths), centre(fit(paths)), [path * 3 - 30 for path in fit(paths)]):
            expected = ops.reference("draw")(stage)
            np.testing.assert_allclose(draw(library, stage), expected, atol=BOUND, rtol=0)


def test_what_is_no_drawing_never_reaches_c(library):
    """Refuse malformed strokes, so that C never reads beyond them."""
    for wrong in ([[1, 2]], [[[1, np.inf]]], [[["a", "b"]]], [np.zeros((2, 2, 2))]):
        with pytest.raises(ValueError):
            rasterise(library, wrong)
    with pytest.raises(ValueError, match="points"):
        draw(library, [np.zeros((4, 3))])
