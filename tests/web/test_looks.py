"""Compare the narrow widths in the style sheets with those that the script ``theme.js`` measures."""

from __future__ import annotations

import re
from pathlib import Path

import web

ROOT = Path(web.__file__).parent


def test_each_width_of_the_style_sheets_is_one_that_the_script_measures() -> None:
    """Compare the two: ``theme.js`` marks the widths in ``WIDTHS`` alone, so no other rule ever applies."""
    script = (ROOT / "boot" / "page" / "theme.js").read_text(encoding="utf-8")
    found = re.search(r"const WIDTHS = \[(.*?)\]", script)
    assert found is not None
    sheets = "".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.css"))
    asked = re.findall(r'data-narrow~="(\d+)"', sheets)
    assert set(asked) == set(found[1].replace(" ", "").split(","))
