"""Runs ``python build.py`` as a person does: faults end in one sentence, and two builds give the same
bytes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.site.conftest import DIGITS, ROOT
from web.build.fetch import cache_folder
from web.build.pins import pins_for

SOURCES = ("nncore", "web", "build.py", "pyproject.toml", "LICENSE")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the parts of the project that the build reads; tests may change it."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    return folder


def build(
    project: Path, *arguments: str | Path, cache: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the build of ``project`` with the given cache, by default the cache of the fixture ``site``."""
    return subprocess.run(
        [sys.executable, str(project / "build.py"), *map(str, arguments)],
        cwd=project,
        env=os.environ | {"INKLING_CACHE": str(cache or cache_folder())},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def only_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """Return the error of a failed build, which must be one line without a traceback; the exit code must be
    1."""
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.parametrize("use", ["runtime", "lock", "page", "whole", "tool"])
def test_an_input_with_another_hash_stops_the_build_and_is_named(project: Path, site: Path, use: str) -> None:
    pin = pins_for(use)[-1]
    pins = project / "web" / "build" / "pins.toml"
    wrong = ("1" if pin.sha256[0] == "0" else "0") + pin.sha256[1:]
    pins.write_text(pins.read_text().replace(pin.sha256, wrong))
    out = project / "dist"
    said = only_sentence(build(project, "--offline", "--out", out))
    assert said == (
        f"build.py: {pin.file} fails its hash: pins.toml says SHA-256 {wrong}, but the cache has {pin.sha256}"
    )
    assert not out.exists()


def test_offline_with_an_empty_cache_says_what_is_missing(project: Path, tmp_path: Path) -> None:
    said = only_sentence(build(project, "--offline", cache=tmp_path / "empty"))
    assert said.startswith("build.py: --offline was given, and the cache ")
    for pin in pins_for("runtime") + pins_for("page"):
        assert pin.file in said


def test_a_folder_without_mnist_is_named(project: Path, site: Path, tmp_path: Path) -> None:
    said = only_sentence(build(project, "--offline", "--mnist", tmp_path / "nothing"))
    assert re.search(r"--mnist .*nothing: there is no train-images-idx3-ubyte", said)


def test_a_local_file_that_is_not_mnist_is_named(project: Path, site: Path, tmp_path: Path) -> None:
    (tmp_path / "train-images-idx3-ubyte").write_bytes(b"not MNIST")
    said = only_sentence(build(project, "--offline", "--mnist", tmp_path))
    assert "train-images-idx3-ubyte fails its hash" in said


def test_a_folder_with_other_files_is_left_alone(project: Path, site: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "thesis.txt").write_text("years of work")
    said = only_sentence(build(project, "--offline", "--out", theirs))
    assert "has files in it that no build made" in said
    assert [path.name for path in theirs.iterdir()] == ["thesis.txt"]


def test_a_build_that_fails_leaves_the_last_site(project: Path, site: Path) -> None:
    out = shutil.copytree(site, project / "dist")
    (project / "web" / "app.py").write_text("raise ValueError('a mistake in the app')\n")
    said = only_sentence(build(project, "--offline", *DIGITS))
    assert said == "build.py: the app did not run at build time: ValueError: a mistake in the app"
    assert (out / "index.html").read_bytes() == (site / "index.html").read_bytes()
    assert [path.name for path in project.glob(".dist-*")] == []


def test_two_builds_are_the_same_bytes(project: Path, site: Path, tmp_path: Path) -> None:
    """The second build has another folder and another cache that holds only the inputs, so it can reuse
    nothing of the first."""
    cache = tmp_path / "cache"
    shutil.copytree(cache_folder() / "inputs", cache / "inputs", copy_function=os.link)
    done = build(project, "--offline", "--quick", *DIGITS, cache=cache)
    assert done.returncode == 0, done.stderr
    again = project / "dist"
    files = {path.relative_to(site) for path in site.rglob("*") if path.is_file()}
    assert files == {path.relative_to(again) for path in again.rglob("*") if path.is_file()}
    assert [name for name in sorted(files) if (site / name).read_bytes() != (again / name).read_bytes()] == []
    assert re.search(r"dist: \d+ files, [\d.]+ MB, [\d,]+ digits \(.*\), in [\d.]+ s$", done.stdout.strip())


PLAN = re.compile(r'(?<=id="start-plan">)[^<]*')


def plan_of(site: Path) -> dict[str, Any]:
    """The plan of the start, as the page's scripts read it."""
    [text] = PLAN.findall((site / "index.html").read_text())
    plan: dict[str, Any] = json.loads(text)
    return plan


def test_a_site_without_an_image_is_the_same_site_but_for_the_image(
    site: Path, site_without_image: Path
) -> None:
    """The page comes drawn all the same, by the same Python, and its packages are those of a site with an
    image."""
    files, fewer = (
        {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        for folder in (site, site_without_image)
    )
    plan, without = plan_of(site), plan_of(site_without_image)
    images = {plan.pop("image")["file"], plan.pop("libraries")["file"]}
    assert files - fewer == {f"start/{name}" for name in images} and fewer <= files
    assert without == plan
    pages = [PLAN.sub("", (folder / "index.html").read_text()) for folder in (site, site_without_image)]
    assert pages[0] == pages[1]
