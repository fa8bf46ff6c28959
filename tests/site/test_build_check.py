"""Checks that the built site is whole and needs no other host, and that the build's own check notices
faults."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from web.build.check import check_site
from web.build.errors import BuildError
from web.build.pins import pins_for
from web.image.loader_patch import PATCHED


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def lock_of(site: Path) -> dict[str, dict]:
    return json.loads((site / "pyodide" / "pyodide-lock.json").read_text())["packages"]


def test_the_site_passes_its_check(site: Path) -> None:
    check_site(site)


def test_every_file_is_listed_with_its_hash(site: Path) -> None:
    listed = {
        f["path"]: (f["bytes"], f["sha256"]) for f in json.loads((site / "build.json").read_text())["files"]
    }
    outside = ("build.json", "service-worker.js")  # the service worker holds the hash of build.json
    files = [path for path in site.rglob("*") if path.is_file() and path.name not in outside]
    assert listed == {p.relative_to(site).as_posix(): (p.stat().st_size, sha256(p)) for p in files}


def test_the_lock_lists_exactly_the_wheels_with_their_hashes(site: Path) -> None:
    packages = lock_of(site)
    assert {p["file_name"]: p["sha256"] for p in packages.values()} == {
        path.name: sha256(path) for path in (site / "pyodide").glob("*.whl")
    }


def test_the_core_files_are_pyodides_own_but_for_the_patched_loader(site: Path) -> None:
    different = [
        pin.file
        for pin in pins_for("runtime") + pins_for("whole")
        if sha256(site / "pyodide" / pin.file) != pin.sha256
    ]
    assert different == [PATCHED]  # test_start.py checks how it differs


def test_the_page_starts_without_scipy_and_pillow(site: Path) -> None:
    packages = lock_of(site)
    needed, todo = set(), ["inkling"]
    while todo:
        name = todo.pop()
        needed.add(name)
        todo += [other for other in packages[name]["depends"] if other not in needed]
    assert {"numpy", "panel", "bokeh"} <= needed
    assert set(packages) - needed == {"pillow", "scipy"}


def test_python_is_shipped_as_byte_code_of_the_pages_python(site: Path) -> None:
    magic = set()
    for path in (site / "pyodide").glob("*-cp314-*.whl"):
        if path.name.startswith(("scipy", "pillow")):
            continue
        with zipfile.ZipFile(path) as wheel:
            names = wheel.namelist()
            assert [name for name in names if name.endswith(".py")] == []
            magic |= {wheel.read(name)[:4] for name in names if name.endswith(".pyc")}
    assert magic == {(3627).to_bytes(2, "little") + b"\r\n"}  # CPython 3.14's


def test_the_kernels_are_shipped_and_not_loaded_with_the_wheel(site: Path) -> None:
    with zipfile.ZipFile(next((site / "pyodide").glob("inkling-*.whl"))) as wheel:
        names = wheel.namelist()
        assert wheel.read("nncore/kernels/simd.wasm").startswith(b"\0asm")
        assert wheel.read("nncore/kernels/relaxed.wasm").startswith(b"\0asm")
    # Pyodide opens every .so of a wheel at once, and relaxed SIMD is not everywhere.
    assert [name for name in names if name.endswith(".so")] == []


ENTRY = re.compile(r"<summary><b>(.*?)</b> <span>(.*?)</span></summary>\s*<pre>(.*?)</pre>", re.DOTALL)
"""An entry of the page of licences: the work's name, the name of its licence, the full terms."""


def test_every_package_has_an_entry_with_its_terms_on_the_page_of_licences(site: Path) -> None:
    entries = ENTRY.findall((site / "licences.html").read_text(encoding="utf-8"))
    packages = {name: package["version"] for name, package in lock_of(site).items()}
    del packages["inkling"]  # has its entry without a version
    shipped = {f"{name} {version}" for name, version in packages.items()}
    assert shipped <= {name.lower().replace("_", "-") for name, _, _ in entries}
    for name, licence, terms in entries:
        assert licence and len(terms) > 200, name


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("Inkling", "MIT License"),
        ("Pyodide", "Mozilla Public License"),
        ("CPython", "PYTHON SOFTWARE FOUNDATION LICENSE"),
        ("MNIST", "Yann LeCun"),
    ],
)
def test_what_is_no_package_has_its_own_terms(site: Path, name: str, terms: str) -> None:
    entries = ENTRY.findall((site / "licences.html").read_text(encoding="utf-8"))
    found = [text for shown, _, text in entries if shown.startswith(name)]
    assert len(found) == 1 and terms in found[0]


PAGE, WORKER = "index.html", "boot/worker/worker.mjs"


@pytest.fixture(scope="module")
def copy(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the site that tests may damage."""
    return shutil.copytree(site, tmp_path_factory.mktemp("copy") / "site")


@pytest.mark.parametrize(
    ("name", "added", "reason"),
    [
        (PAGE, '<script src="https://cdn.example.com/a.js"></script>', "not relative to the site"),
        (PAGE, '<link rel="stylesheet" href="//cdn.example.com/a.css">', "not relative to the site"),
        (PAGE, '<img src="/static/logo.png">', "not relative to the site"),
        (PAGE, '<img srcset="./look/icon.svg 1x, https://example.com/b.png 2x">', "not relative to the site"),
        (PAGE, '<img src="./static/not-there.png">', "not in the site"),
        (PAGE, '<style>p { background: url(https://e.com/b.png) }</style>', "not relative to the site"),
        (PAGE, '<script type="application/json">["https://e.com/x.css"]</script>', "foreign address"),
        (PAGE, '<script>"./static/panel/1.9.4/dist/css/gone.css"</script>', "not in the site"),
        ("look/page.css", '@import "https://example.com/font.css";', "not relative to the site"),
        ("look/page.css", "p { background: url(../look/gone.png) }", "not in the site"),
        (WORKER, 'import("https://cdn.example.com/pyodide.mjs")', "foreign address"),
        (WORKER, "fetch(`//example.com/${x}`)", "foreign address"),
        ("pyodide/pyodide.mjs", 'fetch("https://new.example.com/x")', "names the host new.example.com"),
    ],
)  # fmt: skip
def test_a_foreign_or_missing_address_is_found(copy: Path, name: str, added: str, reason: str) -> None:
    path = copy / name
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(text + "\n" + added, encoding="utf-8")
        with pytest.raises(BuildError, match=reason) as error:
            check_site(copy)
        assert name in str(error.value)
    finally:
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "harmless",
    [
        '<a href="https://example.com/">a link that a person may follow</a>',
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        '<img src="data:image/png;base64,AA==">',
        "<!-- https://example.com in a comment -->",
    ],
)
def test_what_is_not_loaded_may_stand_there(copy: Path, harmless: str) -> None:
    path = copy / PAGE
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(text + harmless, encoding="utf-8")
        check_site(copy)
    finally:
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", [".nojekyll", "licences.html", "look/icon.svg", "boot/page/head.js"])
def test_a_missing_file_is_found(copy: Path, name: str) -> None:
    (copy / name).rename(copy / "away")
    try:
        with pytest.raises(BuildError, match=name.replace(".", r"\.")):
            check_site(copy)
    finally:
        (copy / "away").rename(copy / name)


def test_a_wheel_that_the_lock_does_not_list_is_found(copy: Path) -> None:
    extra = copy / "pyodide" / "extra-1.0-py3-none-any.whl"
    extra.write_bytes(b"")
    try:
        with pytest.raises(BuildError, match="extra-1.0"):
            check_site(copy)
    finally:
        extra.unlink()
