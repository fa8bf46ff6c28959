"""Test opening networks of other programs: what is opened computes what the other program would compute.

The expected outputs are NumPy arithmetic written out here, on the inputs that the other program had.
"""

from __future__ import annotations

import json
import pickle
import struct
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from nncore.network import Network, NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.presets import PRESETS
from nncore.storage import (
    SavedNetwork,
    StorageError,
    StorageQuestion,
    assumptions,
    is_network,
    load,
    open_network,
    save,
    to_json,
    to_npz,
)
from tests.nncore import foreign_files as files_of
from tests.nncore.foreign_files import some_layers

PIXELS = np.random.default_rng(7).integers(0, 256, (5, 784)).astype(np.uint8)
LAYERS = some_layers(784, 30, 10)
DEEP = some_layers(784, 20, 20, 12, 10, seed=3)
SQUARES = some_layers(784, *[12] * 7, 10, seed=4)  # the names of its last layers have two digits
UNIT = {"activation": "relu", "inputs": "unit"}
FIRST, SECOND = LAYERS
Function = Callable[[np.ndarray], np.ndarray]


def relu(z: np.ndarray) -> np.ndarray:
    return np.maximum(z, 0)


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def softmax(z: np.ndarray) -> np.ndarray:
    grown = np.exp(z - z.max(axis=1, keepdims=True))
    return grown / grown.sum(axis=1, keepdims=True)


def by_hand(layers: files_of.Layers, hidden: Function, last: Function, inputs: np.ndarray) -> np.ndarray:
    """Return the outputs of a network, ``(n, 10)``, layer by layer."""
    outputs = inputs
    for place, (weights, biases) in enumerate(layers):
        z = outputs @ weights.astype("f8") + biases
        outputs = (hidden if place < len(layers) - 1 else last)(z)
    return outputs


def unbiased(layers: files_of.Layers) -> files_of.Layers:
    return [(weights, np.zeros_like(biases)) for weights, biases in layers]


UNIT_PIXELS = PIXELS / 255.0
BOOK_PIXELS = 0.01 + 0.99 * PIXELS / 255.0
BOOK = by_hand(unbiased(LAYERS), sigmoid, sigmoid, BOOK_PIXELS)
NIELSEN = by_hand(LAYERS, sigmoid, sigmoid, UNIT_PIXELS)
RELU = by_hand(LAYERS, relu, softmax, UNIT_PIXELS)
DEEP_RELU = by_hand(DEEP, relu, softmax, UNIT_PIXELS)
WIH, WHO = FIRST[0].T, SECOND[0].T
STATE = files_of.sequential(LAYERS)
NAMED = {"fc1.weight": FIRST[0].T, "fc1.bias": FIRST[1], "out.weight": SECOND[0].T, "out.bias": SECOND[1]}
CHECKPOINT = files_of.torch_pickle(STATE, checkpoint=True)
IN_ORDER = [array for layer in LAYERS for array in layer]
PANDAS = b"," + b",".join(b"%d" % n for n in range(784)) + b"\n" + b"\n".join(
    b"%d," % n + row for n, row in enumerate(files_of.text(WIH).split(b"\n"))
)  # fmt: skip

