"""Check that the files, headings, modules, commands and options that the documents name exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BASES = [ROOT, *(ROOT / name for name in ("web", "web/boot", "nncore", "docs"))]
"""The folders from which paths in the documents begin."""

SOURCES = [
    path
    for folder in ("nncore", "web", "tests", "docs", ".ci", ".github")
    for path in (ROOT / folder).rglob("*")
    if path.is_file() and not {"node_modules", "__pycache__"} & set(path.parts)
] + [path for path in ROOT.iterdir() if path.is_file()]
NAMES = {path.name for path in SOURCES}
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in SOURCES
    if path.suffix == ".py" and path != Path(__file__).resolve()
)

NOT_HERE = {
    "dist", "dist/data", ".cache", ".venv/bin/activate",
    "build.json", "manifest.json", "data",  # in a built site
    "path/to/mnist", "your.host/inkling", "weights.npz",
}  # fmt: skip
"""Paths that exist on a reader's machine only, or that the build makes."""

OF_OTHERS = {"--static-dirs"}
"""Options of Panel's own command."""

FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
PATH = re.compile(r"[\w.*-]*/[\w./*-]*|[\w-]+\.(?:py|mjs|js|toml|css|c|md|json|html|npz|yml)\b")


def anchor(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def headings(text: str) -> set[str]:
    """Return the anchors of a document."""
    return {anchor(found) for found in re.findall(r"^#+ (.*)$", FENCED.sub("", text), re.MULTILINE)}


def missing_links(document: Path, text: str) -> list[str]:
    """Return links to a file or heading that does not exist. Links to other sites are not looked at."""
    missing = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        name, _, heading = target.partition("#")
        path = document.parent / name if name else document
        if "://" not in target and not (
            path.exists() and (not heading or heading in headings(path.read_text(encoding="utf-8")))
        ):
            missing.append(target)
    return missing


def missing_paths(text: str) -> list[str]:
    """Return paths between backticks that do not exist. NAME, ``*`` and the like stand for several files."""
    codes = [code for code in re.findall(r"`([^`\n]+)`", FENCED.sub("", text)) if "://" not in code]
    found = {path for code in codes for path in PATH.findall(code)}
    named = {path.rstrip("/") for path in found if not re.search(r"[*]|[A-Z]{3,}\.|^/", path)} - NOT_HERE
    return sorted(
        path
        for path in named
        if path and path not in NAMES and not any((base / path).exists() for base in BASES)
    )


def missing_modules(text: str) -> list[str]:
    """Return modules after ``python -m`` that do not exist."""
    ours = re.findall(r"python -m ((?:nncore|web|tests)[\w.]*)", text)
    paths = {name: ROOT / name.replace(".", "/") for name in ours}
    return [
        name
        for name, path in paths.items()
        if not path.with_suffix(".py").exists() and not (path / "__main__.py").exists()
    ]


def missing_options(text: str) -> list[str]:
    """Return options that none of our commands has."""
    code = "\n".join([*re.findall(r"`([^`\n]+)`", text), *FENCED.findall(text)])
    code += "\n".join(re.findall(r"^    .*(?:python -m (?:nncore|tests)|build\.py).*$", text, re.MULTILINE))
    options = set(re.findall(r"(?<![\w-])--[a-z][\w-]+", code)) - OF_OTHERS
    return sorted(option for option in options if f'"{option}"' not in CODE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_names_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert missing_links(document, text) == []
    assert missing_paths(text) == []
    assert missing_modules(text) == []
    assert missing_options(text) == []


def test_what_is_missing_is_found() -> None:
    """Check the checks above with texts that name files, modules and options that do not exist."""
    readme = ROOT / "README.md"
    links = "[a](docs/gone.md) [b](CONTRIBUTING.md#recipes) [c](CONTRIBUTING.md#gone) [d](https://gone.org/)"
    assert missing_links(readme, links) == ["docs/gone.md", "CONTRIBUTING.md#gone"]
    assert missing_paths("`web/gone.py`, `gone.mjs`, `boot/page/theme.js`, `pen/NAME.py`, `dist/`") == [
        "gone.mjs",
        "web/gone.py",
    ]
    assert missing_modules("python -m nncore, python -m nncore.gone, python -m pip") == ["nncore.gone"]
    assert missing_options("`--mnist DIR` or `--gone`") == ["--gone"]


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 900
