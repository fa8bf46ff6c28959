"""Test opening networks of other programs on the page: they train on, and are never called digits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.datasets import DataError
from nncore.network import Network
from nncore.presets import PRESETS
from nncore.storage import SavedNetwork, StorageError, to_json, to_npz
from tests.nncore import foreign_files as files_of
from tests.nncore.foreign_files import some_layers
from tests.web.conftest import Bench, public
from tests.web.test_files import FILES, fetch
from web.lab import Lab

LAYERS = some_layers(784, 30, 10)
WIH, WHO = LAYERS[0][0].T, LAYERS[1][0].T
STATE = files_of.sequential(LAYERS)
RELU = {"activation": "relu", "inputs": "unit"}
FAST = SavedNetwork(Network.create(PRESETS["fast"].network, 1), PRESETS["fast"].preprocessing)


async def opened(lab: Lab, files: dict[str, bytes], answers: dict[str, str] | None = None) -> Any:
    """Open files by the page's command, with answers to their questions."""
    lab.fetch = fetch
    FILES.clear()
    FILES.update(files)
    named = [{"name": name, "url": name} for name in files]
    return await lab.command("open", {"files": named} | ({"answers": answers} if answers else {}))


@pytest.mark.parametrize(
    ("files", "answers", "preset"),
    [
        ({"rashid.npz": files_of.npz(wih=WIH, who=WHO)}, {}, "rashid"),
        ({"wih.csv": files_of.text(WIH), "who.csv": files_of.text(WHO)}, {}, "rashid"),
        ({"nielsen.json": files_of.nielsen(LAYERS)}, {}, ""),
        ({"model.pt": files_of.torch_zip(STATE)}, RELU, ""),
        ({"model.safetensors": files_of.safetensors(STATE)}, RELU, ""),
        (
            {"model.safetensors": files_of.safetensors(STATE)},
            {"activation": "tanh", "inputs": "standard"},
            "",
        ),
        ({"weights.npz": files_of.npz_in_order(*(a for layer in LAYERS for a in layer))}, RELU, ""),
        ({"a.npz": files_of.npz(W1=WIH.T, W2=WHO.T)}, {"activation": "relu", "inputs": "unit"}, ""),
    ],
)
def test_a_network_of_another_program_opens_and_trains_on(
    experiment: Bench, files: dict[str, bytes], answers: dict[str, str], preset: str
) -> None:
    async def story(lab: Lab) -> None:
        answer = await opened(lab, files, answers)
        assert answer["opened"] == "network" and answer["name"] == " and ".join(files)
        assert answer["assumed"] and all(text in lab.state.notice for text in answer["assumed"])
        assert public(lab)["layers"] == [784, 30, 10] and lab.state.preset == (preset or lab.state.preset)
        before = lab.runner.experiment.run.network.weights[0].copy()
        await lab.command("epoch")
        assert not np.array_equal(lab.runner.experiment.run.network.weights[0], before)

    experiment.run(story)
    assert experiment.problems() == []