Case = tuple[Mapping[str, bytes], Mapping[str, str], np.ndarray]
CASES: dict[str, Case] = {
    "wih and who in .npz": ({"a.npz": files_of.npz(wih=WIH, who=WHO)}, {}, BOOK),
    "wih, who and a learning rate": ({"a.npz": files_of.npz(lr=np.array(0.1), wih=WIH, who=WHO)}, {}, BOOK),
    "turned wih and who": ({"a.npz": files_of.npz(wih=WIH.T, who=WHO.T)}, {}, BOOK),
    "who before wih": ({"a.npz": files_of.npz(who=WHO, wih=WIH)}, {}, BOOK),
    "two .npy": ({"my_who.npy": files_of.npy(WHO), "my_wih.npy": files_of.npy(WIH)}, {}, BOOK),
    "two .csv": ({"wih.csv": files_of.text(WIH), "who.csv": files_of.text(WHO)}, {}, BOOK),
    "two .txt with blanks": (
        {"wih.txt": files_of.text(WIH, " "), "who.txt": files_of.text(WHO, " ")}, {}, BOOK,
    ),
    "semicolons and decimal commas": (
        {"wih.csv": files_of.text(WIH, ";", ","), "who.csv": files_of.text(WHO, ";", ",")}, {}, BOOK,
    ),
    "tabs with a byte order mark": (
        {"wih.txt": b"\xef\xbb\xbf" + files_of.text(WIH, "\t"), "who.txt": files_of.text(WHO, "\t")},
        {}, BOOK,
    ),
    "a table of pandas": ({"wih.csv": PANDAS, "who.csv": files_of.text(WHO)}, {}, BOOK),
    "two .csv in a zip": (
        {"a.zip": files_of.zipped({"w/wih.csv": files_of.text(WIH), "w/who.csv": files_of.text(WHO)})},
        {}, BOOK,
    ),
    "wih and who in JSON": (
        {"a.json": json.dumps({"wih": WIH.tolist(), "who": WHO.tolist()}).encode()}, {}, BOOK,
    ),
    "Nielsen's JSON": ({"a.json": files_of.nielsen(LAYERS)}, {}, NIELSEN),
    "Nielsen's JSON without cost": (
        {"a": files_of.nielsen(LAYERS, None)}, {"cost": "QuadraticCost"}, NIELSEN,
    ),
    "PyTorch": ({"model.pt": files_of.torch_zip(STATE)}, UNIT, RELU),
    "PyTorch, renamed": ({"model.zip": files_of.torch_zip(NAMED)}, UNIT, RELU),
    "PyTorch, a checkpoint": ({"a.pth": files_of.torch_zip(STATE, pickled=CHECKPOINT)}, UNIT, RELU),
    "PyTorch, float64": ({"a.pt": files_of.torch_zip(STATE, "DoubleStorage")}, UNIT, RELU),
    "PyTorch, deep, with squares": ({"a.pt": files_of.torch_zip(files_of.sequential(DEEP))}, UNIT, DEEP_RELU),
    "safetensors": ({"a.safetensors": files_of.safetensors(STATE)}, UNIT, RELU),
    "safetensors, sorted by other names": ({"a": files_of.safetensors(NAMED, "F64")}, UNIT, RELU),
    "Keras' weights": ({"weights.npz": files_of.npz_in_order(*IN_ORDER)}, UNIT, RELU),
    "safetensors, with squares": (
        {"a.safetensors": files_of.safetensors(files_of.sequential(SQUARES))}, UNIT,
        by_hand(SQUARES, relu, softmax, UNIT_PIXELS),
    ),
    "Keras' weights, deep": (
        {"a.npz": files_of.npz_in_order(*(array for layer in DEEP for array in layer))}, UNIT, DEEP_RELU,
    ),
    "W1, b1, W2, b2": (
        {"a.npz": files_of.npz(W1=FIRST[0], b1=FIRST[1], W2=SECOND[0], b2=SECOND[1])}, UNIT, RELU,
    ),
    "biases as columns, weights turned": (
        {"a.npz": files_of.npz(W1=WIH, b1=FIRST[1][:, None], W2=WHO, b2=SECOND[1][:, None])}, UNIT, RELU,
    ),
    "files of W1, b1, W2, b2": (
        {f"{key}.csv": files_of.text(np.atleast_2d(array))
         for key, array in zip(("W1", "b1", "W2", "b2"), IN_ORDER, strict=True)}, UNIT, RELU,
    ),
    "a pickled dict of arrays": (
        {"w.pkl": pickle.dumps(dict(zip(("W1", "b1", "W2", "b2"), IN_ORDER, strict=True)))}, UNIT, RELU,
    ),
    "a list of arrays in JSON": (
        {"a.json": json.dumps([array.tolist() for array in IN_ORDER]).encode()}, UNIT, RELU,
    ),
}  # fmt: skip


