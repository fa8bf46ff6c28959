"""Test the command line as a user runs it, on simple images that a network learns in seconds."""

import gzip
import json
import re
import subprocess
import sys

import numpy as np
import pytest

from nncore.cli import COMMANDS, main
from nncore.cli.test import text_picture
from nncore.datasets.mnist import load_mnist
from nncore.storage import load
from tests.nncore.made_up import write_like_mnist

NUMPY = ["--kernel", "numpy"]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Write a folder like MNIST's, with 600 training and 200 test images, and return its path."""
    folder = tmp_path_factory.mktemp("data")
    write_like_mnist(folder, 600, 200)
    return str(folder)


@pytest.fixture(scope="module")
def model(data, tmp_path_factory):
    path = str(tmp_path_factory.mktemp("model") / "fast.npz")
    assert main(["train", "--data", data, "--epochs", "3", "--seed", "1", "--out", path, *NUMPY]) == 0
    return path


def run(capsys, *arguments):
    """Run a command; return its exit code, the lines of its standard output, and its standard error."""
    capsys.readouterr()
    code = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out.splitlines(), err


def per_cent(line):
    return float(re.fullmatch(r"(\d+\.\d\d) %.*", line)[1])


# --- train and evaluate


def test_training_prints_every_epoch_and_saves_what_it_measured(capsys, data, tmp_path):
    path = tmp_path / "net.npz"
    code, out, _err = run(capsys, "train", "--data", data, "--epochs", 2, "--seed", 3, "--out", path, *NUMPY)
    assert code == 0 and [line.split()[:2] for line in out[:2]] == [["epoch", "1"], ["epoch", "2"]]
    saved = load(path)
    assert f"test accuracy {100 * saved.notes['test_accuracy']:.2f} % of 200 images" in out
    assert saved.notes["preset"] == "fast" and saved.notes["seed"] == 3 == saved.training.seed
    tests = [entry for entry in saved.history if entry["event"] == "test"]
    assert [entry["epoch"] for entry in tests] == [1, 2]
    assert tests[-1]["accuracy"] == saved.notes["test_accuracy"]


def test_evaluate_begins_with_the_accuracy_in_per_cent(capsys, data, model):
    code, out, _err = run(capsys, "evaluate", model, "--data", data, *NUMPY)
    assert code == 0 and per_cent(out[0]) == 100 * load(model).notes["test_accuracy"] > 95
    assert "confusion matrix (rows: is, columns: read as)" in out
    start = out.index("confusion matrix (rows: is, columns: read as)") + 2
    counts = [
        [0 if cell == "." else int(cell) for cell in line.split()[1:]] for line in out[start : start + 10]
    ]
    assert np.sum(counts) == 200 and np.trace(counts) / 2 == per_cent(out[0])


def test_the_same_seed_gives_the_same_file_and_another_does_not(data, tmp_path):
    paths = [tmp_path / name for name in ("a.npz", "b.npz", "c.npz")]
    for path, seed in zip(paths, (1, 1, 2), strict=True):
        assert (
            main(["train", "--data", data, "--epochs", "1", "--seed", str(seed), "--out", str(path), *NUMPY])
            == 0
        )
    first, again, other = (path.read_bytes() for path in paths)
    assert first == again != other


def test_what_the_arguments_change_is_in_the_file(data, tmp_path):
    """Train with changed settings: the saved network has all of them."""
    path = tmp_path / "net.json"
    changes = {"preset": "samsel", "epochs": 1, "learning-rate": 0.5, "batch-size": 50, "l2": 0.01}
    changes |= {"hidden": "12,11", "dtype": "float64", "data": data, "out": path}
    assert main(["train", *(f"--{name}={value}" for name, value in changes.items()), *NUMPY]) == 0
    saved = load(path)
    assert saved.network.spec.layers == (784, 12, 11, 10) and saved.network.spec.dtype == "float64"
    assert saved.network.spec.activations == ("sigmoid",) * 3
    settings = saved.training
    assert (settings.learning_rate, settings.batch_size, settings.l2, settings.epochs) == (0.5, 50, 0.01, 1)


@pytest.mark.slow
def test_styles_are_mixed_into_the_training_digits(capsys, data, tmp_path):
    path = tmp_path / "net.npz"
    arguments = ["--styles", 0.25, "--epochs", 1, "--data", data, "--out", path, *NUMPY]
    assert run(capsys, "train", *arguments)[0] == 0
    saved = load(path)
    assert saved.history[0]["images"] == 800 and saved.notes["styles"] == 0.25
    code, _out, err = run(capsys, "train", "--styles", 0.25, "--preset", "digits-from-scratch", *NUMPY)
    assert code == 1 and "can't join" in err


