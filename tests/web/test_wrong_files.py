"""Test wrong files of every kind: one message in our own words names the file, the fault and the remedy.

The messages of NumPy, zipfile, json and other libraries are for programmers, and one gives dangerous advice
(to allow loading a pickle), so none of their words may be in ours.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.checkpoint import Checkpoint, CheckpointError
from nncore.cli import main
from nncore.datasets import DataError
from nncore.datasets.arrays_pickle import read_mnist_pickle
from nncore.datasets.idx import read_idx, write_idx
from nncore.datasets.reading import read_files, read_path
from nncore.datasets.reading.faults import sum_up
from nncore.datasets.shards import read_manifest
from nncore.datasets.strokes import read_strokes
from nncore.storage import StorageError, from_json, from_npz, load
from tests.web.conftest import Bench
from tests.web.test_files import as_csv, npz, open_files
from web.lab import Lab

LIBRARIES = re.compile(
    r"allow_pickle|pickled|pickle_module|is not a zip file|gzip file \(|gzipped file|BadZip|magic"
    r"|central directory|CRC|EOF|Errno|errno|Expecting|Extra data|Unterminated|delimiter|line \d+ column"
    r"|char \d+|codec|decode|utf-?8|byte 0x|invalid literal|base 10|could not convert|buffer|unpack requires"
    r"|incorrect header|Error -\d|inhomogeneous|reshape|broadcast|ufunc|dtype|object of type|NoneType"
    r"|__init__|Traceback|Error\b|Exception|unexpected|positional argument|KeyError|PIL|maximum recursion"
    r"|cannot identify|not subscriptable|has no attribute"
)
"""Matches words from the messages of Python, NumPy, zlib and Pillow."""


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    """Return the bytes of a PNG: its signature and these chunks."""
    made = b"".join(struct.pack(">I", len(data)) + kind + data + b"\0\0\0\0" for kind, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + made


def archive(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, data in files.items():
            made.writestr(name.replace("__", "."), data)
    return buffer.getvalue()


def palette_picture() -> bytes:
    """Return a PNG with a palette's indices and without the palette."""
    head = struct.pack(">IIBBBBB", 28, 28, 8, 3, 0, 0, 0)
    return png((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 28 * 29)))


