"""Test adding and removing neurons and layers: weights stay, and outputs jump only where they must."""

from dataclasses import replace

import numpy as np
import pytest

from nncore.activations import ACTIVATIONS
from nncore.datasets.digits8x8 import load_digits8x8
from nncore.network import Network, NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.surgery import add_neurons, change_activation, insert_layer, remove_layer, remove_neurons
from nncore.training import Trainer, TrainingSpec

SPEC = NetworkSpec((64, 9, 7, 10), ("relu", "sigmoid", "softmax"), dtype="float64", bias_initialiser="normal")
DATA = load_digits8x8()[0].take(slice(0, 200))
PREPROCESSING = Preprocessing(max_value=16)
X = PREPROCESSING.encode(DATA.pixels[:20], "float64")
HIDDEN = [name for name, a in ACTIVATIONS.items() if not a.output_only]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_what_an_activation_says_of_its_outputs_is_true(name):
    """Compare an activation's declared bounds and signs with its outputs."""
    activation, z = ACTIVATIONS[name], np.linspace(-50, 50, 4001).reshape(-1, 1) * np.array([[1.0, -0.5]])
    outputs = activation.forward(z)
    assert activation.bounded == (np.abs(outputs).max() < 10)
    assert activation.never_negative == (outputs.min() >= 0)
    assert activation.keeps_positive == (name in ("relu", "leaky_relu", "elu", "identity"))


def trained(spec=SPEC, optimiser="adam"):
    trainer = Trainer(
        Network.create(spec, 1), DATA, PREPROCESSING, TrainingSpec(optimiser, 0.01, batch_size=20)
    )
    trainer.step(10)
    return trainer


def jump(old, new):
    return np.abs(old.predict(X) - new.predict(X)).max()


@pytest.mark.parametrize("layer", [1, 2])
@pytest.mark.parametrize("biases", [True, False])
def test_new_neurons_do_not_make_the_function_jump(layer, biases):
    network = trained(replace(SPEC, biases=biases)).network
    surgery = add_neurons(network, layer, 5, seed=2)
    assert surgery.exact
    assert surgery.network.spec.layers[layer] == SPEC.layers[layer] + 5
    assert jump(network, surgery.network) < 1e-12
    # Their incoming weights differ, because with equal ones the new neurons would stay alike for ever.
    incoming = surgery.network.weights[layer - 1][:, -5:]
    assert len(np.unique(incoming, axis=1).T) == 5
    assert not surgery.network.weights[layer][-5:].any()


def test_new_neurons_learn():
    trainer = trained()
    trainer.replace_network(add_neurons(trainer.network, 2, 5))
    trainer.step()
    assert trainer.network.weights[2][-5:].all()


def test_removing_new_neurons_again_gives_the_old_network():
    network = trained().network
    larger = add_neurons(network, 2, 3).network
    surgery = remove_neurons(larger, 2, [7, 8, 9])
    assert surgery.exact
    np.testing.assert_array_equal(surgery.network.parameters.flat, network.parameters.flat)


def test_removed_neurons_take_only_their_own_weights_with_them():
    network = trained().network
    surgery = remove_neurons(network, 1, [0, 4])
    rest = [1, 2, 3, 5, 6, 7, 8]
    assert not surgery.exact
    assert "missing" in surgery.note
    np.testing.assert_array_equal(surgery.network.weights[0], network.weights[0][:, rest])
    np.testing.assert_array_equal(surgery.network.biases[0], network.biases[0][rest])
    np.testing.assert_array_equal(surgery.network.weights[1], network.weights[1][rest])
    np.testing.assert_array_equal(surgery.network.weights[2], network.weights[2])


@pytest.mark.parametrize("activation", HIDDEN)
@pytest.mark.parametrize("position", [1, 2, 3])
def test_an_inserted_layer_is_exact_or_says_that_it_is_not(position, activation):
    """Insert a layer: the outputs stay, or the surgery's note announces a jump."""
    network = trained().network
    surgery = insert_layer(network, position, activation)
    assert surgery.network.spec.activations[position - 1] == activation
    # Inputs, ReLU and sigmoid are never negative, and these four activations leave such numbers unchanged.
    assert surgery.exact == (activation in ("identity", "relu", "leaky_relu", "elu"))
    assert (jump(network, surgery.network) < 1e-12) == surgery.exact
    assert ("unchanged" if surgery.exact else "jump") in surgery.note


