"""Test saved networks: loading gives the same bits back, and every bad file is refused."""

import io
import json
import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nncore.distort import Distortion
from nncore.network import Network, NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.storage import (
    SavedNetwork,
    StorageError,
    from_json,
    load,
    load_npz,
    save,
    save_npz,
    to_json,
    to_npz,
)
from nncore.training_spec import TrainingSpec

HISTORY = [{"event": "start", "images": 3}, {"event": "epoch", "epoch": 1, "loss": 0.1}]


def a_network(biases=True, dtype="float32"):
    spec = NetworkSpec((4, 3, 2), ("tanh", "softmax"), biases=biases, dtype=dtype)
    return Network.create(spec, seed=1)


def saved(network=None, **changes):
    fields = {
        "network": network or a_network(),
        "preprocessing": Preprocessing("rashid", "soft", max_value=16),
        "training": TrainingSpec(
            "momentum", 0.3, batch_size=7, distortion=Distortion(rotation=5, shape=(2, 2))
        ),
        "history": HISTORY,
        "notes": {"preset": "rashid"},
    }
    return SavedNetwork(**fields | changes)


@pytest.mark.parametrize("ending", [".npz", ".json"])
@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_everything_comes_back(tmp_path, ending, biases, dtype):
    before = saved(a_network(biases, dtype))
    path = tmp_path / f"network{ending}"
    save(path, before)
    after = load(path)
    assert after.network.spec == before.network.spec
    assert after.network.parameters.flat.tobytes() == before.network.parameters.flat.tobytes()
    assert after.preprocessing == before.preprocessing and after.training == before.training
    assert after.history == HISTORY and after.notes == before.notes
    inputs = np.random.default_rng(0).normal(size=(5, 4)).astype(dtype)
    assert after.network.predict(inputs).tobytes() == before.network.predict(inputs).tobytes()


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@given(data=st.data())
def test_json_keeps_every_bit_of_any_finite_number(dtype, data):
    network = a_network(dtype=dtype)
    finite = st.floats(allow_nan=False, allow_infinity=False, width=32 if dtype == "float32" else 64)
    network.parameters.flat[:] = data.draw(arrays(dtype, network.parameters.flat.shape, elements=finite))
    again = from_json(to_json(saved(network))).network
    assert again.parameters.flat.tobytes() == network.parameters.flat.tobytes()


def test_npz_through_an_open_file_and_without_settings():
    buffer = io.BytesIO()
    save_npz(buffer, a_network(), history=HISTORY)
    buffer.seek(0)
    after = load_npz(buffer)
    assert after.training is None and after.preprocessing == Preprocessing() and after.history == HISTORY


def test_the_same_network_gives_the_same_file():
    assert to_npz(saved()) == to_npz(saved())


def test_numpy_alone_can_read_the_file_without_pickle():
    with np.load(io.BytesIO(to_npz(saved())), allow_pickle=False) as archive:
        assert set(archive.files) == {"about", "W1", "b1", "W2", "b2"}
        assert json.loads(str(archive["about"]))["network"]["layers"] == [4, 3, 2]


# --- files that are not networks


def npz(settings=None, drop=(), **arrays):
    """Return the bytes of a saved .npz with some of its settings and arrays changed or left out."""
    with np.load(io.BytesIO(to_npz(saved()))) as archive:
        content = {key: archive[key] for key in archive.files if key not in drop}
    about = json.loads(str(content["about"]))
    for key, value in (settings or {}).items():
        about[key] = about[key] | value if isinstance(value, dict) else value
    buffer = io.BytesIO()
    np.savez(buffer, **content | {"about": np.array(json.dumps(about))} | arrays)
    return buffer.getvalue()