def outputs_of(saved: SavedNetwork) -> np.ndarray:
    return saved.network.predict(saved.preprocessing.encode(PIXELS))


@pytest.mark.parametrize("kind", CASES)
def test_a_network_of_another_program_computes_what_it_computed_there(kind: str) -> None:
    files, answers, expected = CASES[kind]
    saved = open_network(files, answers)
    np.testing.assert_allclose(outputs_of(saved), expected, rtol=2e-4, atol=2e-6)
    assert assumptions(saved)


@pytest.mark.parametrize("kind", CASES)
def test_every_such_file_is_known_as_a_network(kind: str) -> None:
    for name, data in CASES[kind][0].items():
        assert is_network(name, data)


@pytest.mark.parametrize("storage", ["HalfStorage", "BFloat16Storage"])
def test_short_numbers_are_read_with_their_precision(storage: str) -> None:
    saved = open_network({"a.pt": files_of.torch_zip(STATE, storage)}, UNIT)
    np.testing.assert_allclose(saved.network.weights[0], FIRST[0], rtol=2**-7, atol=1e-6)


@pytest.mark.parametrize("order", ["C", "F"])
def test_tensors_are_read_by_their_strides(order: str) -> None:
    weights = np.arange(12, dtype="f4").reshape(3, 4)
    state = {"0.weight": np.asarray(weights, order=order), "2.weight": np.ones((2, 3), "f4")}
    saved = open_network({"a.pt": files_of.torch_zip(state)}, UNIT)
    assert np.array_equal(saved.network.weights[0].T, weights)


# --- questions


def test_what_a_file_leaves_open_is_asked_with_the_usual_answer_first() -> None:
    pytorch, plain = (
        files_of.torch_zip(STATE),
        files_of.npz(W1=FIRST[0], b1=FIRST[1], W2=SECOND[0], b2=SECOND[1]),
    )
    for data, usual in ((pytorch, "relu"), (plain, "sigmoid")):
        with pytest.raises(StorageQuestion, match="^a: .*Which") as asked:
            open_network({"a": data})
        assert asked.value.key == "activation" and asked.value.choices[0].value == usual
        with pytest.raises(StorageQuestion) as asked:
            open_network({"a": data}, {"activation": usual})
        assert asked.value.key == "inputs" and asked.value.choices[0].label == "0 to 1"


def test_an_answer_may_be_a_label_and_another_word_is_refused_by_name() -> None:
    data = {"a.pt": files_of.torch_zip(STATE)}
    saved = open_network(data, {"activation": "ReLU, then softmax", "inputs": "0 to 1"})
    assert saved.network.spec.activations == ("relu", "softmax")
    with pytest.raises(StorageQuestion, match="'cube' is no answer for 'activation'"):
        open_network(data, {"activation": "cube"})


@pytest.mark.parametrize(
    ("answer", "inputs"),
    [
        ("standard", (UNIT_PIXELS - 0.1307) / 0.3081),
        ("signed", 2 * UNIT_PIXELS - 1),
        ("bytes", PIXELS.astype("f8")),
        ("rashid", BOOK_PIXELS),
        ("binary", (PIXELS > 0).astype("f8")),
    ],
)
def test_inputs_of_every_range_give_the_outputs_they_gave_there(answer: str, inputs: np.ndarray) -> None:
    saved = open_network({"a.pt": files_of.torch_zip(STATE)}, {"activation": "tanh", "inputs": answer})
    expected = by_hand(LAYERS, np.tanh, softmax, inputs)
    np.testing.assert_allclose(outputs_of(saved), expected, rtol=2e-3, atol=2e-5)


def test_inputs_of_another_range_need_no_biases_in_the_file() -> None:
    arrays = {"0.weight": FIRST[0].T, "2.weight": SECOND[0].T}
    saved = open_network({"a.pt": files_of.torch_zip(arrays)}, {"activation": "relu", "inputs": "signed"})
    expected = by_hand(unbiased(LAYERS), relu, softmax, 2 * UNIT_PIXELS - 1)
    np.testing.assert_allclose(outputs_of(saved), expected, rtol=2e-4, atol=2e-6)


