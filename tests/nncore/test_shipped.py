"""Test the shipped networks: their recipes, the command that makes them, and their files."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from nncore.cli import main
from nncore.gate import NONE, Gate
from nncore.metrics import evaluate
from nncore.nondigits import NON_DIGITS, make_non_digits
from nncore.shipped import RECIPES, cards
from nncore.storage import load
from nncore.styles import make_dataset
from tests.nncore.made_up import blocks, write_like_mnist

MODELS = Path(__file__).parents[2] / "web" / "models"
NUMPY = ["--kernel", "numpy"]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Write a folder like MNIST's, with 240 and 100 images and a stroke file, and return its path."""
    folder = tmp_path_factory.mktemp("data")
    write_like_mnist(folder, 240, 100)
    lines = [{"label": k % 10, "strokes": [[[10, 10], [90, 10 * k]], [[50, 5]]]} for k in range(20)]
    (folder / "strokes.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return folder


def ship(data, out, monkeypatch, *arguments):
    monkeypatch.setattr(cards, "MEASURED_NON_DIGITS", 60)
    settings = ["--data", str(data), "--out", str(out), "--epochs", "1", *NUMPY]
    return main(["ship", *settings, *arguments])


# --- recipes


def test_the_small_network_is_small_and_every_recipe_has_a_seed_of_its_own():
    assert RECIPES["small"].network.parameter_count <= 120_000
    assert len({recipe.training.seed for recipe in RECIPES.values()}) == len(RECIPES)


@pytest.mark.parametrize("name", RECIPES)
def test_ingredients_keep_digits_apart_and_hold_the_shares(name):
    """Divide a recipe's digits: none is both trained on and held out, and each share is right."""
    recipe = RECIPES[name]
    digits = blocks(240, 0)
    train, held_out = recipe.ingredients(digits)
    assert len(held_out) == 20 and train.name.startswith("blocks with styles")
    together = np.concatenate([held_out.pixels, train.pixels[:220]])
    assert sorted(map(bytes, together)) == sorted(map(bytes, digits.pixels))  # each once, in one of the two
    none = int((train.labels == NONE).sum())
    generated = len(train) - 220 - none
    assert generated / (220 + generated) == pytest.approx(recipe.styles, abs=0.005)
    assert none / (220 + generated) == pytest.approx(recipe.non_digits, abs=0.005)


# --- the command


def test_ship_saves_what_its_card_says(capsys, data, tmp_path, monkeypatch):
    strokes = data / "strokes.jsonl"
    assert ship(data, tmp_path, monkeypatch, "--only", "small", "--strokes", str(strokes)) == 0
    saved = load(tmp_path / "small.npz")
    card = saved.notes["card"]
    written = json.loads((tmp_path / "cards.json").read_text())
    assert written == {
        "small": {"file": "small.npz", "bytes": (tmp_path / "small.npz").stat().st_size} | card
    }
    assert card["test"]["accuracy"] == evaluate(saved.network, blocks(100, 1), saved.preprocessing).accuracy
    assert card["strokes"]["count"] == 20 and card["temperature"] == saved.notes["temperature"]
    assert [entry["event"] for entry in saved.history] == ["start", "epoch", "validation"]
    capsys.readouterr()
    assert main(["evaluate", str(tmp_path / "small.npz"), "--strokes", str(strokes), *NUMPY]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{100 * card['strokes']['accuracy']:.2f} %\n")
    assert f"expected calibration error {100 * card['strokes']['calibration_error']:.2f} %" in out
    # ``evaluate`` undoes the temperature to find the error before it. The weights were rounded in between.
    before = float(re.search(r"before temperature scaling (\S+) %", out)[1])
    assert before == pytest.approx(100 * card["strokes"]["calibration_error_before"], abs=2)


@pytest.mark.slow
def test_ship_twice_makes_the_same_files_and_keeps_the_other_cards(data, tmp_path, monkeypatch):
    assert ship(data, tmp_path / "a", monkeypatch, "--only", "gate") == 0
    assert ship(data, tmp_path / "b", monkeypatch, "--only", "gate,small") == 0
    assert (tmp_path / "a" / "gate.npz").read_bytes() == (tmp_path / "b" / "gate.npz").read_bytes()
    assert set(json.loads((tmp_path / "b" / "cards.json").read_text())) == {"gate", "small"}
    gate = Gate.of(load(tmp_path / "a" / "gate.npz"))
    card = load(tmp_path / "a" / "gate.npz").notes["card"]
    assert card["turned_away_digits"]["test"] == pytest.approx(1 - gate.admits(blocks(100, 1).pixels).mean())
    assert list(card["turned_away_non_digits"]) == list(NON_DIGITS)


@pytest.mark.slow
def test_evaluate_measures_a_gate_too(capsys, data, tmp_path, monkeypatch):
    ship(data, tmp_path, monkeypatch, "--only", "small,gate")
    monkeypatch.setattr("nncore.cli.evaluate.NON_DIGIT_COUNT", 60)
    capsys.readouterr()
    paths = [str(tmp_path / name) for name in ("small.npz", "gate.npz")]
    assert main(["evaluate", paths[0], "--data", str(data), "--gate", paths[1], *NUMPY]) == 0
    lines = capsys.readouterr().out.splitlines()[-1 - len(NON_DIGITS) :]
    assert re.fullmatch(r"turned away +\d+\.\d\d % of t10k-images-idx3-ubyte\.gz", lines[0])
    assert [line.split()[-1] for line in lines[1:]] == list(NON_DIGITS)


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--only", "huge"], "recipe 'huge' is not known; legal: small, best, gate"),
        (["--data", "nowhere"], "nowhere"),
    ],
)
def test_a_fault_is_one_sentence(capsys, data, tmp_path, monkeypatch, arguments, message):
    assert ship(data, tmp_path, monkeypatch, *arguments) == 1
    assert re.search(f"error: .*{message}", capsys.readouterr().err)


# --- the files that come with the page


@pytest.mark.parametrize("name", RECIPES)
def test_a_shipped_file_is_what_its_recipe_makes(name):
    recipe, path = RECIPES[name], MODELS / f"{name}.npz"
    saved = load(path)
    assert path.stat().st_size <= recipe.limit
    assert saved.network.spec == recipe.network and saved.training == recipe.training
    assert saved.history[-1]["epoch"] == recipe.training.epochs
    written = json.loads((MODELS / "cards.json").read_text())[name]
    assert written == {"file": path.name, "bytes": path.stat().st_size} | saved.notes["card"]


@pytest.mark.parametrize("name, lowest", [("small", 0.97), ("best", 0.985)])
def test_shipped_networks_read_all_the_styles(name, lowest):
    saved = load(MODELS / f"{name}.npz")
    digits = make_dataset(400, seed=12345)
    assert evaluate(saved.network, digits, saved.preprocessing).accuracy > lowest


@pytest.mark.slow
def test_the_shipped_gate_lets_digits_pass_and_turns_the_others_away():
    gate = Gate.of(load(MODELS / "gate.npz"))
    assert gate.admits(make_dataset(300, seed=12345).pixels).mean() > 0.96
    assert 1 - gate.admits(make_non_digits(300, seed=12345).pixels).mean() > 0.9