NAN = np.array([[0, 1], [2, np.nan], [4, 5]], np.float32)
BAD_FILES = [
    ("pickle", lambda: pickle.dumps([1, 2]), "this is a pickle. Loading a pickle can run any program"),
    (
        "pickled array inside",
        lambda: npz(W1=np.array([{}], object)),
        "refused, it holds something other than plain",
    ),
    ("empty", lambda: b"", "the file is empty"),
    ("picture", lambda: b"\x89PNG\r\n", "neither .npz nor JSON nor weights of another program"),
    ("truncated npz", lambda: npz()[:-30], "truncated or damaged"),
    ("damaged npz", lambda: npz()[:200] + b"\0" * 20 + npz()[220:], "truncated or damaged"),
    ("truncated json", lambda: to_json(saved()).encode()[:-30], "truncated or damaged, not valid JSON"),
    ("other npz", lambda: npz(about=np.zeros(3)), "an .npz file, but not a network"),
    ("other json", lambda: b'{"weights": []}', "not a network of Inkling's"),
    ("newer", lambda: npz({"format": 2}), "format version 2; .* reads up to 1, so a newer Inkling wrote it"),
    ("no version", lambda: npz({"format": "1"}), "format version '1'"),
    ("missing", lambda: npz(drop=["b2"]), "b2 is missing"),
    ("extra", lambda: npz(W3=NAN), r"holds W3, which layers \(4, 3, 2\) don't have"),
    ("other shape", lambda: npz(W2=NAN.T), r"W2 has shape \(2, 3\), the architecture needs \(3, 2\)"),
    ("other layers", lambda: npz({"network": {"layers": [4, 5, 2]}}), r"W1 has shape .*needs \(4, 5\)"),
    ("huge layers", lambda: npz({"network": {"layers": [4, 10**12, 2]}}), "W1 has shape"),
    ("nan", lambda: npz(W2=NAN), r"W2 holds nan at \(1, 1\); the network is unusable"),
    ("infinite", lambda: npz(b2=np.array([1, -np.inf])), r"b2 holds -inf at \(1,\)"),
    ("whole numbers", lambda: npz(b2=np.array([1, 2])), "b2 holds int64, not floating-point"),
    (
        "unknown activation",
        lambda: npz({"network": {"activations": ["cube", "softmax"]}}),
        "its architecture can't",
    ),
    ("unknown setting", lambda: npz({"training": {"magic": 1}}), "unknown training settings: magic"),
    ("bad preprocessing", lambda: npz({"preprocessing": {"divisor": -1}}), "its preprocessing can't be used"),
    ("no architecture", lambda: npz({"network": None}), "its architecture is missing"),
    (
        "bad distortion",
        lambda: npz({"training": {"distortion": {"rotation": -1}}}),
        "its distortion can't be used",
    ),
    ("bad history", lambda: npz({"history": 3}), "history must be a list"),
    (
        "ragged json",
        lambda: to_json(saved()).replace('"b2": [', '"b2": [[1], ').encode(),
        "b2 is not an array",
    ),
]


@pytest.mark.parametrize(
    "make, message", [case[1:] for case in BAD_FILES], ids=[case[0] for case in BAD_FILES]
)
def test_a_bad_file_is_refused_by_name_and_reason(tmp_path, make, message):
    path = tmp_path / "model.npz"
    path.write_bytes(make())
    with pytest.raises(StorageError, match=f"^model.npz: .*{message}"):
        load(path)


@given(st.sampled_from([to_npz(saved()), to_json(saved()).encode()]), st.data())
def test_damage_anywhere_gives_an_error_or_a_whole_network(content, data):
    place = data.draw(st.integers(0, len(content) - 1))
    end = content[place + 1 :] if data.draw(st.booleans()) else b""
    damaged = content[:place] + bytes([data.draw(st.integers(0, 255))]) + end
    try:
        assert np.isfinite(load(damaged).network.parameters.flat).all()
    except StorageError as error:
        assert str(error).startswith("file: ")


def test_a_pickle_is_known_by_its_ending_too(tmp_path):
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps([1], protocol=0))
    with pytest.raises(StorageError, match="this is a pickle"):
        load(path)


# --- writing


def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path, monkeypatch):
    path = tmp_path / "network.npz"
    save(path, saved())
    before = path.read_bytes()

    def full_disk(file):
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="no space left"):
        save(path, saved(a_network(biases=False)))
    assert path.read_bytes() == before and list(Path(tmp_path).iterdir()) == [path]


def test_what_json_cannot_hold_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(StorageError, match="history or notes hold something that JSON can't"):
        save(tmp_path / "network.npz", saved(history=[{"loss": float("nan")}]))
    with pytest.raises(StorageError, match="saved as .npz or .json or .safetensors, not '.pkl'"):
        save(tmp_path / "network.pkl", saved())
    assert not list(tmp_path.iterdir())