def test_one_of_two_networks_is_asked_for() -> None:
    one, other = (to_npz(SavedNetwork(Network.create(NetworkSpec((784, n, 10)), 1))) for n in (3, 4))
    for files in (
        {"a.npz": one, "b.npz": other},
        {"two.zip": files_of.zipped({"a.npz": one, "b.npz": other})},
    ):
        with pytest.raises(StorageQuestion, match="are 2 networks. Which one should be opened") as asked:
            open_network(files)
        second = asked.value.choices[1].value
        assert open_network(files, {"network": second}).network.spec.layers == (784, 4, 10)


# --- ours, whatever their names


OWN = SavedNetwork(Network.create(PRESETS["fast"].network, 1), PRESETS["fast"].preprocessing)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.zip", lambda: to_npz(OWN)),
        ("a.json.txt", lambda: to_json(OWN).encode()),
        ("a", lambda: to_json(OWN).encode("utf-16")),
        ("bom.json", lambda: b"\xef\xbb\xbf" + to_json(OWN).encode()),
        ("be.txt", lambda: b"\xfe\xff" + to_json(OWN).encode("utf-16-be")),
        (
            "packed.zip",
            lambda: files_of.zipped({"x/net.npz": to_npz(OWN), "__MACOSX/x/._net.npz": b"litter"}),
        ),
        ("packed.zip", lambda: files_of.zipped({"net.json": to_json(OWN).encode(), "README.md": b"hello"})),
    ],
)
def test_our_own_files_open_whatever_their_names(name: str, make: Callable[[], bytes]) -> None:
    data = make()
    assert is_network(name, data)
    flat = open_network({name: data}).network.parameters.flat
    assert flat.tobytes() == OWN.network.parameters.flat.tobytes()


# --- refusals


def small_pickle(*instructions: bytes) -> bytes:
    return files_of.zipped({"m/data.pkl": b"\x80\x02" + b"".join(instructions) + b".", "m/version": b"3"})


