"""Compare the backward pass with finite differences for all activations, losses and depths, in float64."""

import numpy as np
import pytest

from nncore.activations import ACTIVATIONS
from nncore.losses import LOSSES
from nncore.network import Network, NetworkSpec

STEP = 1e-6
HIDDEN = [name for name, activation in ACTIVATIONS.items() if not activation.output_only]
PAIRS = [(loss.name, output) for loss in LOSSES.values() for output in loss.outputs]
DEPTHS = {0: (5, 3), 1: (5, 4, 3), 3: (5, 4, 6, 4, 3)}
"""Number of hidden layers -> neurons."""


def numeric(function, vector):
    """Return the slope of ``function()`` by each number of ``vector``, from a small change of that number."""
    slope = np.empty(vector.shape)
    for place in np.ndindex(vector.shape):
        kept = vector[place]
        vector[place] = kept + STEP
        above = function()
        vector[place] = kept - STEP
        below = function()
        vector[place] = kept
        slope[place] = (above - below) / (2 * STEP)
    return slope


def check(analytic, slope):
    """Fail unless the two agree; the message of ``assert_allclose`` shows both."""
    np.testing.assert_allclose(analytic, slope, rtol=1e-5, atol=1e-7)


def case(hidden, loss, output, depth, biases=True):
    layers = DEPTHS[depth]
    spec = NetworkSpec(
        layers,
        (hidden,) * depth + (output,),
        loss,
        initialiser="normal",
        bias_initialiser="normal",
        initial_sd=0.7,
        biases=biases,
        dtype="float64",
    )
    rng = np.random.default_rng([depth, sum(map(ord, hidden + loss + output))])
    network = Network.create(spec, seed=int(rng.integers(1000)))
    # Targets lie between 0 and 1, as cross-entropy needs, but need not sum to 1: a back-query's don't either.
    return network, rng.normal(size=(4, layers[0])), rng.random((4, layers[-1]))


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_backward_is_the_gradient(hidden, loss, output, depth):
    network, x, t = case(hidden, loss, output, depth)
    analytic = network.backward(network.forward(x), t).flat
    check(analytic, numeric(lambda: network.losses(network.forward(x), t).mean(), network.parameters.flat))


def test_backward_without_biases():
    network, x, t = case("tanh", "squared_error", "sigmoid", 3, biases=False)
    analytic = network.backward(network.forward(x), t).flat
    check(analytic, numeric(lambda: network.losses(network.forward(x), t).mean(), network.parameters.flat))


@pytest.mark.parametrize("depth", DEPTHS)
def test_input_gradient_is_each_images_own(depth):
    network, x, t = case("elu", "softmax_cross_entropy", "softmax", depth)
    analytic = network.input_gradient(network.forward(x), t)
    check(analytic, numeric(lambda: network.losses(network.forward(x), t).sum(), x))


@pytest.mark.parametrize("layer", [0, 1, 2, 3])
def test_the_check_notices_a_wrong_gradient(layer):
    # The gradient of one weight is wrong by one part in a thousand.
    network, x, t = case("sigmoid", "half_squared_error", "softmax", 3)
    grads = network.backward(network.forward(x), t)
    largest = np.unravel_index(np.abs(grads.weights[layer]).argmax(), grads.weights[layer].shape)
    grads.weights[layer][largest] *= 1.001
    slope = numeric(lambda: network.losses(network.forward(x), t).mean(), network.parameters.flat)
    with pytest.raises(AssertionError):
        check(grads.flat, slope)


def test_the_check_notices_the_books_rule():
    # The book's rule is not the gradient of the loss, which is why it is a rule of its own.
    network, x, t = case("sigmoid", "half_squared_error", "sigmoid", 1)
    grads = network.backward(network.forward(x), t, rule="rashid")
    slope = numeric(lambda: network.losses(network.forward(x), t).mean(), network.parameters.flat)
    with pytest.raises(AssertionError):
        check(grads.flat, slope)