def test_the_log_has_a_line_for_every_mini_batch(data, tmp_path):
    path = tmp_path / "log.csv"
    assert main(["train", "--data", data, "--epochs", "2", "--log", str(path), *NUMPY]) == 0
    header, *lines = path.read_text().splitlines()
    assert header == "step,epoch,samples,loss,accuracy,learning_rate"
    assert [line.split(",")[0] for line in lines] == [str(step) for step in range(1, 13)]


def test_a_preset_on_built_in_digits_needs_no_data_and_heeds_none(capsys, data, tmp_path):
    """Train a preset on the built-in digits: ``--data`` is not needed, and ignored if given."""
    path = tmp_path / "net.npz"
    preset = ["--preset", "digits-from-scratch", "--epochs", 1]
    code, out, _err = run(capsys, "train", *preset, "--train-accuracy", "--out", path, *NUMPY)
    assert code == 0 and re.search(r"test \d+\.\d\d %   train \d+\.\d\d %", out[0])
    assert run(capsys, "train", *preset, "--data", data, *NUMPY)[1][1] == out[1]
    for arguments in ([], ["--data", data]):
        assert per_cent(run(capsys, "evaluate", path, *arguments, *NUMPY)[1][0]) == float(out[1].split()[2])


def test_a_network_from_a_pot_is_tested_on_what_it_has_not_seen(capsys, data, tmp_path):
    """Evaluate a preset that draws its parts from all images: only its own test part is measured."""
    path = tmp_path / "net.npz"
    preset = ["--preset", "classic-feedforward"]
    code, out, _err = run(
        capsys, "train", *preset, "--data", data, "--epochs", 1, "--seed", 5, "--out", path, *NUMPY
    )
    assert code == 0 and "validation" in out[0]
    _code, out, _err = run(capsys, "evaluate", path, "--data", data, *NUMPY)
    assert "of 120 right" in out[1]  # 15 % of all 800 images
    assert per_cent(out[0]) == pytest.approx(100 * load(path).notes["test_accuracy"], abs=0.005)


def test_evaluate_strokes(capsys, data, model, tmp_path):
    path = tmp_path / "strokes.jsonl.gz"
    lines = [{"label": k % 10, "strokes": [[[10, 10], [90, 10 * k]], [[50, 5]]]} for k in range(20)]
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    code, out, _err = run(capsys, "evaluate", model, "--strokes", path, *NUMPY)
    assert code == 0 and 0 <= per_cent(out[0]) <= 100 and "of 20 right" in out[1]
    assert any(line.startswith("confusion matrix") for line in out)
    assert any(re.match(r"expected calibration error \d+\.\d\d %", line) for line in out)


# --- test, backquery, inspect and convert


def test_one_test_image(capsys, data, model, tmp_path):
    picture = tmp_path / "reading.png"
    code, out, _err = run(capsys, "test", model, "--data", data, "--index", 7, "--out", picture, *NUMPY)
    label = load_mnist(data)[1].labels[7]
    assert code == 0 and f"read as {label}, is {label}" in out
    assert out[:28] == text_picture(load_mnist(data)[1].images[7], 255).split("\n")
    assert picture.read_bytes()[:4] == b"\x89PNG"
    code, _out, err = run(capsys, "test", model, "--data", data, "--index", 200, *NUMPY)
    assert code == 1 and err == "error: --index 200: there are test images 0 to 199\n"
    code, out, _err = run(capsys, "test", model, "--data", data, *NUMPY)
    assert "of 200 test images read rightly" in out[0]


def test_a_picture_in_characters():
    image = np.array([[0, 255], [128, 0], [0, 57]], np.uint8)
    assert text_picture(image, 255) == "  @@\n==\n  ::"


@pytest.mark.parametrize("method", ["logit", "transpose", "gradient"])
def test_backquery_says_what_it_reads_itself(capsys, model, tmp_path, method):
    """Back-query by each method: the command prints the digit that the network reads in its picture."""
    picture = tmp_path / "row.png"
    code, out, _err = run(capsys, "backquery", model, "--method", method, "--out", picture, *NUMPY)
    reads = [int(re.match(r"asked for (\d): reads (\d), ", line)[2]) for line in out[:10]]
    right = sum(read == digit for digit, read in enumerate(reads))
    assert code == 0 and out[10] == f"{right} of 10 read as the digit asked for"
    assert picture.read_bytes()[:4] == b"\x89PNG"


