"""Checks the build's cache: a result is made once, appears whole or not at all, and is deleted when it is
old."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from web.build.cache import cached, trim


def test_made_once(tmp_path: Path) -> None:
    made = []

    def make(folder: Path) -> None:
        made.append(folder)
        (folder / "result").write_text("x")

    first, second = (cached(tmp_path / "shelf", "key", make) for _ in range(2))
    assert first == second == tmp_path / "shelf" / "key"
    assert (first / "result").read_text() == "x"
    assert len(made) == 1


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").write_text("x")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        cached(tmp_path, "key", fail)
    assert list(tmp_path.iterdir()) == []


def test_two_at_a_time_agree_on_the_first(tmp_path: Path) -> None:
    def overtaken(folder: Path) -> None:
        cached(tmp_path, "key", lambda other: (other / "result").write_text("theirs"))
        (folder / "result").write_text("ours")

    assert (cached(tmp_path, "key", overtaken) / "result").read_text() == "theirs"


def test_the_results_used_last_are_kept(tmp_path: Path) -> None:
    for age, name in enumerate(("new", "older", "oldest")):
        os.utime(cached(tmp_path, name, lambda folder: None), (1e9 - age, 1e9 - age))
    cached(tmp_path, "oldest", lambda folder: None)  # used now
    trim(tmp_path, keep=2)
    assert {folder.name for folder in tmp_path.iterdir()} == {"new", "oldest"}