def test_a_question_reaches_the_caller_and_changes_nothing(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        before, run = lab.state.choices(), lab.runner.experiment.run
        with pytest.raises(ValueError, match="model.pt: the file has the weights, but not the activations"):
            await opened(lab, {"model.pt": files_of.torch_zip(STATE)})
        assert lab.state.choices() == before and lab.runner.experiment.run is run
        with pytest.raises(ValueError, match="answers must be texts"):
            await lab.command("open", {"files": [{"name": "a", "url": "a"}], "answers": {"inputs": 1}})

    experiment.run(story)


@pytest.mark.parametrize(
    "files",
    [
        {"a.zip": to_npz(FAST)},
        {"a.json.txt": to_json(FAST).encode()},
        {"bom.json": b"\xef\xbb\xbf" + to_json(FAST).encode()},
        {"windows": to_json(FAST).encode("utf-16")},
    ],
)
def test_our_own_network_opens_whatever_its_name(experiment: Bench, files: dict[str, bytes]) -> None:
    async def story(lab: Lab) -> None:
        assert (await opened(lab, files))["opened"] == "network"
        assert np.array_equal(lab.runner.experiment.run.network.weights[0], FAST.network.weights[0])

    experiment.run(story)


def test_one_of_two_networks_is_asked_for_and_opened(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        two = {"a.npz": to_npz(FAST), "b.npz": files_of.npz(wih=WIH, who=WHO)}
        with pytest.raises(ValueError, match="a.npz and b.npz are 2 networks"):
            await opened(lab, two)
        answer = await opened(lab, two, {"network": "b.npz"})
        assert answer["name"] == "b.npz" and lab.state.preset == "rashid"

    experiment.run(story)


def test_two_networks_of_one_name_are_refused(experiment: Bench) -> None:
    """Open two files of one name, from two folders: none of them is left out without a word."""

    async def story(lab: Lab) -> None:
        run = lab.runner.experiment.run
        with pytest.raises(DataError, match="a.npz: 2 networks, some of one name; open one at a time"):
            await lab.files.open([("a.npz", to_npz(FAST)), ("a.npz", files_of.npz(wih=WIH, who=WHO))], {})
        assert lab.runner.experiment.run is run

    experiment.run(story)
    assert len(experiment.problems()) == 1


REFUSED: dict[str, tuple[dict[str, bytes], str]] = {
    "half of a pair": ({"saved_wih.npy": files_of.npy(WIH)}, "together with the file of who"),
    "half of a pair as text": ({"wih.csv": files_of.text(WIH)}, "together with the file of who"),
    "Keras": ({"model.h5": b"\x89HDF\r\n\x1a\n" + bytes(64)}, "model.get_weights"),
    "PyTorch, empty": (
        {"m.pt": files_of.zipped({"model/data.pkl": b"\x80\x02."})},
        "no weights of a network",
    ),
    "seven hidden layers": (
        {"a.npz": files_of.npz_in_order(*(w for w, _ in some_layers(784, *[20] * 7, 10)))},
        "up to 6 hidden ones, not 7",
    ),
    "letters": ({"a.pt": files_of.torch_zip(files_of.sequential(some_layers(784, 20, 26)))}, "26 outputs"),
    "colours": (
        {"a.pt": files_of.torch_zip(files_of.sequential(some_layers(3072, 20, 10)))},
        "3072 inputs; networks that open here read pictures of 784 or 64 pixels",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_of_a_network_is_never_answered_with_words_about_digits(experiment: Bench, kind: str) -> None:
    async def story(lab: Lab) -> None:
        files, reason = REFUSED[kind]
        before, run = lab.state.choices(), lab.runner.experiment.run
        with pytest.raises(StorageError, match=reason):
            await opened(lab, files, RELU)
        assert lab.state.choices() == before and lab.runner.experiment.run is run

    experiment.run(story)
    [problem] = experiment.problems()
    assert problem.startswith("Nothing was opened. ") and "digits are read from" not in problem


def test_the_command_line_opens_the_same_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from nncore.cli import main

    (tmp_path / "my_wih.csv").write_bytes(files_of.text(WIH))
    (tmp_path / "my_who.csv").write_bytes(files_of.text(WHO))
    (tmp_path / "model.pt").write_bytes(files_of.torch_zip(STATE))
    assert main(["inspect", str(tmp_path / "my_wih.csv")]) == 0
    told = capsys.readouterr()
    assert "784-30-10" in told.out and "Make Your Own Neural Network" in told.err
    model = str(tmp_path / "model.pt")
    assert main(["inspect", model]) == 1
    words = capsys.readouterr().err
    assert words.startswith("error: model.pt: ") and "--answer activation=relu (ReLU, then softmax)" in words
    answers = ["--answer", "activation=relu", "--answer", "inputs=unit"]
    target = str(tmp_path / "net.safetensors")
    assert main(["convert", model, target, *answers]) == 0
    assert main(["backquery", target, "--digits", "3"]) == 0
    assert "asked for 3" in capsys.readouterr().out
    assert main(["inspect", model, "--answer", "activation"]) == 2
    assert "KEY=VALUE" in capsys.readouterr().err
    assert main(["convert", target, str(tmp_path / "x.json"), "--to", "nielsen"]) == 1
    assert "Nielsen's program has networks of sigmoids" in capsys.readouterr().err
