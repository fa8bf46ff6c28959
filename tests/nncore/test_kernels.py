"""Compare the compiled kernels with NumPy, operation by operation.

``test_kernels_wasm`` runs this file in WebAssembly too, where there is no Hypothesis.

Bounds: a float32 sum of k products, in any order, is off by at most (k + 1) u sum |a b|, where u = 2^-24 is
half of a float's last bit (Higham, Accuracy and Stability of Numerical Algorithms, eq. 3.5); alpha and beta
add three roundings. The matrix product must keep to this bound, compared with float64. Exponentials are
polynomials with an error of at most three units in the last place; results computed from them may be off by
5e-7 of max(1, |result|).
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from nncore import ops
from nncore.activations import ACTIVATIONS, SOFTMAX
from nncore.distort import Distortion, affine
from nncore.kernels.library import ACTIVATIONS as KERNEL_ACTIVATIONS
from nncore.kernels.library import open_library
from nncore.kernels.operations import gemm, operations
from nncore.kernels.runs import measure_images
from nncore.losses import LOSSES
from nncore.network import Network, NetworkSpec
from tests.nncore.kernel_libraries import LIBRARIES, without_numpy

HALF_BIT = 2.0**-24


@pytest.fixture(scope="module", params=LIBRARIES.values(), ids=list(LIBRARIES))
def library(request):
    return open_library(request.param())


LAYOUTS = ("plain", "transposed", "every other", "backwards")
FACTORS = ((1, 0), (1, 1), (-0.3, 1), (2, -0.5))  # alpha, beta


def matrix(rng: np.random.Generator, rows: int, columns: int, layout: str = "plain") -> np.ndarray:
    """Return a matrix of random numbers with one of the memory layouts that NumPy has."""
    if layout == "transposed":
        return matrix(rng, columns, rows).T
    if layout == "every other":
        return matrix(rng, 2 * rows, 3 * columns)[::2, ::3]
    if layout == "backwards":
        return matrix(rng, rows, columns)[::-1, ::-1]
    return rng.standard_normal((rows, columns), np.float32)


def check_product(library, m, n, k, layout_a, layout_b, factors, seed):
    rng = np.random.default_rng(seed)
    a, b = matrix(rng, m, k, layout_a), matrix(rng, k, n, layout_b)
    alpha, beta = factors
    out = rng.standard_normal((m, n + 3), np.float32)[:, :n]  # the three numbers after each row must stay
    before = out.astype(float)
    gap = out.base[:, n:].copy()
    if beta == 0:
        out[:] = np.nan  # must not be read
    gemm(library, a, b, out, alpha, beta)
    exact = alpha * (a.astype(float) @ b.astype(float)) + (beta * before if beta else 0)
    size = abs(alpha) * (abs(a).astype(float) @ abs(b).astype(float)) + abs(beta * before)
    assert (abs(out - exact) <= (k + 4) * HALF_BIT * size).all()
    assert (out.base[:, n:] == gap).all()


@pytest.mark.parametrize(
    "shape",
    [
        (0, 0, 0),
        (0, 3, 4),
        (3, 0, 4),
        (3, 4, 0),
        (1, 1, 1),
        (1, 10, 200),
        (100, 10, 200),
        (30, 17, 256),
        (7, 8, 257),
    ],
)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_product_is_right_to_rounding(library, shape, layout):
    for factors in FACTORS:
        check_product(library, *shape, layout, layout, factors, seed=1)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("shape", [(1, 1, 1), (5, 9, 7), (33, 30, 300)])
def test_nan_and_infinity_come_out_where_numpy_has_them(library, bad, shape):
    m, n, k = shape
    rng = np.random.default_rng(0)
    a, b = matrix(rng, m, k), matrix(rng, k, n)
    a[m // 2, k // 2] = bad
    b[k - 1, n - 1] = bad
    with np.errstate(invalid="ignore"):
        expected = a @ b
    out = gemm(library, a, b, np.empty((m, n), np.float32))
    np.testing.assert_array_equal(np.isnan(out), np.isnan(expected))
    np.testing.assert_allclose(out, expected, rtol=1e-4, atol=1e-4)


def test_a_bound_that_is_missed_would_be_noticed(library):
    """Check the bound itself: if one entry of ``a`` is wrong by 1 %, the product must miss the bound."""
    rng = np.random.default_rng(0)
    a, b = matrix(rng, 20, 50), matrix(rng, 50, 20)
    exact, size = a.astype(float) @ b.astype(float), abs(a).astype(float) @ abs(b).astype(float)
    a[3, 7] *= 1.01
    out = gemm(library, a, b, np.empty((20, 20), np.float32))
    assert (abs(out - exact) > 54 * HALF_BIT * size).any()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((np.ones((2, 3)), np.ones((3, 2))), TypeError, "a is float64; it must be an array of float32"),
        (([[1.0]], np.ones((1, 1), "f4")), TypeError, "a is list"),
        ((np.ones((2, 3), "f4"), np.ones((2, 2), "f4")), ValueError, "rows of b is 2; it must be 3"),
        ((np.ones(3, "f4"), np.ones((3, 2), "f4")), ValueError, "dimensions of a are 1; they must be 2"),
    ],
)
def test_what_is_no_matrix_product_is_refused(library, arguments, error, message):
    with pytest.raises(error, match=message):
        gemm(library, *arguments, np.empty((2, 2), np.float32))


def test_an_out_that_cannot_be_written_to_is_refused(library):
    a, b = np.ones((2, 2), np.float32), np.ones((2, 2), np.float32)
    frozen = np.empty((2, 2), np.float32)
    frozen.flags.writeable = False
    for out, message in [
        (np.empty((2, 3), np.float32), "shape of out"),
        (np.empty((2, 2), np.float32, order="F"), "strides of out"),
        (frozen, "writeable"),
        (a, "memory of out"),
    ]:
        with pytest.raises(ValueError, match=message):
            gemm(library, a, b, out)


@pytest.mark.parametrize("images", [0, 1, 40])
@pytest.mark.parametrize("inputs", [1, 7, 64, 300])
@pytest.mark.parametrize("encoding", [(1 / 255, 0.0), (0.99 / 255, 0.01)])
def test_gather_is_the_reference(library, images, inputs, encoding):
    rng = np.random.default_rng([images, inputs])
    pixels = rng.integers(0, 256, (50, inputs), np.uint8)
    indices = rng.integers(0, 50, images)
    arguments = pixels, indices, *encoding, np.dtype(np.float32)
    with without_numpy():
        result = operations(library)["gather"](*arguments)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, ops.reference("gather")(*arguments), rtol=2e-7, atol=0)


def test_gather_takes_no_image_that_is_not_there(library):
    """Refuse the index of an image that does not exist."""
    pixels = np.zeros((3, 4), np.uint8)
    for index in (3, -1):
        with pytest.raises(ValueError, match=f"image is {index}; it must be from 0 to 2"):
            operations(library)["gather"](pixels, np.array([0, index]), 1.0, 0.0, np.float32)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_one_number_that_is_not_finite_is_found_anywhere(library, bad):
    """Put NaN or infinity at every place in turn: ``is_finite`` finds it."""
    is_finite = operations(library)["is_finite"]
    for count in (0, 1, 7, 100):
        numbers = np.full(count, 3e38, np.float32)
        assert is_finite(numbers) is True
        for place in range(count):
            spoilt = numbers.copy()
            spoilt[place] = bad
            assert is_finite(spoilt) is False
    assert is_finite(np.ones((2, 3))) and not is_finite(np.full((3, 2), bad, np.float32).T)


@pytest.mark.parametrize("shape", [(0, 28, 28), (1, 1, 1), (30, 28, 28), (3, 5, 9)])
@pytest.mark.parametrize("elastic", [False, True])
def test_warped_images_are_the_reference_to_one_grey_level(library, shape, elastic):
    rng = np.random.default_rng(shape)
    images = rng.integers(0, 256, shape, np.uint8)
    turns = Distortion(rotation=180, shear=1, scale=0.5, shift=10).matrices(shape[0], rng)
    field = rng.normal(0, 4, (2, *shape)).astype(np.float32) if elastic else None
    with without_numpy():
        result = operations(library)["warp"](images, turns, field)
    expected = ops.reference("warp")(images, turns, field)
    assert result.dtype == np.uint8 and result.shape == shape
    difference = np.abs(result.astype(int) - expected.astype(int))
    assert (difference <= 1).all() and (difference > 0).sum() <= difference.size / 100


def test_images_that_stay_where_they_are_stay_as_they_are(library):
    """Warp images by an angle of 0: no byte changes."""
    images = np.random.default_rng(0).integers(0, 256, (20, 28, 28), np.uint8)
    np.testing.assert_array_equal(operations(library)["warp"](images[::2], affine(0.0)), images[::2])


@pytest.mark.parametrize("count", [0, 1, 7, 64, 1001])
@pytest.mark.parametrize(
    ("name", "slots", "constants"),
    [
        ("sgd_update", 0, ()),
        ("momentum_update", 1, (0.9,)),
        ("nesterov_update", 1, (0.9,)),
        ("rmsprop_update", 1, (0.99, 1e-8)),
        ("adam_update", 2, (0.9, 0.999, 1e-8, 3)),
    ],
)
def test_updates_are_the_reference(library, name, slots, constants, count):
    rng = np.random.default_rng(count)
    p, g = rng.standard_normal((2, count), np.float32)
    memory = np.abs(rng.standard_normal((slots, count), np.float32))
    ours = [p.copy(), g.copy(), *memory.copy()]
    theirs = [p.copy(), g.copy(), *memory.copy()]
    with without_numpy():
        operations(library)[name](*ours, 0.01, *constants)
    ops.reference(name)(*theirs, 0.01, *constants)
    for position in (0, *range(2, len(ours))):  # not the gradient: an update may overwrite it
        np.testing.assert_allclose(ours[position], theirs[position], rtol=1e-6, atol=1e-7)
    if count:
        g[0] = np.nan
        operations(library)[name](ours[0], g, *ours[2:], 0.01, *constants)
        assert np.isnan(ours[0][0]) and np.isfinite(ours[0][1:]).all()


EDGES = np.array([0, -0.0, 1e-8, -1e-8, 0.3, -0.3, 88, -88, 104, -104, 1e4, -1e4, np.inf, -np.inf, np.nan])


@pytest.mark.parametrize("name", [name for name in KERNEL_ACTIVATIONS if name != "softmax"])
def test_activations_are_the_reference_everywhere(library, name):
    """Compare each activation at many weighted sums, infinities and NaN included.

    The network has one input, which is 1, and one neuron for each weighted sum to try.
    """
    sums = np.concatenate([np.linspace(-20, 20, 1001), EDGES]).astype(np.float32)
    spec = NetworkSpec((1, len(sums)), (name,), "squared_error", biases=False)
    network = Network.from_arrays(spec, [sums[None]])
    one, targets = np.ones((1, 1), np.uint8), np.zeros((1, len(sums)), np.float32)
    with np.errstate(all="ignore"):
        expected = ACTIVATIONS[name].forward(sums.astype(float))
        with without_numpy():
            outputs, _ = measure_images(library, network, one, np.zeros(1, np.uint8), targets, 1.0, 0.0)
    bound = np.where(np.isfinite(expected), 5e-7 * np.maximum(1, abs(expected)), 0)
    same = (outputs[0] == expected) | (np.isnan(outputs[0]) & np.isnan(expected))
    with np.errstate(invalid="ignore"):
        assert (same | (abs(outputs[0] - expected) <= bound)).all()
    # Near 0 the relative error is small too, because e^x - 1 is not computed by subtraction.
    if name in ("tanh", "bipolar_sigmoid", "elu"):
        small = (abs(sums) < 0.1) & (sums != 0)
        np.testing.assert_allclose(outputs[0][small], expected[small], rtol=5e-7)


@pytest.mark.parametrize("columns", [1, 2, 3, 4, 7, 10, 33])
def test_softmax_cross_entropy_is_the_reference(library, columns):
    rng = np.random.default_rng(columns)
    logits = rng.normal(0, 8, (9, columns)).astype(np.float32)
    targets = rng.uniform(0, 1, (9, columns)).astype(np.float32)
    logits[3] = 1e4 * rng.standard_normal(columns)
    logits[5, -1] = np.nan
    with np.errstate(all="ignore"):
        wide = logits.astype(float)
        outputs = SOFTMAX.forward(wide)
        expected = LOSSES["softmax_cross_entropy"].evaluate(wide, outputs, targets.astype(float), SOFTMAX)
        with without_numpy():
            result = operations(library)["softmax_cross_entropy"](logits, outputs, targets, SOFTMAX)
    for ours, theirs in zip(result, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-6, atol=2e-6)


def test_float64_is_left_to_numpy(library):
    """Multiply in float64: the kernel leaves it to NumPy, so the numbers are the same."""
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((2, 7, 7))
    functions = operations(library)
    assert functions["multiply"](a, b, transpose_a=True).tolist() == (a.T @ b).tolist()
    assert functions["affine"](a, b, b[0]).tolist() == (a @ b + b[0]).tolist()


@pytest.mark.parametrize("transposed", [(False, False), (True, False), (False, True)])
def test_products_of_layers_are_the_reference(library, transposed):
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((13, 29), np.float32), rng.standard_normal((29, 11), np.float32)
    a, b = a.T.copy() if transposed[0] else a, b.T.copy() if transposed[1] else b
    multiply = partial(
        operations(library)["multiply"], a, b, transpose_a=transposed[0], transpose_b=transposed[1]
    )
    expected = ops.reference("multiply")(a, b, transpose_a=transposed[0], transpose_b=transposed[1])
    out = np.empty((13, 11), np.float32)
    with without_numpy():
        assert multiply(out=out) is out
        np.testing.assert_array_equal(out, multiply())
    np.testing.assert_allclose(out, expected, rtol=1e-5, atol=1e-5)
