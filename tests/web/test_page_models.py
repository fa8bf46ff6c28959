"""Check that the bundle of Bokeh's and Panel's JavaScript defines every model that the page can show."""

from __future__ import annotations

import re
from pathlib import Path

from panel.viewable import Viewable

from tests.web.test_choices import page
from web.build.bokeh_bundle import SOURCES

__all__ = ["page"]  # the fixture: every part of the drawn page, with all tabs opened

LISTED = re.findall(r"\b([A-Z]\w+)(?=,| })", (Path(SOURCES) / "models.mjs").read_text(encoding="utf-8"))


def test_every_model_of_the_page_is_in_the_bundle(page: list[Viewable]) -> None:
    models = {model for one in page for model in one.get_root().references()}
    names = {type(model).__qualified_model__.split(".")[-1] for model in models}
    # A component of ours makes a model of its own for its values, named with a number at the end.
    ours = {name for name in names if re.fullmatch(r"\w+[a-z]1", name)}
    assert "Layers1" in ours
    assert "Figure" in names
    assert names - ours <= set(LISTED)
