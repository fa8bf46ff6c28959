"""Check that the bundle of Bokeh's and Panel's JavaScript defines every model that the page can show."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from bokeh.model import Model
from bokeh.plotting import figure
from panel.viewable import Viewable

from tests.web.test_choices import page
from web.build.bokeh_bundle import SOURCES
from web.build.fetch import ROOT

__all__ = ["page"]  # the fixture: every part of the drawn page, with all tabs opened

VIEWS = ROOT / "web" / "views"
LISTED = re.findall(r"\b([A-Z]\w+)(?=,| })", (Path(SOURCES) / "models.mjs").read_text(encoding="utf-8"))


def names_of(models: set[Model]) -> set[str]:
    """Return the names of models as JavaScript has them."""
    return {type(model).__qualified_model__.split(".")[-1] for model in models}


def test_every_model_of_the_page_is_in_the_bundle(page: list[Viewable]) -> None:
    names = names_of({model for one in page for model in one.get_root().references()})
    # A component of ours makes a model of its own for its values, named with a number at the end.
    ours = {name for name in names if re.fullmatch(r"\w+[a-z]1", name)}
    assert "Layers1" in ours
    assert "Figure" in names
    assert names - ours <= set(LISTED)


def test_so_is_every_model_of_plots_that_are_made_later() -> None:
    names = names_of(figure(y_axis_type="log", x_range=(0, 1), y_range=(1, 10), tools="").references())
    assert "LogScale" in names
    assert names <= set(LISTED)


def test_so_is_every_model_that_the_views_import() -> None:
    imported = {
        alias.name
        for path in VIEWS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bokeh.models")
        for alias in node.names
    }
    assert "LogTicker" in imported
    assert imported <= set(LISTED)
