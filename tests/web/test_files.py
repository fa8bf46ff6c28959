"""Test opening networks and digits from files: what was saved comes back, and a bad file changes nothing."""

from __future__ import annotations

import io
import json
import zipfile
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from nncore.datasets.idx import write_idx
from tests.web.conftest import SEVEN, Bench, made_up, public, until
from web.delivery.site_files import MissingFile
from web.lab import Lab

FILES: dict[str, bytes] = {}


async def fetch(address: str) -> bytes:
    if address not in FILES:
        raise MissingFile(f"{address} is gone")
    return FILES[address]


async def open_files(lab: Lab, command: str = "open", /, **files: bytes) -> Any:
    """Open files by a command of the page; a keyword is the file's name, with ``__`` for a dot."""
    lab.fetch = fetch
    FILES.clear()
    named = {name.replace("__", "."): data for name, data in files.items()}
    FILES.update(named)
    return await lab.command(command, {"files": [{"name": name, "url": name} for name in named]})


def downloaded(experiment: Bench) -> bytes:
    import base64

    message = [message for message in experiment.messages if message["type"] == "download"][-1]
    return base64.b64decode(message["data"])


@pytest.mark.parametrize("kind", ["npz", "json"])
def test_a_saved_network_goes_on_as_if_nothing_had_happened(experiment: Bench, kind: str) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("set", {"layers": [784, 12, 10], "activation": "tanh", "learning_rate": 0.01})
        await lab.command("epoch")
        await lab.command("epoch")
        saved, weights = public(lab), lab.runner.experiment.run.network.weights[0].copy()
        name = (await lab.command("save", kind))["name"]
        assert name == f"inkling-fast-784-12-10.{kind}"
        await lab.command("preset", "rashid")
        await lab.command("step")
        assert (await open_files(lab, **{f"mine__{kind}": downloaded(experiment)}))["opened"] == "network"
        seen = public(lab)
        for key in ("samples", "epoch", "loss", "layers", "test_accuracy"):
            assert seen[key] == saved[key], key
        assert np.array_equal(lab.runner.experiment.run.network.weights[0], weights)
        assert (lab.state.preset, lab.state.learning_rate) == ("fast", 0.01)
        await lab.command("epoch")
        assert public(lab)["epoch"] == 3
        await lab.command("undo")
        assert lab.state.preset == "rashid"

    experiment.run(story)
    assert experiment.problems() == []


