"""Test that importing a module whose file is not loaded yet fetches the file, and no other import does."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from web.delivery.lazy_modules import expect, module_of


def test_a_path_tells_the_module() -> None:
    site = "/lib/python3.14/site-packages"
    assert module_of(f"{site}/bokeh/models/__init__.pyc") == "bokeh.models"
    assert module_of(f"{site}/bokeh/models/axes.pyc") == "bokeh.models.axes"
    assert module_of("/lib/python3.14/json/tool.pyc") == "json.tool"


def test_only_the_import_of_a_late_module_fetches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched = []

    def fetch(name: str) -> None:
        fetched.append(name)
        (tmp_path / "comes_late.py").write_text("here = True")

    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    late = expect(["/lib/python3.14/site-packages/comes_late.pyc"], fetch)
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("never_comes")
    assert fetched == []
    assert importlib.import_module("comes_late").here and fetched == ["comes_late"]
    assert late not in sys.meta_path
    sys.modules.pop("comes_late")
