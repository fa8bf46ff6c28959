"""Test properties that hold for every network and every number, on examples that Hypothesis generates."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nncore.activations import ACTIVATIONS
from nncore.backquery import BACKQUERIES, backquery_digits
from nncore.losses import LOSSES
from nncore.network import Network, NetworkSpec
from nncore.parameters import Parameters
from nncore.preprocessing import INPUTS, TARGETS, Preprocessing
from nncore.sampling import epoch_indices
from nncore.schedules import SCHEDULES
from nncore.surgery import add_neurons
from nncore.training import TrainingSpec

HIDDEN = [name for name, a in ACTIVATIONS.items() if not a.output_only]
INVERTIBLE = [name for name, a in ACTIVATIONS.items() if a.inverse is not None and not a.output_only]
PAIRS = [(loss.name, output) for loss in LOSSES.values() for output in loss.outputs]


def numbers(low, high, shape=(4, 5)):
    return hnp.arrays(np.float64, shape, elements=st.floats(low, high))


@st.composite
def networks(draw):
    """Draw a small float64 network of any depth, activations, loss and first weights."""
    hidden = draw(st.lists(st.integers(1, 6), max_size=3))
    loss, output = draw(st.sampled_from(PAIRS))
    spec = NetworkSpec(
        (draw(st.sampled_from([4, 9])), *hidden, draw(st.integers(2, 5))),
        (*(draw(st.sampled_from(HIDDEN)) for _ in hidden), output),
        loss,
        initialiser="normal",
        bias_initialiser="uniform",
        biases=draw(st.booleans()),
        dtype="float64",
        initial_sd=draw(st.floats(0, 3)),
    )
    return Network.create(spec, draw(st.integers(0, 1000)))


def inputs_for(network, count=6):
    return np.random.default_rng(0).random((count, network.spec.layers[0]))


@given(numbers(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_softmax_rows_sum_to_1_and_do_not_see_a_shift(z, shift):
    softmax = ACTIVATIONS["softmax"].forward
    np.testing.assert_allclose(softmax(z).sum(axis=1), 1)
    # Adding the shift rounds the logits, by about 1e-12 at this size.
    np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=1e-10, atol=1e-10)


@given(st.sampled_from(INVERTIBLE), numbers(-8, 8))
def test_inverse_undoes_forward(name, z):
    activation = ACTIVATIONS[name]
    np.testing.assert_allclose(activation.inverse(activation.forward(z)), z, rtol=1e-8, atol=1e-8)


@given(numbers(-50, 50))
def test_softmaxs_inverse_gives_logits_of_the_same_outputs(z):
    softmax = ACTIVATIONS["softmax"]
    outputs = softmax.forward(z)
    np.testing.assert_allclose(softmax.forward(softmax.inverse(outputs)), outputs, rtol=1e-10)


@given(st.sampled_from(list(ACTIVATIONS)), numbers(-100, 100))
def test_activations_stay_in_their_image(name, z):
    """Compute activations: all values lie between the bounds that the activation declares."""
    activation = ACTIVATIONS[name]
    low, high = activation.image
    a = activation.forward(z)
    assert (a >= low).all()
    assert (a <= high).all()


@given(networks())
def test_a_batch_is_its_images_one_by_one(network):
    x = inputs_for(network)
    singly = np.concatenate([network.predict(x[i : i + 1]) for i in range(len(x))])
    np.testing.assert_allclose(network.predict(x), singly, rtol=1e-10, atol=1e-12)


@given(networks())
def test_a_batchs_gradient_is_the_mean_of_its_images(network):
    x = inputs_for(network)
    t = np.random.default_rng(1).random((len(x), network.spec.layers[-1]))
    singly = [network.backward(network.forward(x[i : i + 1]), t[i : i + 1]).flat for i in range(len(x))]
    np.testing.assert_allclose(
        network.backward(network.forward(x), t).flat, np.mean(singly, axis=0), rtol=1e-8, atol=1e-10
    )


@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_hidden_neurons_does_not_matter(network, random):
    weights, biases = [w.copy() for w in network.weights], [b.copy() for b in network.biases]
    for layer, neurons in enumerate(network.spec.layers[1:-1]):
        order = random.sample(range(neurons), neurons)
        weights[layer] = weights[layer][:, order]
        weights[layer + 1] = weights[layer + 1][order]
        if biases:
            biases[layer] = biases[layer][order]
    mixed = Network.from_arrays(network.spec, weights, biases)
    x = inputs_for(network)
    np.testing.assert_allclose(mixed.predict(x), network.predict(x), rtol=1e-9, atol=1e-12)


@given(networks(), st.integers(1, 4), st.data())
def test_new_neurons_never_change_the_outputs(network, count, data):
    hidden = len(network.spec.layers) - 2
    if not hidden:
        return
    layer = data.draw(st.integers(1, hidden))
    x = inputs_for(network)
    larger = add_neurons(network, layer, count, seed=3).network
    np.testing.assert_allclose(larger.predict(x), network.predict(x), rtol=1e-9, atol=1e-12)


@given(networks())
def test_flat_and_matrices_are_the_same_memory(network):
    """Write to the flat parameters: the weights and biases are views of the same memory."""
    parameters = network.parameters
    assert network.spec.parameter_count == sum(a.size for a in [*parameters.weights, *parameters.biases])
    again = Parameters(network.spec.layers, network.spec.biases, parameters.flat)
    parameters.flat[:] = np.arange(len(parameters.flat))
    seen = np.concatenate([a.ravel() for a in [*again.weights, *again.biases]])
    assert sorted(seen) == list(range(len(parameters.flat)))


@given(networks(), st.integers(0, 99))
def test_same_seed_same_network_in_either_precision(network, seed):
    spec = replace(network.spec, dtype="float32")
    first, second = (Network.create(s, seed).parameters.flat for s in (spec, network.spec))
    np.testing.assert_array_equal(first, Network.create(spec, seed).parameters.flat)
    np.testing.assert_array_equal(first, second.astype(np.float32))


@given(networks(), st.sampled_from(list(BACKQUERIES)), st.sampled_from(list(INPUTS)))
def test_backquery_images_are_possible_inputs_and_read_as_said(network, method, inputs):
    preprocessing = Preprocessing(inputs, divisor=100.0)
    low, high = preprocessing.input_range
    options = {"steps": 3} if method == "gradient" else {}
    for query in backquery_digits(network, method, preprocessing, **options):
        assert np.isfinite(query.image).all()
        assert low - 1e-12 <= query.image.min() <= query.image.max() <= high + 1e-12
        outputs = network.predict(query.image[None, :])[0]
        np.testing.assert_allclose(query.outputs, outputs, rtol=1e-9, atol=1e-12)
        assert query.reads == query.outputs.argmax()


@given(
    st.sampled_from(list(SCHEDULES)),
    st.floats(0, 3),
    st.floats(0, 0.99),
    st.floats(0, 1),
    st.integers(0, 5),
    st.floats(0, 1),
)
def test_a_schedules_factor_is_between_0_and_1(name, t, warmup, final, drops, drop_factor):
    spec = TrainingSpec(schedule=name, warmup=warmup, final=final, drops=drops, drop_factor=drop_factor)
    assert -1e-12 <= SCHEDULES[name].factor(t, spec) <= 1 + 1e-12


@given(st.integers(0, 100), st.integers(0, 100), st.integers(1, 200))
def test_every_epoch_of_a_shuffle_has_every_image_once(seed, epoch, count):
    assert sorted(epoch_indices("shuffle", seed, epoch, count, TrainingSpec())) == list(range(count))


@given(st.sampled_from(list(INPUTS)), st.sampled_from(list(TARGETS)), hnp.arrays(np.uint8, (3, 7)))
def test_inputs_stay_in_their_range_and_targets_point_at_the_label(inputs, targets, pixels):
    preprocessing = Preprocessing(inputs, targets, divisor=16.0)
    low, high = preprocessing.input_range
    encoded = preprocessing.encode(pixels, "float64")
    assert low - 1e-12 <= encoded.min() <= encoded.max() <= high + 1e-12
    labels = pixels[0] % 10
    np.testing.assert_array_equal(preprocessing.targets_for(labels, 10).argmax(axis=1), labels)
