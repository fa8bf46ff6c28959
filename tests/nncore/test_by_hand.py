"""Test one forward pass, one backward pass and one update against numbers worked out on paper."""

from math import log

import numpy as np

from nncore.network import Network, NetworkSpec
from nncore.optimisers import SGD


def test_forward_backward_and_update_of_a_small_network():
    spec = NetworkSpec((2, 2, 2), ("relu", "identity"), "half_squared_error", dtype="float64")
    network = Network.from_arrays(
        spec, [[[1.0, -1.0], [0.5, 1.0]], [[0.5, 1.0], [3.0, 1.0]]], [[0.0, -2.0], [0.0, 0.5]]
    )
    x, t = np.array([[1.0, 2.0]]), np.array([[0.0, 2.0]])

    trace = network.forward(x)
    # z1 = (1*1 + 2*0.5 + 0, 1*(-1) + 2*1 - 2) = (2, -1), so a1 = (2, 0).
    np.testing.assert_array_equal(trace.logits[0], [[2, -1]])
    np.testing.assert_array_equal(trace.activations[0], [[2, 0]])
    # z2 = (2*0.5 + 0*3 + 0, 2*1 + 0*1 + 0.5) = (1, 2.5).
    np.testing.assert_array_equal(trace.output, [[1, 2.5]])

    grads = network.backward(trace, t)
    # Errors are (1, 0.5), the loss (1 + 0.25) / 2 = 0.625.
    np.testing.assert_array_equal(grads.losses, [0.625])
    # At the outputs: the weights' slopes are a1^T (1, 0.5), the biases' (1, 0.5).
    np.testing.assert_array_equal(grads.weights[1], [[2, 1], [0, 0]])
    np.testing.assert_array_equal(grads.biases[1], [1, 0.5])
    # Going back: (1*0.5 + 0.5*1, 1*3 + 0.5*1) = (1, 3.5). The second neuron's ReLU is off, so (1, 0).
    np.testing.assert_array_equal(grads.weights[0], [[1, 0], [2, 0]])
    np.testing.assert_array_equal(grads.biases[0], [1, 0])

    optimiser = SGD()
    state = optimiser.new_state(network.parameters.flat)
    optimiser.update(network.parameters.flat, grads.flat, state, 0.5)
    np.testing.assert_array_equal(network.weights[0], [[0.5, -1], [-0.5, 1]])
    np.testing.assert_array_equal(network.biases[0], [-0.5, -2])
    np.testing.assert_array_equal(network.weights[1], [[-0.5, 0.5], [3, 1]])
    np.testing.assert_array_equal(network.biases[1], [-0.5, 0.25])


def test_the_books_rule_sends_back_raw_errors():
    """Compare a backward pass by Rashid's rule with numbers worked out by hand and the exact gradient."""
    # sigmoid(0) = 1/2 and sigmoid(ln 3) = 3/4, so a1 = (1/2, 3/4), z2 = 3/4 * 4/3 ln 3 = ln 3 and o = 3/4.
    spec = NetworkSpec((1, 2, 1), ("sigmoid", "sigmoid"), "half_squared_error", biases=False, dtype="float64")
    network = Network.from_arrays(spec, [[[0.0, log(3)]], [[0.0], [4 / 3 * log(3)]]])
    trace = network.forward(np.array([[1.0]]))
    grads = network.backward(trace, np.array([[0.25]]), rule="rashid")
    # e = t - o = -1/2 and o (1 - o) = 3/16: the output weights move by e o (1 - o) h = -3/32 (1/2, 3/4).
    np.testing.assert_allclose(-grads.weights[1], [[-3 / 64], [-9 / 128]], rtol=1e-14)
    # The error e itself goes back: (0, -2/3 ln 3); times h (1 - h) = 3/16 that is -1/8 ln 3.
    np.testing.assert_allclose(-grads.weights[0], [[0, -log(3) / 8]], rtol=1e-14)
    # The exact gradient also contains the output's slope: it is 3/16 of the book's.
    exact = network.backward(trace, np.array([[0.25]]))
    np.testing.assert_allclose(exact.weights[0], grads.weights[0] * 3 / 16, rtol=1e-14)
    np.testing.assert_allclose(exact.weights[1], grads.weights[1], rtol=1e-14)


def test_the_books_rule_goes_on_raw_through_more_layers():
    """Check Rashid's rule in three layers: errors go back without the slopes of the activations."""
    # Each layer's error is the raw error times the transposed weights above, with no slope on the way.
    spec = NetworkSpec((1, 1, 1, 1), ("sigmoid",) * 3, "half_squared_error", biases=False, dtype="float64")
    network = Network.from_arrays(spec, [[[0.0]], [[2.0]], [[3.0]]])
    trace = network.forward(np.array([[1.0]]))
    grads = network.backward(trace, np.array([[0.0]]), rule="rashid")
    h1, h2, o = (float(a[0, 0]) for a in trace.activations)
    # e = -o at the output, -3 o above the second layer, 2 * -3 o above the first.
    assert np.isclose(-grads.weights[2][0, 0], -o * o * (1 - o) * h2)
    assert np.isclose(-grads.weights[1][0, 0], -3 * o * h2 * (1 - h2) * h1)
    assert np.isclose(-grads.weights[0][0, 0], -6 * o * h1 * (1 - h1) * 1)
