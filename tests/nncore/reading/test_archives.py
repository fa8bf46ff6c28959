"""Open archives: with backslashes, litter and copies, in each other, locked, damaged, beyond all bounds."""

from __future__ import annotations

import io
import tarfile
import zipfile

import numpy as np
import pytest

from nncore.datasets import DataError
from nncore.datasets.reading import unpack
from tests.nncore.reading.files import (
    HEADER,
    ROWS,
    X,
    Y,
    assert_same,
    foldered,
    idx,
    npy,
    npz,
    packed,
    paper,
    picture,
    read,
    text,
    zipped,
)

CSV = (HEADER + "\n").encode() + text(ROWS)
LITTER = {
    "__MACOSX/digits/7/._0.png": b"\0\5\x16\7",
    "__MACOSX/._digits": b"",
    "digits/7/._1.png": b"\0\5\x16\7",
    ".DS_Store": b"\0\0\0\1Bud1",
    "digits/7/Thumbs.db": b"\xd0\xcf\x11\xe0",
    "digits/desktop.ini": b"[.ShellClassInfo]",
    "README.md": b"# Digits 1, 2, 3",
    "readme.txt": b"1,2,3",
    "LICENSE": b"free",
}


def in_folder(files: dict[str, bytes], folder: str) -> dict[str, bytes]:
    return {f"{folder}/{name}": data for name, data in files.items()}


def test_backslashes_are_slashes() -> None:
    files = {f"digits\\{Y[number]}\\{number}.png": paper(number) for number in range(40)}
    assert_same(read({"digits.zip": zipped(files)}), 40)


def test_litter_is_left_out_and_listed() -> None:
    files = in_folder(foldered(), "digits")
    for given in (files | LITTER, {"digits.zip": zipped(files | LITTER)}):
        reading = read(given)
        assert_same(reading, 40)
        assert len(reading.report.skipped) == len(LITTER)
        assert all(skipped.reason for skipped in reading.report.skipped)


def test_zips_in_a_zip_are_opened_one_level_deep() -> None:
    halves = {"a.zip": zipped(foldered(20)), "b.zip": zipped(dict(list(foldered().items())[20:]))}
    assert_same(read({"all.zip": zipped(halves)}), 40)
    assert_same(read({"all.zip": zipped(halves | {"deep.zip": zipped({"more.zip": zipped({})})})}), 40)
    with pytest.raises(DataError, match="an archive in an archive in an archive"):
        read({"all.zip": zipped({"b.zip": zipped({"c.zip": zipped(foldered())})})})


def test_zips_of_tables_arrays_and_idx_files() -> None:
    assert_same(
        read({"a.zip": zipped({"mnist_train.csv": text(ROWS[:40]), "mnist_test.csv": text(ROWS[40:])})})
    )
    assert_same(read({"a.zip": zipped({"d/mnist.npz": npz(x=X, y=Y)})}))
    assert_same(read({"a.zip": zipped({"X.npy": npy(X), "y.npy": npy(Y)})}))
    files = {"train-images-idx3-ubyte.gz": packed(idx(X)), "train-labels-idx1-ubyte.gz": packed(idx(Y))}
    assert_same(read({"a.zip": zipped(files)}))
    assert_same(read({"a.csv.zip": zipped({"a.csv": CSV})}))
    assert_same(read({"a.csv.gz": packed(packed(CSV))}))


