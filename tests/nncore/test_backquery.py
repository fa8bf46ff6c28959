"""Test the back-query: each method worked out by hand, constant vectors, and the reading of each image."""

from dataclasses import replace
from math import log

import numpy as np
import pytest

from nncore.backquery import BACKQUERIES, backquery, backquery_digits, backquery_steps
from nncore.datasets.digits8x8 import load_digits8x8
from nncore.network import Network, NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.training import Trainer, TrainingSpec

GREY = Preprocessing(max_value=16)


@pytest.fixture(scope="module")
def trained():
    """Train a network to read the 8 x 8 digits."""
    train, _ = load_digits8x8()
    network = Network.create(NetworkSpec((64, 40, 10)), 1)
    for _ in Trainer(network, train, GREY, TrainingSpec(learning_rate=0.003, batch_size=20, epochs=20)).run():
        pass
    return network


def small(activations, **settings):
    spec = NetworkSpec((2, 2, 2), activations, "half_squared_error", dtype="float64", **settings)
    return Network.from_arrays(
        spec,
        [[[1.0, 2.0], [3.0, -1.0]], [[1.0, 0.5], [-1.0, 2.0]]],
        [[0.5, -0.5], [0.25, 0.75]] if spec.biases else [],
    )


def stretch(values, low, high):
    share = (values - min(values)) / (max(values) - min(values))
    return low + (high - low) * share


def test_logit_by_hand_with_biases_and_tanh():
    # Outputs 0.8 and 0.2: logits ln 4 and -ln 4. Biases off: (ln 4 - 0.25, -ln 4 - 0.75). Times the
    # transposed weights, stretched to tanh's -0.98..0.98, inverted, biases off, once more, stretched to
    # 0.01..0.99.
    network = small(("tanh", "sigmoid"))
    z = np.array([log(4) - 0.25, -log(4) - 0.75])
    hidden = np.array([z @ [1.0, 0.5], z @ [-1.0, 2.0]])
    z = np.arctanh(stretch(hidden, -0.98, 0.98)) - [0.5, -0.5]
    expected = stretch(np.array([z @ [1.0, 2.0], z @ [3.0, -1.0]]), 0.01, 0.99)
    np.testing.assert_allclose(backquery(network, np.array([0.8, 0.2])).image, expected, rtol=1e-12)


def test_logit_of_softmax_is_log_p_and_relu_passes_through():
    network = small(("relu", "softmax"), biases=False)
    z = np.log([0.99, 0.5])  # 1.5 is more than softmax can give
    hidden = stretch(np.array([z @ [1.0, 0.5], z @ [-1.0, 2.0]]), 0.01, 0.99)
    expected = stretch(np.array([hidden @ [1.0, 2.0], hidden @ [3.0, -1.0]]), 0.01, 0.99)
    np.testing.assert_allclose(backquery(network, np.array([1.5, 0.5])).image, expected, rtol=1e-12)


def test_logit_asks_a_class_for_001_and_099():
    """Back-query a class by logit: its target output is 0.99, and 0.01 for all others."""
    target = backquery(small(("sigmoid", "sigmoid")), 1).target
    np.testing.assert_allclose(target, [0.01, 0.99])


def test_transpose_leaves_out_biases_and_activations():
    # (1, 0) W2^T W1^T = (1, -1) W1^T = (1*1 - 1*2, 1*3 + 1*1) = (-1, 4): stretched to the whole input range.
    query = backquery(small(("tanh", "sigmoid")), 0, "transpose", Preprocessing("rashid"))
    np.testing.assert_allclose(query.target, [1, 0])
    np.testing.assert_allclose(query.image, [0.01, 1.0])


@pytest.mark.parametrize("method", ["logit", "transpose"])
@pytest.mark.parametrize("weight", [0.0, 0.3])
@pytest.mark.parametrize("inputs", ["unit", "rashid"])
@pytest.mark.filterwarnings("error")
def test_a_constant_vector_gives_a_mid_grey_image(method, inputs, weight):
    # All weights are equal, so every vector on the way is constant up to rounding. Stretching it would
    # divide by zero or enlarge the rounding errors.
    layers, activations = (784, 200, 30, 10), ("sigmoid", "relu", "sigmoid")
    network = Network.create(NetworkSpec(layers, activations, "squared_error", "zeros"))
    network.parameters.flat[:] = weight
    for query in backquery_digits(network, method, Preprocessing(inputs)):
        np.testing.assert_allclose(query.image, query.image[0])
        assert 0.49 < query.image[0] < 0.51


