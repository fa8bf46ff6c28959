"""Checks that the memory image's page replaces the page that the build drew (``web/build/drawn.py``)."""

from __future__ import annotations

import json
import re
from html import escape, unescape

import pytest

from web.build.drawn import with_drawn
from web.build.errors import BuildError
from web.build.start import worker_modules


def document(name: str, *roots: tuple[str, str]) -> str:
    return json.dumps({name: {"roots": [{"name": kind, "id": model} for kind, model in roots]}})


HOST = document("host", ("Row", "p1"), ("Column", "p2"))
ITEM = '{"docid": "host", "roots": {"p1": "a", "p2": "b"}, "root_ids": ["p1", "p2"]}'
PAGE = f"""<div id="a" data-root-id="p1"></div><div id="b" data-root-id="p2"></div>
<script type="application/json" id="p9">{escape(HOST, quote=False)}</script>
<script>
  (function() {{
    const fn = function() {{ const render_items = [{ITEM}]; }};
  }})();
</script>"""


def drawn(docs_json: str) -> dict[str, str]:
    return {"docs_json": docs_json, "render_items": '[{"docid": "image"}]'}


def test_each_root_keeps_its_place_and_gets_its_name_in_the_image() -> None:
    docs = document("image", ("Row", "p51"), ("Column", "p62"))
    html = with_drawn(PAGE, drawn(docs))
    assert re.findall(r'id="(\w)" data-root-id="(\w+)"', html) == [("a", "p51"), ("b", "p62")]
    texts = dict(re.findall(r'<script type="application/json" id="drawn-(\w+)">(.*?)</script>', html))
    assert unescape(texts["document"]) == docs
    assert json.loads(unescape(texts["items"])) == [
        {"docid": "image", "roots": {"p51": "a", "p62": "b"}, "root_ids": ["p51", "p62"]}
    ]
    assert "render_items" not in html, "Panel's script, which would draw it too early"


def test_what_is_not_the_same_app_stops_the_build() -> None:
    with pytest.raises(BuildError, match="other parts than the page in the memory image"):
        with_drawn(PAGE, drawn(document("image", ("Row", "p51"))))
    docs = drawn(document("image", ("Row", "p51"), ("Column", "p62")))
    with pytest.raises(BuildError, match="const fn.* 0 times"):
        with_drawn(PAGE.replace("const fn", "const other"), docs)
    with pytest.raises(BuildError, match="application/json.* 2 times"):
        with_drawn(PAGE + PAGE, docs)


def test_the_workers_modules_are_known_to_the_last() -> None:
    assert worker_modules()[0] == "boot/worker/worker.mjs"
    assert {
        "boot/worker/fetching.mjs",
        "boot/worker/start.mjs",
        "boot/worker/python.mjs",
        "boot/worker/zstd.mjs",
    } < set(worker_modules())