def test_tar_archives_are_opened() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in foldered().items():
            info = tarfile.TarInfo(f"digits/{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    assert_same(read({"mnist_png.tar.gz": buffer.getvalue()}), 40)
    assert_same(read({"mnist_png.tgz": buffer.getvalue()}), 40)


def test_the_names_of_zips_say_parts_and_digits() -> None:
    reading = read(
        {"train.zip": zipped(foldered(30)), "test.zip": zipped(dict(list(foldered().items())[30:]))}
    )
    assert_same(reading, 40)
    assert (reading.report.train, reading.report.test) == (30, 10)
    by_digit: dict[str, list[tuple[str, bytes]]] = {}
    for number in range(40):
        by_digit.setdefault(f"{Y[number]}.zip", []).append((f"img{number}.png", paper(number)))
    assert_same(read({name: zipped(files) for name, files in by_digit.items()}), 40)


def test_several_zips_with_equal_inner_names_lose_nothing() -> None:
    anna = {f"{Y[number]}/{number % 5}.png": paper(number) for number in range(0, 30)}
    ben = {f"{Y[number]}/{number % 5}.png": paper(number) for number in range(30, 60)}
    reading = read([("mine.zip", zipped(list(anna.items()))), ("mine.zip", zipped(list(ben.items())))])
    assert reading.report.train + reading.report.test == len(anna) + len(ben)


def test_a_doubled_folder_is_read_once_and_the_copies_are_listed() -> None:
    once = in_folder(foldered(), "archive/digits")
    twice = in_folder(foldered(), "archive/digits/digits")
    reading = read({"archive.zip": zipped(once | twice)})
    assert_same(reading, 40)
    assert len(reading.report.skipped) == 40
    assert "the same file as" in reading.report.skipped[0].reason
    copies = read(
        {"digits.csv": CSV, "digits (1).csv": CSV, "digits - Kopie.csv": CSV, "digits.csv.gz": packed(CSV)}
    )
    assert_same(copies)
    assert len(copies.report.skipped) == 3


def test_equal_pictures_of_different_meaning_are_both_read() -> None:
    """Read the same picture in training and test, and empty pictures: none is lost, and all is said."""
    files = in_folder(foldered(), "train") | in_folder(foldered(10), "test")
    reading = read(files)
    assert (reading.report.train, reading.report.test) == (40, 10)
    assert any("10 of the 10 test digits are training digits too" in text for text in reading.report.assumed)
    empty = picture(np.zeros((28, 28), np.uint8))
    assert read({f"{number % 10}/{number}.png": empty for number in range(60)}).report.train == 50


def test_a_locked_or_damaged_archive_is_named() -> None:
    good = bytearray(zipped(foldered()))
    locked = bytes(good).replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    with pytest.raises(DataError, match="^a.zip: locked with a password"):
        read({"a.zip": locked})
    for damaged in (bytes(good[:-40]), bytes(good[: len(good) // 2]), b"PK\x03\x04 and no more"):
        with pytest.raises(DataError, match="^a.zip: damaged"):
            read({"a.zip": damaged})
    for name, start in (("a.7z", b"7z\xbc\xaf\x27\x1c"), ("a.rar", b"Rar!\x1a\x07")):
        with pytest.raises(DataError, match=f"^{name}: packed with .*as .zip"):
            read({name: start + bytes(50)})
    with pytest.raises(DataError, match=r"^a.zip: .*nothing|^no digits in a.zip"):
        read({"a.zip": zipped({})})


def test_bombs_are_bounded_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "MOST_BYTES", 3_000_000)
    zeros = bytes(4_000_000)
    for name, data in (
        ("a.zip", zipped({"7/a.png": zeros})),
        ("a.zip", zipped({"b.zip": zipped({"7/a.png": zeros})})),
        ("a.csv.gz", packed(zeros)),
        ("a.npz", npz(x=np.zeros((4000, 1000), np.uint8), y=Y)),
        ("a.zip", zipped([(f"7/{number}.bin", zeros[:1_000_000]) for number in range(5)])),
    ):
        with pytest.raises(DataError, match=f"{name[2:]}.*unpacks to more than"):
            read({name: data})
    with_false_size = bytearray(zipped({"7/a.png": zeros}))
    place = with_false_size.rfind(b"PK\x01\x02")
    with_false_size[place + 24 : place + 28] = (1000).to_bytes(4, "little")
    with pytest.raises(DataError, match="^a.zip: "):
        read({"a.zip": bytes(with_false_size)})
    monkeypatch.setattr(unpack, "MOST_FILES", 30)
    with pytest.raises(DataError, match="^a.zip: holds more than 30 files"):
        read({"a.zip": zipped(foldered())})


def test_an_archive_of_another_program_is_named() -> None:
    for files, words in (
        ({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b""}, "an Office document"),
        ({"model/data.pkl": b"\x80\x02.", "model/version": b"3"}, "the file of a network"),
        ({"model.weights.h5": b"", "config.json": b"{}"}, "the file of a network"),
    ):
        with pytest.raises(DataError, match=f"^a.zip: .*{words}"):
            read({"a.zip": zipped(files)})


def test_files_of_other_kinds_beside_digits_are_listed() -> None:
    others = {
        "notes.txt": b"Written by Anna in May.",
        "photo.heic": b"\0\0\0\x18ftypheic",
        "a.pdf": b"%PDF-1.4",
        "train.py": b"import numpy",
        "model.h5": b"\x89HDF\r\n\x1a\n",
    }
    reading = read(foldered() | others)
    assert_same(reading, 40)
    assert {skipped.file for skipped in reading.report.skipped} == set(others)
    with pytest.raises(DataError, match="^mine.csv: "):
        read(foldered() | {"mine.csv": b"1,2\n3"})


def test_a_zip_is_told_by_its_content() -> None:
    assert zipfile.is_zipfile(io.BytesIO(zipped(foldered())))
    assert_same(read({"digits": zipped(foldered())}), 40)
    assert_same(read({"digits.png": zipped(foldered())}), 40)