def test_backquery_of_some_digits_or_any_outputs(capsys, model):
    _code, out, _err = run(capsys, "backquery", model, "--digits", "0,1,2", *NUMPY)
    assert [line[:12] for line in out[:3]] == ["asked for 0:", "asked for 1:", "asked for 2:"]
    _code, out, _err = run(capsys, "backquery", model, "--target", "0.5,0.5,0,0,0,0,0,0,0,0", *NUMPY)
    assert out[0].startswith("asked for these outputs: reads ")
    code, _out, err = run(capsys, "backquery", model, "--target", "0.5,0.5", *NUMPY)
    assert code == 1 and "shape of the target" in err


@pytest.mark.slow
def test_inspect_tells_what_a_file_holds_and_draws_its_weights(capsys, data, model, tmp_path):
    code, out, _err = run(capsys, "inspect", model, "--pictures", tmp_path / "pictures", "--data", data)
    text = "\n".join(out)
    assert code == 0 and out[0] == "784-200-10, 159,010 parameters, float32"
    assert "preset        fast, seed 1" in text and "optimiser adam" in text and "epochs 3" in text
    assert text.count("test: epoch") == 3
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == {
        "hidden.png",
        "output.png",
        "images.png",
    }


def test_convert_a_network_there_and_back(model, tmp_path):
    assert main(["convert", model, str(tmp_path / "net.json")]) == 0
    assert main(["convert", str(tmp_path / "net.json"), str(tmp_path / "net.npz")]) == 0
    before, after = load(model), load(tmp_path / "net.npz")
    assert before.network.parameters.flat.tobytes() == after.network.parameters.flat.tobytes()
    assert (before.history, before.notes, before.training) == (after.history, after.notes, after.training)


def test_convert_to_fewer_bytes(capsys, model, tmp_path):
    paths = [tmp_path / f"{precision}.npz" for precision in ("full", "int8")]
    for path in paths:
        assert main(["convert", model, str(path), "--precision", path.stem]) == 0
    full, compact = (path.stat().st_size for path in paths)
    assert compact < 0.4 * full and load(paths[1]).notes == load(model).notes
    code, _out, err = run(capsys, "convert", model, tmp_path / "net.json", "--precision", "int8")
    assert code == 1 and "only .npz files are compact" in err


def test_convert_digits_to_idx(data, tmp_path):
    train = load_mnist(data)[0]
    rows = [
        ",".join(map(str, [label, *pixels])) for label, pixels in zip(train.labels, train.pixels, strict=True)
    ]
    (tmp_path / "mnist_train.csv").write_text("\n".join(rows))
    (tmp_path / "mnist_test.csv").write_text("\n".join(rows[:5]))
    assert main(["convert", str(tmp_path), str(tmp_path / "idx")]) == 0
    again, test = load_mnist(tmp_path / "idx")
    np.testing.assert_array_equal(again.pixels, train.pixels)
    assert len(test) == 5


# --- sweep and table


@pytest.mark.slow
def test_a_sweep_does_not_depend_on_the_number_of_workers(capsys, data, tmp_path):
    texts = []
    for workers in (1, 2):
        table = tmp_path / f"{workers}.csv"
        arguments = [
            "--preset",
            "fast",
            "--rates",
            "0.001,1000",
            "--seeds",
            "1,2",
            "--workers",
            workers,
            "--csv",
            table,
        ]
        plot = tmp_path / f"{workers}.png"
        code, out, _err = run(capsys, "sweep", "--data", data, *arguments, "--out", plot, *NUMPY)
        assert code == 0 and len(out[1].split()) == 7 and plot.read_bytes()[:4] == b"\x89PNG"
        texts.append(table.read_text())
    assert texts[0] == texts[1]
    assert [line.split(",")[1:3] for line in texts[0].splitlines()[1:]] == [
        ["0.001", "1"], ["0.001", "2"], ["1000.0", "1"], ["1000.0", "2"]
    ]  # fmt: skip