@pytest.mark.parametrize("method", BACKQUERIES)
@pytest.mark.filterwarnings("error")
def test_a_network_about_to_diverge_gives_no_nan(method):
    network = Network.create(NetworkSpec((9, 4, 2), ("relu", "softmax")), 1)
    network.parameters.flat[:] *= np.float32(1e37)
    for query in backquery_digits(network, method):
        assert np.isfinite(query.image).all()


@pytest.mark.parametrize("method", BACKQUERIES)
def test_a_vector_of_several_classes_can_be_asked_for(trained, method):
    target = np.zeros(10)
    target[[3, 8]] = 0.5
    query = backquery(trained, target, method, GREY)
    np.testing.assert_allclose(query.target, target)
    assert query.image.shape == (64,)
    assert query.image.dtype == np.float32


def test_gradient_images_are_read_as_asked(trained):
    """Back-query ten digits by gradient: the network reads at least nine pictures as the digit asked for."""
    queries = backquery_digits(trained, "gradient", GREY)
    assert [query.asked for query in queries] == list(range(10))
    assert sum(query.reads == query.asked for query in queries) >= 9


def test_a_batch_of_queries_is_its_single_ones(trained):
    """Back-query ten digits at once: each picture equals that of its query alone."""
    # Few steps, because a batch is summed in another order, and this rounding error grows with each step.
    for method, options in (("logit", {}), ("transpose", {}), ("gradient", {"steps": 5})):
        many = backquery_digits(trained, method, GREY, **options)
        single = backquery(trained, 6, method, GREY, **options)
        np.testing.assert_allclose(many[6].image, single.image, atol=1e-4)


def test_gradient_yields_every_step_and_starts_where_it_is_told(trained):
    start = np.full(64, 0.5)
    steps = list(backquery_steps(trained, [2, 3, np.eye(10)[4]], GREY, steps=7, start=start))
    assert [len(step) for step in steps] == [3] * 8
    np.testing.assert_array_equal(steps[0][0].image, start.astype(np.float32))
    # The steps raise the output of the digit asked for.
    for asked, first, last in zip((2, 3, 4), steps[0], steps[-1], strict=True):
        assert last.outputs[asked] > first.outputs[asked]


def test_gradient_is_seeded(trained):
    """Back-query by gradient from random noise: equal seeds give equal pictures, other seeds do not."""
    images = [backquery(trained, 5, "gradient", GREY, seed=seed).image for seed in (1, 1, 2)]
    np.testing.assert_array_equal(images[0], images[1])
    assert (images[0] != images[2]).any()


def test_l2_and_blur_make_less_ink_and_smoother_images(trained):
    def roughness(image):
        picture = image.reshape(8, 8)
        return np.abs(np.diff(picture, axis=0)).mean() + np.abs(np.diff(picture, axis=1)).mean()

    plain, pale, smooth = (
        np.stack([q.image for q in backquery_digits(trained, "gradient", GREY, l2=l2, blur=blur)])
        for l2, blur in ((0, 0), (0.1, 0), (0, 0.3))
    )
    assert pale.mean() < plain.mean()
    assert sum(map(roughness, smooth)) < sum(map(roughness, plain))


def test_backquery_changes_nothing(trained):
    before = trained.parameters.flat.copy()
    for method in BACKQUERIES:
        backquery_digits(trained, method, GREY)
    np.testing.assert_array_equal(trained.parameters.flat, before)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": 10}, "10.*0 to 9"),
        ({"target": -1}, "-1.*0 to 9"),
        ({"target": np.zeros(9)}, r"\(9,\).*\(10,\)"),
        ({"target": np.full(10, np.nan)}, "nan.*finite"),
        ({"target": 1, "method": "magic"}, "'magic'.*logit, transpose, gradient"),
        ({"target": 1, "method": "gradient", "start": np.zeros(5)}, r"\(5,\).*\(64,\)"),
        ({"target": 1, "method": "gradient", "shape": (7, 8)}, r"\(7, 8\).*64"),
    ],
)
def test_what_cannot_be_asked_is_refused(trained, options, message):
    """Refuse illegal targets, methods and shapes; the error names the value given and the legal ones."""
    with pytest.raises(ValueError, match=message):
        backquery(trained, preprocessing=GREY, **options)


def test_an_image_need_not_be_square():
    network = Network.create(replace(NetworkSpec(), layers=(6, 4, 3)), 1)
    assert backquery(network, 1, "gradient", shape=(2, 3)).image.shape == (6,)
