"""Test that a backend's functions are called instead of NumPy's, and only while the backend is in use."""

import numpy as np
import pytest

from nncore import ops
from nncore.datasets.digits8x8 import load_digits8x8
from nncore.network import Network, NetworkSpec
from nncore.training import Trainer


@pytest.fixture
def backend():
    """Return a function that registers a backend; after the test, restore the one before."""
    before, names = ops.current(), []

    def register(name, load):
        names.append(name)
        ops.register(name, load)

    yield register
    ops.use(before)
    for name in names:
        ops._loaders.pop(name)
        ops._loaded.pop(name, None)


@pytest.mark.parametrize(
    "operation",
    ["gather", "affine", "multiply", "adam_update", "softmax_cross_entropy", "train_batches"],
)
def test_training_goes_through_every_operation(backend, operation):
    ops.use("numpy")
    calls = []

    def counted(*args, **kwargs):
        calls.append(operation)
        return ops.reference(operation)(*args, **kwargs)

    backend("counting", lambda: {operation: counted})
    data = load_digits8x8()[0].take(slice(0, 40))
    plain, seamed = (Trainer(Network.create(NetworkSpec((64, 5, 10)), 1), data) for _ in range(2))
    plain.step(2)
    assert not calls
    ops.use("counting")
    seamed.step(2)
    assert calls
    assert ops.current() == "counting"
    np.testing.assert_array_equal(seamed.network.parameters.flat, plain.network.parameters.flat)


def test_a_backend_is_loaded_when_first_used_and_once(backend):
    loads = []
    backend("late", lambda: loads.append(1) or {})
    assert not loads
    ops.use("late")
    ops.use("late")
    assert loads == [1]


def test_a_backend_that_cannot_run_leaves_the_one_in_use(backend):
    def load():
        raise OSError("no such kernel here")

    before = ops.current()
    backend("broken", load)
    with pytest.raises(OSError, match="no such kernel"):
        ops.use("broken")
    assert ops.current() == before


def test_what_nobody_registered_is_refused(backend):
    """Refuse an unknown backend, and a backend with an unknown operation."""
    with pytest.raises(ValueError, match="'cuda'.*numpy"):
        ops.use("cuda")
    backend("typo", lambda: {"gathre": print})
    with pytest.raises(ValueError, match="'gathre'.*gather"):
        ops.use("typo")


def test_gather_picks_scales_and_casts():
    pixels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    inputs = ops.gather(pixels, np.array([2, 0]), 0.5, 0.25, np.dtype("float32"))
    assert inputs.dtype == np.float32
    np.testing.assert_array_equal(inputs, [[4.25, 4.75, 5.25, 5.75], [0.25, 0.75, 1.25, 1.75]])


def test_multiply_with_either_side_transposed():
    a, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    out = np.empty((2, 4))
    for first, second, flags in (
        (a, b, {}),
        (a.T.copy(), b, {"transpose_a": True}),
        (a, b.T.copy(), {"transpose_b": True}),
    ):
        assert ops.multiply(first, second, out=out, **flags) is out
        np.testing.assert_array_equal(out, a @ b)