def damaged(kind: str, data: bytes) -> bytes:
    return {
        "cut": data[: len(data) // 2],
        "pickle": b"\x80\x04" + data,
        "empty": b"",
        "text": b'{"kind": "something else"}',
    }[kind]


@pytest.mark.parametrize("kind", ["cut", "pickle", "empty", "text"])
def test_a_damaged_network_is_refused_in_words_and_nothing_is_lost(experiment: Bench, kind: str) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("epoch")
        await lab.command("save", "json")
        before, run = lab.state.choices(), lab.runner.experiment.run
        with pytest.raises(ValueError, match="mine.json"):
            await open_files(lab, mine__json=damaged(kind, downloaded(experiment)))
        assert lab.state.choices() == before and lab.runner.experiment.run is run

    experiment.run(story)
    assert len(experiment.problems()) == 1 and "Nothing was opened" in experiment.problems()[0]


@pytest.mark.slow
def test_a_network_without_the_pages_notes_finds_a_preset_that_it_goes_with(experiment: Bench) -> None:
    """Open a network without the page's notes: a fitting preset is chosen, and it can train."""

    async def story(lab: Lab) -> None:
        await lab.command("preset", "rashid")
        await lab.command("step")
        await lab.command("save", "json")
        content = json.loads(downloaded(experiment))
        content["notes"] = {}
        await lab.command("preset", "fast")
        await open_files(lab, theirs__json=json.dumps(content).encode())
        assert not lab.runner.experiment.run.network.spec.biases
        await lab.command("epoch")

    experiment.run(story)


def as_csv(count: int) -> bytes:
    digits = made_up(count, 3)
    rows = np.concatenate([digits.labels[:, None], digits.pixels], axis=1)
    return "\n".join(",".join(map(str, row)) for row in rows.tolist()).encode()


def npz(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def pictures(count: int) -> bytes:
    """Return a zip of PNGs written by Pillow, in folders named after their labels."""
    image_module = pytest.importorskip("PIL.Image")
    digits, buffer = made_up(count, 4), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, (image, label) in enumerate(zip(digits.images, digits.labels, strict=True)):
            one = io.BytesIO()
            image_module.fromarray(image).save(one, "PNG")
            archive.writestr(f"{label}/{number}.png", one.getvalue())
    return buffer.getvalue()


def deflated() -> bytes:
    """Return a zip with a PNG whose compressed bytes are damaged."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("7/a.png", b"no matter what " * 100)
    data = bytearray(buffer.getvalue())
    data[37:41] = b"\xff" * 4  # the header takes 30 bytes, the name 7
    return bytes(data)


def own() -> dict[str, dict[str, bytes]]:
    digits = made_up(60, 3)
    return {
        "csv": {"own__csv": as_csv(60)},
        "idx": {
            "my-images-idx3-ubyte": write_idx(digits.images),
            "my-labels-idx1-ubyte": write_idx(digits.labels),
        },
        "npz": {"own__npz": npz(images=digits.images, labels=digits.labels)},
        "zip": {"own__zip": pictures(60)},
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "idx", "npz", "zip"])
def test_own_digits_are_learned_from(experiment: Bench, kind: str) -> None:
    async def story(lab: Lab) -> None:
        assert (await open_files(lab, **own()[kind]))["opened"] == "digits"
        seen = public(lab)
        assert lab.state.dataset == "own" and (seen["train_size"], seen["test_size"]) == (50, 10)
        await lab.command("epoch")
        await until(lambda: public(lab)["test_accuracy"] is not None)
        assert "dataset" not in (await lab.command("share"))["query"]
        await lab.command("set", {"dataset": "mnist"})
        assert public(lab)["train_size"] == 600

    experiment.run(story)
    assert experiment.problems() == []


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"own__csv": b"1,2,3\n4,5,6"}, "Are the labels missing"),
        ({"own__csv": as_csv(40) + b"\n12," + b"0," * 783 + b"0"}, "line 41: label 12"),
        ({"my-images-idx3-ubyte": write_idx(np.zeros((30, 28, 28), np.uint8))}, "pictures but no labels"),
        ({"own__npz": npz(images=np.zeros((30, 28, 28), np.uint8))}, "no labels"),
        ({"own__zip": b"PK\x03\x04 and no more"}, "zip"),
        ({"own__zip": deflated()}, "own.zip: damaged"),
        ({"3__png": b"\x89PNG\r\n\x1a\n"}, "3.png: not a picture, or a damaged one"),
        ({"own__txt": b"hello"}, "own.txt: no digit in it"),
    ],
)
def test_faulty_digits_are_named(experiment: Bench, files: dict[str, bytes], reason: str) -> None:
    async def story(lab: Lab) -> None:
        before = lab.state.choices()
        with pytest.raises(ValueError, match=reason):
            await open_files(lab, **files)
        assert lab.state.choices() == before

    experiment.run(story)
    assert len(experiment.problems()) == 1


def npz_of(labels: np.ndarray, ink: int = 255) -> bytes:
    """Return an ``.npz`` of easy pictures with these labels; with ``ink=0`` all pictures are empty."""
    data, file = made_up(len(labels), 5), io.BytesIO()
    np.savez(file, images=np.minimum(data.images, ink), labels=labels)
    return file.getvalue()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (npz_of(np.full(60, 3)), "Every picture is labelled 3"),
        (npz_of(np.arange(60) % 10, ink=0), "All 50 pictures are empty"),
    ],
)
def test_digits_that_nothing_can_be_learned_from_are_told_before_training(
    experiment: Bench, file: bytes, words: str
) -> None:
    async def story(lab: Lab) -> None:
        for times in (1, 2):  # opening it again repeats the warning
            await open_files(lab, mine__npz=file)
            assert [words in problem for problem in experiment.problems()] == [True] * times
        await lab.command("set", {"dataset": "mnist"})
        assert len(experiment.problems()) == 2 and public(lab)["samples"] == 0

    experiment.run(story)


def test_absent_classes_are_a_remark_and_no_problem(experiment: Bench) -> None:
    """Open digits that lack two classes: a notice says so, and no problem is reported."""

    async def story(lab: Lab) -> None:
        await open_files(lab, mine__npz=npz_of(np.arange(80) % 8))
        assert "No picture is labelled 8 or 9" in lab.state.notice
        await open_files(lab, mine__npz=npz_of(np.arange(80) % 10))
        assert "labelled" not in lab.state.notice

    experiment.run(story)
    assert experiment.problems() == []


def photo(kind: str) -> bytes:
    """Return a photo of a seven, as dark lines on light paper that is larger than a digit's picture."""
    image_module = pytest.importorskip("PIL.Image")
    draw_module = pytest.importorskip("PIL.ImageDraw")
    sheet, file = image_module.new("L", (400, 300), 225), io.BytesIO()
    pen = draw_module.Draw(sheet)
    pen.line([(120, 60), (220, 60), (160, 220)], fill=40, width=14)
    sheet.save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_photo_goes_to_the_pad_and_is_not_learned_from(experiment: Bench, kind: str) -> None:
    async def story(lab: Lab) -> None:
        run = lab.runner.experiment.run
        name = f"IMG__2041_{kind}".replace("_", "")
        answer = await open_files(lab, "look_at_files", **{f"{name}__{kind.lower()}": photo(kind)})
        assert answer["found"] == "pictures"
        pixels = np.frombuffer(lab.state.picture, np.uint8).reshape(28, 28)
        assert pixels.max() > 200 and pixels[0].max() == pixels[:, 0].max() == 0, "light ink, dark paper"
        rows = np.flatnonzero(pixels.any(axis=1))
        assert 18 <= rows[-1] - rows[0] + 1 <= 22, "as high as the pen makes digits"
        assert public(lab)["prediction"] in range(10)
        assert lab.runner.experiment.run is run and lab.state.dataset == "mnist"

    experiment.run(story)
    assert experiment.problems() == []


def test_the_steps_of_a_photo_are_seen(experiment: Bench) -> None:
    """Open a photo with *Seeing* in front: it shows the photo, its ink, and the digit that is on the pad."""

    async def story(lab: Lab) -> None:
        tab = import_module("web.views.tabs.seeing").View(lab)
        lab.state.tab = "seeing"
        await open_files(lab, "look_at_files", photo__jpg=photo("JPEG"))
        await until(lambda: len(lab.state.snapshot.stages) == 3)
        stages = lab.state.snapshot.stages
        assert [stage.name for stage in stages] == ["photo", "ink", "fitted"]
        assert stages[-1].pixels.tobytes() == lab.state.picture
        assert stages[-1].digit == public(lab)["prediction"]
        assert stages[0].pixels.max() > stages[0].pixels.min()
        assert len(tab._gallery.captions) == 3 and "the photo, shrunk" in tab._gallery.captions[0]
        before = lab.state.pen_steps
        tab._gallery.pressed = {"at": 2, "count": 1}
        assert lab.state.pen_steps == before
        await lab.command("draw", SEVEN)
        await until(lambda: len(lab.state.snapshot.stages) == 5)

    experiment.run(story)
    assert experiment.problems() == []


def test_inverted_and_turned_digits_can_be_put_right_before_learning(experiment: Bench) -> None:
    """Open digits that lie and have dark ink, and put them right by hand: these are learned from."""
    digits = made_up(60, 3)
    wrong = digits.images.transpose(0, 2, 1)

    async def story(lab: Lab) -> None:
        await open_files(lab, "look_at_files", mine__npz=npz(images=wrong, labels=digits.labels))
        first = lab.state.opened
        await lab.command("decide", "turn")
        await lab.command("decide", "invert")
        await lab.command("decide", "invert")
        assert lab.state.opened.labels.tolist() == first.labels.tolist()
        turned = lab.state.opened.sheet.reshape(-1, 28, 28)
        assert np.array_equal(turned, first.sheet.reshape(-1, 28, 28).transpose(0, 2, 1))
        await lab.command("decide", "learn")
        train = lab.runner.experiment.train
        assert train is not None
        for image in train.images:
            assert (digits.images == image).all(axis=(1, 2)).any(), "the digits as they were before"

    experiment.run(story)
    assert experiment.problems() == []


def test_a_few_labelled_pictures_are_read(experiment: Bench) -> None:
    """Open five rows of a table: they are read, listed with their labels, and not learned from."""

    async def story(lab: Lab) -> None:
        answer = await open_files(lab, own__csv=as_csv(5))
        assert answer["opened"] == "pictures" and lab.state.dataset == "mnist"
        assert [one["label"] for one in answer["pictures"]] == made_up(5, 3).labels.tolist()

    experiment.run(story)
    assert experiment.problems() == []


def test_two_files_of_one_name_are_both_read(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        contents = {"first": as_csv(30), "second": as_csv(60).split(b"\n", 30)[-1]}

        async def fetch(address: str) -> bytes:
            return contents[address]

        lab.fetch = fetch
        files = [{"name": "mine.csv", "url": url} for url in contents]
        answer = await lab.command("open", {"files": files})
        assert answer["train"] + answer["test"] == 60

    experiment.run(story)


def test_a_network_of_another_program_is_asked_about_in_the_dialog(experiment: Bench) -> None:
    """Open bare weights: what they leave open is asked, and the answers open the network."""
    rng = np.random.default_rng(1)
    weights = npz(
        W1=rng.normal(0, 0.1, (784, 30)).astype(np.float32), b1=np.zeros(30, np.float32),
        W2=rng.normal(0, 0.1, (30, 10)).astype(np.float32), b2=np.zeros(10, np.float32),
    )  # fmt: skip

    async def story(lab: Lab) -> None:
        found = await open_files(lab, "look_at_files", theirs__npz=weights)
        asked = 0
        while lab.state.opened is not None:
            assert found["found"] == "question" and lab.state.opened.choices
            await lab.command("decide", lab.state.opened.choices[0].value)
            asked += 1
        assert asked > 0 and lab.runner.experiment.run.network.spec.layers == (784, 30, 10)

    experiment.run(story)
    assert experiment.problems() == []
