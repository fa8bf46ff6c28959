"""Style sheets and the script that they follow agree on the widths that the page has no room for."""

from __future__ import annotations

import re
from pathlib import Path

import web

ROOT = Path(web.__file__).parent


def test_each_width_of_the_style_sheets_is_one_that_the_script_measures() -> None:
    """``theme.js`` writes the widths of ``WIDTHS`` to ``data-narrow``; a rule for any other never holds."""
    script = (ROOT / "boot" / "page" / "theme.js").read_text(encoding="utf-8")
    found = re.search(r"const WIDTHS = \[(.*?)\]", script)
    assert found is not None
    sheets = "".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.css"))
    asked = re.findall(r'data-narrow~="(\d+)"', sheets)
    assert set(asked) == set(found[1].replace(" ", "").split(","))
