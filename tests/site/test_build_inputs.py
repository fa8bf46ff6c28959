"""Checks that inputs are taken from any source, but only with the pinned bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from web.build.errors import BuildError, MissingInput, WrongHash
from web.build.fetch import Inputs, Source
from web.build.pins import Pin, read_pins
from web.build.sources import Answer

GOOD, BAD = b"the pinned bytes", b"other bytes"
PIN = Pin("thing.whl", "page", hashlib.sha256(GOOD).hexdigest(), pip="thing==1.0")


def source(name: str, data: bytes | None, asked: list[str] | None = None) -> Source:
    """Return a source that answers every input with ``data``; with None it has no input."""

    def answer(pins: Iterable[Pin]) -> Iterator[Answer]:
        for pin in pins:
            if asked is not None:
                asked.append(name)
            yield Answer(pin, name, data, "" if data else "hasn't got it")

    return answer


def inputs(cache: Path, *sources: Source, offline: bool = False) -> Inputs:
    return Inputs(cache, offline, lambda text: None, sources)


def test_the_first_source_with_the_right_bytes_is_taken(tmp_path: Path) -> None:
    asked: list[str] = []
    sources = [source(n, d, asked) for n, d in (("a", None), ("b", BAD), ("c", GOOD), ("d", GOOD))]
    paths = inputs(tmp_path, *sources).get([PIN])
    assert paths["thing.whl"].read_bytes() == GOOD
    assert asked == ["a", "b", "c"]


def test_what_is_in_the_cache_is_not_fetched_again(tmp_path: Path) -> None:
    inputs(tmp_path, source("a", GOOD)).get([PIN])
    asked: list[str] = []
    inputs(tmp_path, source("a", GOOD, asked)).get([PIN])
    assert asked == []


def test_a_file_damaged_in_the_cache_is_fetched_again(tmp_path: Path) -> None:
    path = inputs(tmp_path, source("a", GOOD)).get([PIN])["thing.whl"]
    path.write_bytes(BAD)
    assert inputs(tmp_path, source("a", GOOD)).get([PIN])["thing.whl"].read_bytes() == GOOD


def test_wrong_bytes_everywhere_name_the_input_and_both_hashes(tmp_path: Path) -> None:
    with pytest.raises(WrongHash) as error:
        inputs(tmp_path, source("a", None), source("b", BAD)).get([PIN])
    assert str(error.value) == (
        f"thing.whl fails its hash: pins.toml says SHA-256 {PIN.sha256}, but the cache hasn't got it; "
        f"a hasn't got it; b has {hashlib.sha256(BAD).hexdigest()}"
    )
    assert not (tmp_path / "inputs" / "thing.whl").exists()


def test_no_source_at_all_names_the_input_and_what_each_said(tmp_path: Path) -> None:
    with pytest.raises(
        MissingInput, match=r"thing.whl could not be fetched: the cache hasn't got it; a hasn't got it"
    ):
        inputs(tmp_path, source("a", None)).get([PIN])


def test_offline_asks_nobody(tmp_path: Path) -> None:
    asked: list[str] = []
    with pytest.raises(MissingInput, match=r"--offline was given, and the cache .* lacks thing\.whl"):
        inputs(tmp_path, source("a", GOOD, asked), offline=True).get([PIN])
    assert asked == []


def test_every_pin_names_its_version() -> None:
    for pin in read_pins():
        if pin.use not in ("mnist", "small"):
            packages = [p for p in (pin.npm, pin.pip) if p]
            assert packages and all("@" in p or "==" in p for p in packages), pin.file


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[[input]]\nfile = "a"\nuse = "page"\nsha256 = "12"\npip = "a==1"', "no SHA-256"),
        (
            f'[[input]]\nfile = "a"\nuse = "pages"\nsha256 = "{"0" * 64}"\npip = "a==1"',
            "legal are runtime, page",
        ),
        (f'[[input]]\nfile = "a"\nuse = "page"\nsha256 = "{"0" * 64}"', "no source"),
        (f'[[input]]\nfile = "a"\nuse = "page"\nsha256 = "{"0" * 64}"\npip = "a==1"\n' * 2, "twice: a"),
        ('[[input]]\nfile = "a"', "is not a list of inputs"),
        ("input = ", "is not a list of inputs"),
    ],
)
def test_a_malformed_pin_is_named(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "pins.toml"
    path.write_text(text)
    with pytest.raises(BuildError, match=reason):
        read_pins(path)