DEEP = b'{"kind": ' + b"[" * 200_000
BINARY = bytes(range(256)) * 20
OBJECTS = npz(images=np.array([{}, None], object), labels=np.array([1, 2]))
WHOLE_NPZ = npz(images=np.zeros((30, 28, 28), np.uint8), labels=np.zeros(30, np.uint8))
WRONG: dict[str, bytes] = {
    "empty": b"",
    "binary": BINARY,
    "text": "Zahlen: ä, ö, ü\n1,2,3".encode("utf-16"),
    "latin": "7,ä,é".encode("latin1"),
    "broken json": b'{"kind": "inkling-network", "format": 1, ',
    "json of another kind": b"[1, 2, 3]",
    "json with wrong types": json.dumps(
        {"kind": "inkling-network", "format": 1, "network": {"layers": "abc"}, "preprocessing": {}}
    ).encode(),
    "json without layers": json.dumps({"kind": "inkling-network", "format": 1, "network": {}}).encode(),
    "deep json": DEEP,
    "pickled objects": OBJECTS,
    "cut archive": WHOLE_NPZ[: len(WHOLE_NPZ) // 2],
    "damaged archive": WHOLE_NPZ[:60] + b"\xff" * 40 + WHOLE_NPZ[100:],
    "archive of text": archive(a__npy=b"no array", b__txt=b"hello"),
    "archive of nonsense": archive(about__npy=b"\x93NUMPY\x01\x00\x10\x00{'descr': '|O', "),
    "texts for labels": npz(images=np.zeros((30, 28, 28)), labels=np.array(["heart"] * 30)),
    "a number for images": npz(images=np.array(3), labels=np.array(4)),
    "not numbers": npz(images=np.full((30, 28, 28), np.nan), labels=np.zeros(30)),
    "cut gzip": gzip.compress(as_csv(20))[:200],
    "gzip of nothing": b"\x1f\x8b\x08\x00" + b"\xff" * 50,
    "pickle": b"\x80\x04\x95\x00\x00\xff",
    "cut idx": write_idx(np.zeros((30, 28, 28), np.uint8))[:500],
    "huge idx": b"\0\0\x08\x03" + b"\xff" * 12,
    "cut picture": png((b"IHDR", b"\0\0")),
    "picture without colours": palette_picture(),
    "picture with damaged rows": png(
        (b"IHDR", struct.pack(">IIBBBBB", 28, 28, 8, 0, 0, 0, 0)), (b"IDAT", b"nothing of zlib's")
    ),
    "signs": b"7," + b"+1," * 783 + b"_",
    "no drawing": b'{"label": 7, "strokes": [[["a", "b"]]]}',
    "a drawing of nothing": b'{"label": 7}',
}
NAMES = ("x.npz", "x.json", "x.csv", "x.csv.gz", "x-images-idx3-ubyte", "7.png", "x.zip", "x.pkl", "x.txt")


def words_of(call: Callable[[], Any]) -> str:
    """Return the message with which a reader refuses a file, or "" if it accepts the file."""
    try:
        call()
    except (DataError, StorageError, CheckpointError) as error:
        return str(error)
    return ""


READERS: dict[str, Callable[[bytes], Any]] = {
    "load": lambda data: load(data, "mine"),
    "from_npz": lambda data: from_npz(data, "mine"),
    "from_json": lambda data: from_json(data, "mine"),
    "read_files": lambda data: read_files([("mine", data)]),
    "read_files as a table": lambda data: read_files([("mine.csv", data)]),
    "read_idx": lambda data: read_idx(data, "mine"),
    "read_files as a picture": lambda data: read_files([("mine.png", data)]),
    "read_mnist_pickle": lambda data: read_mnist_pickle(data, "mine"),
    "read_strokes": lambda data: read_strokes(data, "mine"),
    "read_manifest": read_manifest,
    "Checkpoint.from_bytes": Checkpoint.from_bytes,
}


@pytest.mark.parametrize("reader", READERS)
def test_no_reader_passes_a_librarys_words_on(reader: str) -> None:
    """Give every reader every wrong file: each is refused without a library's words."""
    for kind, data in WRONG.items():
        words = words_of(lambda data=data: READERS[reader](data))
        assert words, f"{reader} takes {kind}"
        assert not LIBRARIES.search(words), f"{reader} of {kind}: {words}"
        if "Checkpoint" not in reader:  # a checkpoint is read from bytes without a file's name
            assert "mine" in words or words.startswith("manifest.json"), f"{reader} of {kind}: {words}"


def test_a_folder_of_wrong_pictures_is_refused_in_our_words(tmp_path: Path) -> None:
    pytest.importorskip("PIL")
    for kind in ("binary", "cut picture", "empty"):
        (tmp_path / "7.png").write_bytes(WRONG[kind])
        words = words_of(lambda: read_path(tmp_path))
        assert "7.png" in words and not LIBRARIES.search(words), words


@pytest.mark.parametrize("name", NAMES)
def test_the_page_refuses_every_wrong_file_in_our_words(experiment: Bench, name: str) -> None:
    async def story(lab: Lab) -> None:
        for kind, data in WRONG.items():
            with pytest.raises((DataError, StorageError)) as refused:
                await open_files(lab, **{name.replace(".", "__"): data})
            words = str(refused.value)
            assert name in words or f"no digits in {name}" in words, f"{kind}: {words}"
            assert not LIBRARIES.search(words), f"{name} of {kind}: {words}"

    experiment.run(story)
    assert all(text.startswith("Nothing was opened. ") for text in experiment.problems())


def test_many_wrong_files_are_one_message(experiment: Bench) -> None:
    files = {f"note{number}__txt": b"hello" for number in range(5)}
    files |= {f"{number}__png": b"no picture" for number in range(4)}
    files |= {"a__npz": OBJECTS, "b__zip": b"no archive"}

    async def story(lab: Lab) -> None:
        with pytest.raises(DataError):
            await open_files(lab, **files)

    experiment.run(story)
    [text] = experiment.problems()
    assert text.startswith("Nothing was opened. 11 files can't be used. ")
    for part in ("note0.txt, note1.txt and 3 more (.txt): ", "0.png, 1.png and 2 more (.png): ", "a.npz: "):
        assert part in text, text
    assert len(text) < 700 and not LIBRARIES.search(text)


@pytest.mark.parametrize("command", ["open", "look_at_files"])
def test_a_network_among_digits_opens_nothing(experiment: Bench, command: str) -> None:
    async def story(lab: Lab) -> None:
        before = lab.state.choices()
        with pytest.raises(DataError, match="^mine.json: the file of a network; open networks and digits"):
            await open_files(lab, command, good__csv=as_csv(60), mine__json=b"{}")
        assert lab.state.choices() == before and lab.state.opened is None

    experiment.run(story)
    assert len(experiment.problems()) == 1


def test_a_wrong_file_beside_good_ones_is_left_out_and_told(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        answer = await open_files(lab, good__csv=as_csv(60), notes__txt=b"hello")
        assert answer["opened"] == "digits" and answer["train"] + answer["test"] == 60
        assert [skipped["file"] for skipped in answer["skipped"]] == ["notes.txt"]

    experiment.run(story)


def test_faults_are_summed_up() -> None:
    assert sum_up([("a.csv", "too few")]) == "a.csv: too few"
    assert sum_up([("a", "bad"), ("b", "bad")]) == "2 files can't be used. a and b: bad"


@pytest.mark.parametrize("arguments", [["inspect"], ["convert"], ["test", "--data", "there"]])
@pytest.mark.parametrize("kind", ["pickled objects", "cut archive", "broken json", "binary"])
def test_the_command_line_says_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], kind: str
) -> None:
    path = tmp_path / "mine.npz"
    path.write_bytes(WRONG[kind])
    command, *others = arguments
    target = [str(tmp_path / "other.json")] if command == "convert" else []
    assert main([command, str(path), *target, *others]) == 1
    words = capsys.readouterr().err
    assert words.startswith("error: mine.npz: ") and not LIBRARIES.search(words.removeprefix("error:")), words


def test_the_command_line_names_a_file_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, reason in ((tmp_path / "none.npz", "there is no such file"), (tmp_path, "this is a folder")):
        assert main(["inspect", str(path)]) == 1
        words = capsys.readouterr().err
        assert words.startswith(f"error: {path}: {reason}") and "Errno" not in words, words