def test_relu_after_tanh_is_not_exact():
    network = trained(replace(SPEC, activations=("tanh", "tanh", "softmax"))).network
    surgery = insert_layer(network, 2, "relu")
    assert not surgery.exact
    assert jump(network, surgery.network) > 1e-6


def test_an_inserted_layer_may_be_wider_and_stays_exact_but_not_narrower():
    network = trained().network
    wide, narrow = insert_layer(network, 2, "relu", neurons=12), insert_layer(network, 2, "relu", neurons=4)
    assert wide.network.spec.layers == (64, 9, 12, 7, 10)
    assert wide.exact
    assert jump(network, wide.network) < 1e-12
    assert not narrow.exact
    assert "jump" in narrow.note


@pytest.mark.parametrize("position", [1, 2, 3])
def test_an_inserted_layer_can_be_removed_again(position):
    network = trained().network
    inserted = insert_layer(network, position, "relu").network
    surgery = remove_layer(inserted, position)
    assert surgery.exact
    assert surgery.network.spec == network.spec
    np.testing.assert_allclose(surgery.network.parameters.flat, network.parameters.flat, atol=1e-12)


def test_a_removed_layer_that_did_something_announces_the_jump():
    network = trained().network
    surgery = remove_layer(network, 2)
    assert surgery.network.spec.layers == (64, 9, 10)
    assert not surgery.exact
    assert "jump" in surgery.note
    np.testing.assert_array_equal(surgery.network.weights[0], network.weights[0])
    np.testing.assert_allclose(surgery.network.weights[1], network.weights[1] @ network.weights[2])


def test_another_activation_keeps_the_weights():
    network = trained().network
    surgery = change_activation(network, 0, "tanh")
    assert not surgery.exact
    assert surgery.network.spec.activations == ("tanh", "sigmoid", "softmax")
    np.testing.assert_array_equal(surgery.network.parameters.flat, network.parameters.flat)


def test_surgery_leaves_the_old_network_alone():
    network = trained().network
    before = network.parameters.flat.copy()
    for surgery in (add_neurons(network, 1, 2), insert_layer(network, 1, "relu"), remove_layer(network, 1)):
        surgery.network.parameters.flat[:] = 7
    np.testing.assert_array_equal(network.parameters.flat, before)


def test_the_optimiser_remembers_what_it_knew_of_the_weights_that_stayed():
    """Remove a neuron: the optimiser keeps its memory of all other weights."""
    trainer = trained()
    first = trainer._state.slots[0].copy()
    surgery = remove_neurons(trainer.network, 2, [3])
    trainer.replace_network(surgery)
    old, new = (
        Network(n.spec, type(n.parameters)(n.spec.layers, True, slot))
        for n, slot in [(trained().network, first), (surgery.network, trainer._state.slots[0])]
    )
    np.testing.assert_array_equal(new.weights[0], old.weights[0])
    np.testing.assert_array_equal(new.weights[1], np.delete(old.weights[1], 3, axis=1))
    np.testing.assert_array_equal(new.biases[1], np.delete(old.biases[1], 3))
    np.testing.assert_array_equal(new.weights[2], np.delete(old.weights[2], 3, axis=0))
    assert trainer._state.step == 10


def test_training_goes_on_after_every_operation():
    trainer = trained()
    for operate in (
        lambda n: add_neurons(n, 1, 4),
        lambda n: insert_layer(n, 2, "tanh"),
        lambda n: remove_neurons(n, 3, [0, 1]),
        lambda n: change_activation(n, 1, "elu"),
        lambda n: remove_layer(n, 2),
    ):
        trainer.replace_network(operate(trainer.network))
        trainer.step(30)
        trainer.step(30)
    assert trainer.network.spec.layers == (64, 13, 5, 10)
    assert trainer.step(30).loss < 1.5
    assert [note["layers"] for note in trainer.history if note["event"] == "network"][-1] == [64, 13, 5, 10]


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (lambda n: add_neurons(n, 3, 1), "3.*1 to 2"),
        (lambda n: add_neurons(n, 1, 0), "0.*at least 1"),
        (lambda n: remove_neurons(n, 1, range(9)), "9.*below 9"),
        (lambda n: remove_neurons(n, 1, [9]), r"\[9\].*0 to 8"),
        (lambda n: insert_layer(n, 4, "relu"), "4.*1 to 3"),
        (lambda n: insert_layer(n, 1, "softmax"), "softmax.*relu"),
        (lambda n: remove_layer(n, 0), "0.*1 to 2"),
    ],
)
def test_what_cannot_be_done_is_refused(operation, message):
    with pytest.raises(ValueError, match=message):
        operation(Network.create(SPEC))