CONVOLUTION = files_of.torch_zip(
    {"conv1.weight": np.ones((32, 1, 3, 3), "f4"), "conv1.bias": np.ones(32, "f4")}
)
NORMALISING = files_of.torch_zip(
    {"0.weight": FIRST[0].T, "1.weight": np.ones(30), "1.running_mean": np.ones(30), "2.weight": WHO}
)
HDF5 = b"\x89HDF\r\n\x1a\n" + bytes(64)
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "Keras .h5": ("model.h5", HDF5, r"np.savez\(\"weights.npz\", \*model.get_weights"),
    "Keras .h5, renamed": ("model.bin", HDF5, "a network of Keras"),
    "Keras .keras": ("m.keras", files_of.zipped({"config.json": b"{}", "metadata.json": b"{}"}), "Keras"),
    "ONNX": ("m.onnx", b"\x08\x07\x12\x07pytorch", "ONNX, which is not read here. .*state_dict"),
    "TensorFlow Lite": ("m.tflite", bytes(4) + b"TFL3" + bytes(30), "TensorFlow"),
    "TensorFlow.js": ("model.json", b'{"modelTopology": {}, "weightsManifest": []}', "TensorFlow.js"),
    "a pickled object": ("net.pkl", pickle.dumps({"weights": {1}, "of": Path("a")}), "this is a pickle"),
    "PyTorch before 1.6": ("m.pt", b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9.", "before 1.6"),
    "a whole model": ("m.pt", small_pickle(b"c__main__\nNet\n)R"), "__main__.Net, and not only the weights"),
    "a program": ("m.pt", small_pickle(b"cos\nsystem\n(X\x02\0\0\0lstR"), "refused: it holds os.system"),
    "no tensors": ("m.pt", small_pickle(b"}"), "without the weights of a network"),
    "an empty stack": ("m.pt", small_pickle(), "damaged, or no weights of a network of PyTorch's"),
    "a convolution": ("m.pt", CONVOLUTION, "32 x 1 x 3 x 3, so it belongs to no plain layer"),
    "a normalising layer": ("m.pt", NORMALISING, "a layer that normalises"),
    "no .pt at all": ("m.pt", b"hello there", "not written by PyTorch"),
    "wih alone": ("wih.npy", files_of.npy(WIH), "open it together with the file of who"),
    "who alone": ("who.csv", files_of.text(WHO), "open it together with the file of wih"),
    "one array": ("W1.csv", files_of.text(FIRST[0]), "together with the files of its other weights"),
    "whole numbers": ("a.npz", files_of.npz(W1=np.ones((784, 10), np.int8)), "rounded to whole numbers"),
    "not a chain": ("a.npz", files_of.npz(wih=WIH, who=np.ones((10, 40))), "no network whose layers follow"),
    "NaN": ("a.npz", files_of.npz(wih=WIH * np.nan, who=WHO), r"weights of layer 1 hold nan at \(0, 0\)"),
    "too large": ("a.npz", files_of.npz(wih=WIH.astype("f8") * 1e300, who=WHO), "the network is unusable"),
    "texts": ("wih.csv", b"hello\nthere", "not a table of numbers"),
    "other sizes": ("n.json", files_of.nielsen(LAYERS).replace(b"[784, 30", b"[784, 31"), "announces the"),
    "ragged": ("n.json", b'{"sizes": [2, 2], "weights": [[[1], [1, 2]]], "biases": [[1]]}', "not an array"),
    "safetensors, cut": ("a.safetensors", files_of.safetensors(STATE)[:-9], "truncated or damaged"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_other_files_of_networks_are_refused_in_words_about_networks(kind: str) -> None:
    name, data, reason = REFUSED[kind]
    assert is_network(name, data)
    with pytest.raises(StorageError, match=f"^{name}: .*{reason}") as refused:
        open_network({name: data}, UNIT)
    assert not isinstance(refused.value, StorageQuestion)


def test_the_pickle_of_a_state_is_never_run(tmp_path: Path) -> None:
    """Open a state whose pickle would write a file: nothing is written."""
    target = tmp_path / "written"
    call = b"cpathlib\nPath.touch\n" + b"cpathlib\nPath\n" + files_of._unicode(str(target)) + b"\x85R\x85R0"
    with pytest.raises(StorageError, match="refused: it holds pathlib"):
        open_network(
            {"a.pt": files_of.torch_zip(STATE, pickled=files_of.torch_pickle(STATE, extra=call))}, UNIT
        )
    assert not target.exists()


def test_a_zip_bomb_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nncore.storage.archive.LARGEST", 1000)
    with pytest.raises(StorageError, match="^a.npz: unpacks to more than"):
        open_network({"a.npz": files_of.npz(wih=WIH, who=WHO)})


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("digits.npz", files_of.npz(x=PIXELS, y=np.arange(5))),
        ("digits.npz", files_of.npz(data=UNIT_PIXELS.astype("f4"), target=np.arange(5, dtype="f4"))),
        ("digits.npz", files_of.npz_in_order(UNIT_PIXELS, np.eye(10)[:5])),
        ("images.npy", files_of.npy(UNIT_PIXELS * (PIXELS > 200) * 2 - 1)),
        ("mnist_train.csv", files_of.text(np.column_stack([np.arange(5), PIXELS]))),
        ("signed.csv", files_of.text(np.column_stack([np.arange(5), UNIT_PIXELS]))),
        ("train-images-idx3-ubyte", b"\0\0\x08\x03" + struct.pack(">3I", 5, 28, 28) + PIXELS.tobytes()),
        ("digits.zip", files_of.zipped({"7/b1.png": b"\x89PNG\r\n\x1a\n", "3/w2.png": b"\x89PNG\r\n\x1a\n"})),
        ("3.png", b"\x89PNG\r\n\x1a\n"),
        ("mine.json", b'{"label": 8, "strokes": [[[120, 80], [130, 95]]]}'),
        ("mnist.pkl", b"\x80\x02cnumpy.core.multiarray\n_reconstruct\n."),
    ],
)
def test_files_of_digits_are_no_networks(name: str, data: bytes) -> None:
    assert not is_network(name, data)


