"""Test compact files: how far weights are rounded, and that the file gives back the rounded weights."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nncore.network import Network, NetworkSpec
from nncore.storage import PRECISIONS, SavedNetwork, StorageError, from_npz, load, rounded, save, to_npz

SPEC = NetworkSpec((50, 20, 10), ("relu", "softmax"))


def a_network(seed=1):
    return Network.create(SPEC, seed)


def test_by_hand_each_neuron_has_a_factor_of_its_own():
    """Store weights as int8: each neuron has its own factor, and biases are not rounded."""
    spec = NetworkSpec((3, 2), ("identity",), "half_squared_error")
    weights = np.array([[1.27, 0.001], [-0.634, 0], [0, -0.0005]])
    network = Network.from_arrays(spec, [weights], [np.array([0.123456789, 5.0])])
    with np.load(io.BytesIO(to_npz(SavedNetwork(network), "int8"))) as archive:
        # The factors are 1.27 / 127 = 0.01 and 0.001 / 127; weights are whole multiples of them, up to 127.
        assert archive["W1"].tolist() == [[127, 127], [-63, 0], [0, -64]] and archive["W1"].dtype == np.int8
        np.testing.assert_allclose(archive["factors1"], [0.01, 0.001 / 127], rtol=1e-6)
    back = from_npz(to_npz(SavedNetwork(network), "int8")).network
    np.testing.assert_allclose(back.weights[0][:, 0], [1.27, -0.63, 0], rtol=1e-6)
    np.testing.assert_array_equal(back.biases[0], network.biases[0])


@given(arrays(np.float32, (50, 20), elements=st.floats(-1e4, 1e4, width=32)))
def test_no_weight_is_off_by_more_than_half_a_step(weights):
    """Round any weights: each is off by at most half a step of the format."""
    network = a_network()
    network.weights[0][...] = weights
    steps = np.abs(weights).max(axis=0) / 127
    assert (np.abs(rounded(network, "int8").weights[0] - weights) <= steps * 0.5001 + 1e-37).all()
    # A float16 has ten bits and a hidden one; near 0, half of its smallest step.
    halves = np.maximum(np.abs(weights) * 2.0**-11, 2.0**-25)
    assert (np.abs(rounded(network, "float16").weights[0] - weights) <= halves).all()


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("dtype, biases", [("float32", True), ("float64", False)])
def test_what_is_read_back_is_what_rounded_promised(tmp_path, precision, dtype, biases):
    """Save and load with each precision: the weights are those of ``rounded``, bit for bit."""
    network = Network.create(NetworkSpec((50, 20, 10), ("relu", "softmax"), dtype=dtype, biases=biases), 1)
    path = tmp_path / "network.npz"
    save(path, SavedNetwork(network, notes={"card": {"size": 1}}), precision)
    after = load(path)
    assert after.network.spec == network.spec and after.notes == {"card": {"size": 1}}
    promised = rounded(network, precision).parameters.flat
    assert after.network.parameters.flat.tobytes() == promised.tobytes()
    assert (promised.tobytes() == network.parameters.flat.tobytes()) == (precision == "full")


def test_rounding_twice_changes_nothing_more():
    once = rounded(a_network(), "int8")
    np.testing.assert_allclose(rounded(once, "int8").parameters.flat, once.parameters.flat, rtol=1e-6)


def test_a_compact_file_is_a_half_or_a_quarter():
    network = Network.create(NetworkSpec((784, 100, 10)), 1)
    full, half, quarter = (len(to_npz(SavedNetwork(network), precision)) for precision in PRECISIONS)
    assert half < 0.55 * full and quarter < 0.3 * full


def test_a_neuron_without_any_weight_stays_without():
    """Round a neuron whose weights are all 0, which leaves no factor to divide by: they stay 0."""
    network = a_network()
    network.weights[0][:, 3] = 0
    assert not rounded(network, "int8").weights[0][:, 3].any()


@pytest.mark.parametrize("factors", [None, np.ones(19, np.float32), np.ones(20, np.int8)])
def test_whole_numbers_without_factors_that_fit_are_refused(factors):
    """Refuse an int8 file whose factors are missing, or of a wrong number or type."""
    with np.load(io.BytesIO(to_npz(SavedNetwork(a_network()), "int8"))) as archive:
        content = {key: archive[key] for key in archive.files if key != "factors1"}
    buffer = io.BytesIO()
    np.savez(buffer, **content | ({} if factors is None else {"factors1": factors}))
    with pytest.raises(StorageError, match="^file: W1 holds whole numbers, but there are no factors"):
        load(buffer.getvalue())


def test_a_factor_that_is_no_number_makes_no_network():
    """Refuse an int8 file with a factor of NaN, because its weights would be NaN."""
    with np.load(io.BytesIO(to_npz(SavedNetwork(a_network()), "int8"))) as archive:
        content = {key: archive[key] for key in archive.files}
    content["factors2"] = np.full(10, np.nan, np.float32)
    buffer = io.BytesIO()
    np.savez(buffer, **content)
    with pytest.raises(StorageError, match="W2 holds nan"):
        load(buffer.getvalue())


def test_what_a_format_can_not_hold_is_refused(tmp_path):
    """Refuse compact JSON, an unknown precision, and too large weights for float16; write no file."""
    network = a_network()
    with pytest.raises(StorageError, match="only .npz files are compact"):
        save(tmp_path / "network.json", SavedNetwork(network), "int8")
    with pytest.raises(ValueError, match="precision 'int4' is not known; legal: full, float16, int8"):
        save(tmp_path / "network.npz", SavedNetwork(network), "int4")
    network.weights[0][0, 0] = 70_000
    with pytest.raises(StorageError, match="W1 holds a weight beyond 65504"):
        save(tmp_path / "network.npz", SavedNetwork(network), "float16")
    assert not list(tmp_path.iterdir())