@pytest.mark.slow
def test_the_table_goes_on_where_it_stopped(capsys, data, tmp_path):
    """Make the table of results again with one more seed: the runs in the results file are not repeated."""
    results = tmp_path / "results.jsonl"
    presets = ["--presets", "fast,digits-from-scratch"]
    arguments = [
        "table",
        "--data",
        data,
        "--epochs",
        1,
        *presets,
        "--workers",
        1,
        "--results",
        results,
        *NUMPY,
    ]
    code, first, _err = run(capsys, *arguments, "--seeds", "1")
    assert code == 0 and len(results.read_text().splitlines()) == 2
    code, second, _err = run(capsys, *arguments, "--seeds", "1,2")
    kept = [json.loads(line) for line in results.read_text().splitlines()]
    assert code == 0 and [(one["job"]["preset"], one["job"]["seed"]) for one in kept] == [
        ("fast", 1), ("digits-from-scratch", 1), ("fast", 2), ("digits-from-scratch", 2)
    ]  # fmt: skip
    shares = [100 * one["accuracy"] for one in kept if one["job"]["preset"] == "fast"]
    row = next(line for line in second if line.startswith("| fast "))
    assert f"{np.mean(shares):.2f} % ({min(shares):.2f} to {max(shares):.2f})" in row
    assert second[-1].startswith("| gradient | ") and first[-1].count(",") == 0


# --- optional packages


def test_the_core_and_its_commands_load_numpy_and_none_of_the_extras():
    code = (
        "import sys, nncore.cli, nncore.datasets.reading, nncore.pictures, nncore.distort; "
        "print([name for name in ('matplotlib', 'PIL', 'tqdm', 'scipy') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_without_tqdm_it_trains_without_a_bar(capsys, data, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    code, out, _err = run(capsys, "train", "--data", data, "--epochs", 1, *NUMPY)
    assert code == 0 and out[0].startswith("epoch   1")


def test_without_matplotlib_a_picture_is_a_fault_that_says_what_to_install(
    capsys, model, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    code, _out, err = run(capsys, "backquery", model, "--out", tmp_path / "row.png", *NUMPY)
    assert code == 1 and err == "error: pictures need matplotlib: pip install matplotlib\n"


# --- faults


@pytest.mark.parametrize(
    "arguments, code, message",
    [
        (["train"], 2, "no data given: --data FOLDER"),
        (["train", "--data", "nowhere"], 1, "nowhere: no such file or folder"),
        (["train", "--data", "{data}", "--out", "net.pkl"], 2, "networks are saved as .npz or .json"),
        (["train", "--data", "{data}", "--epochs", "-1"], 1, "epochs is -1; it must be at least 0"),
        (["train", "--data", "{data}", "--hidden", "0"], 1, "at least one neuron each"),
        (["train", "--data", "{data}", "--learning-rate", "1e30", *NUMPY], 3, "training diverged at step"),
        (["train", "--data", "digits8x8"], 1, "pixels of an image is 64; it must be 784"),
        (["evaluate", "nowhere.npz"], 1, "nowhere.npz"),
        (["evaluate", "{model}"], 2, "no data given"),
        (["evaluate", "{model}", "--data", "digits8x8"], 1, "reads 784 pixels .* images of 8 x 8"),
        (
            ["evaluate", "{model}", "--strokes", "{data}/train-labels-idx1-ubyte.gz"],
            1,
            "line 1: not a drawing",
        ),
        (["backquery", "{model}", "--digits", "11"], 1, "class to back-query is 11; it must be from 0 to 9"),
        (["convert", "{model}", "net.pkl"], 1, "written to .npz or .json"),
        (["sweep"], 2, "no data given"),
        (["table", "--presets", "slow"], 1, "preset 'slow' is not known; legal: fast"),
    ],
)
def test_a_fault_is_one_sentence_and_an_exit_code(capsys, data, model, arguments, code, message):
    filled = [argument.format(data=data, model=model) for argument in arguments]
    found, _out, err = run(capsys, *filled)
    assert found == code
    assert re.fullmatch(f"error: .*{message}.*\n", err)


@pytest.mark.parametrize(
    "arguments", [[], ["learn"], ["train", "--preset", "slow"], ["sweep", "--rates", "a,b"]]
)
def test_wrong_usage_is_exit_code_2(capsys, arguments):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2 and "usage: python -m nncore" in capsys.readouterr().err


def test_an_interruption_is_exit_code_130(capsys, monkeypatch):
    def interrupted(_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(COMMANDS["inspect"], "run", interrupted)
    code, _out, err = run(capsys, "inspect", "model.npz")
    assert code == 130 and err == "interrupted\n"


def test_as_a_module_into_a_pipe_that_closes_early(data, model):
    """Run ``python -m nncore evaluate ... | head -1``: it must end without an error when the pipe closes."""
    command = [sys.executable, "-m", "nncore", "evaluate", model, "--data", data, *NUMPY]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert per_cent(process.stdout.readline().rstrip()) > 95
    process.stdout.close()
    assert process.wait(60) == 0 and process.stderr.read() == ""
    process.stderr.close()