# --- files beside each other


def test_the_other_arrays_are_found_beside_one(tmp_path: Path) -> None:
    (tmp_path / "saved_wih.csv").write_bytes(files_of.text(WIH))
    (tmp_path / "saved_who.csv").write_bytes(files_of.text(WHO))
    (tmp_path / "other_who.csv").write_bytes(b"not of this network")
    np.testing.assert_allclose(outputs_of(load(tmp_path / "saved_who.csv")), BOOK, rtol=2e-4)
    for key, array in zip(("W1", "b1", "W2", "b2"), IN_ORDER, strict=True):
        np.save(tmp_path / f"net_{key}.npy", array)
    saved = load(tmp_path / "net_b1.npy", answers=UNIT)
    np.testing.assert_allclose(outputs_of(saved), RELU, rtol=2e-4, atol=2e-6)


# --- writing for other programs


def a_network(layers: tuple[int, ...], biases: bool, function: str, loss: str, inputs: str) -> SavedNetwork:
    spec = NetworkSpec(layers, (function,) * (len(layers) - 1), loss, biases=biases)
    return SavedNetwork(Network.create(spec, 5), Preprocessing(inputs), notes={"a": 1})


BOOKS = a_network((784, 30, 10), False, "sigmoid", "half_squared_error", "rashid")
NIELSENS = a_network((784, 20, 12, 10), True, "sigmoid", "binary_cross_entropy", "unit")


@pytest.mark.parametrize(("form", "ending", "saved"), [("book", "npz", BOOKS), ("nielsen", "json", NIELSENS)])
def test_an_exported_network_comes_back(tmp_path: Path, form: str, ending: str, saved: SavedNetwork) -> None:
    path = tmp_path / f"net.{ending}"
    save(path, saved, form=form)
    again = load(path)
    assert again.network.parameters.flat.tobytes() == saved.network.parameters.flat.tobytes()
    assert again.network.spec.activations == saved.network.spec.activations
    assert again.network.spec.loss == saved.network.spec.loss
    assert again.preprocessing.inputs == saved.preprocessing.inputs


def test_the_books_program_finds_its_arrays(tmp_path: Path) -> None:
    save(tmp_path / "net.npz", BOOKS, form="book")
    with np.load(tmp_path / "net.npz") as arrays:
        assert arrays["wih"].shape == (30, 784) and arrays["who"].shape == (10, 30)


@pytest.mark.parametrize("saved", [BOOKS, NIELSENS])
def test_safetensors_come_back_whole_and_have_pytorchs_names(tmp_path: Path, saved: SavedNetwork) -> None:
    path = tmp_path / "net.safetensors"
    save(path, saved)
    again = load(path)
    assert again.network.spec == saved.network.spec and again.notes == saved.notes
    assert again.network.parameters.flat.tobytes() == saved.network.parameters.flat.tobytes()
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    entry = header["2.weight"]
    start, end = entry["data_offsets"]
    weights = np.frombuffer(data[8 + length :][start:end], "<f4").reshape(entry["shape"])
    assert np.array_equal(weights, saved.network.weights[1].T) and length % 8 == 0


@pytest.mark.parametrize(
    ("form", "ending", "saved", "reason"),
    [
        ("book", "npz", NIELSENS, "the book's program has networks of one hidden layer"),
        ("nielsen", "json", BOOKS, "Nielsen's program has networks of sigmoids with biases"),
        ("nielsen", "json", OWN, "Nielsen's program"),
        ("book", "json", BOOKS, "saved as .npz, not '.json'"),
    ],
)
def test_a_network_that_a_program_cannot_have_is_not_written(
    tmp_path: Path, form: str, ending: str, saved: SavedNetwork, reason: str
) -> None:
    with pytest.raises(StorageError, match=reason):
        save(tmp_path / f"net.{ending}", saved, form=form)
    assert not list(tmp_path.iterdir())
