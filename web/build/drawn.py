"""Replaces the document that the host's Python drew by the one in the memory image.

Both are the same app, but with different model numbers. With the image's document in ``index.html``, the
page's Python finds its page drawn already (``boot/page/hydrate.js``). The host's drawing supplies the frame:
the template, and the element that each root is drawn in.
"""

from __future__ import annotations

import json
import re
from html import escape, unescape
from typing import Any

from web.build.errors import BuildError

DOCUMENT = re.compile(r'<script type="application/json" id="p\d+">(.*?)</script>', re.DOTALL)
ITEMS = re.compile(r"const render_items = (\[.*\]);")
# Panel's script that draws the document as soon as there is one. boot/page/hydrate.js draws it instead.
DRAWS = re.compile(r"<script>\s*\(function\(\) \{\s*const fn = function\(\).*?</script>", re.DOTALL)


def with_drawn(html: str, drawn: dict[str, str]) -> str:
    """Return ``html`` with the document of ``drawn`` (``web.browser.drawing``) in place of its own.

    Args:
        html: the page as Panel's converter wrote it.

    Raises:
        BuildError: if the HTML differs from the form that Panel is known to write, or the two pages are of
            different apps.
    """
    text = _only(DOCUMENT, html)[1]
    [item] = json.loads(_only(ITEMS, _only(DRAWS, html)[0])[1])
    theirs, ours = _roots(json.loads(unescape(text))), _roots(json.loads(drawn["docs_json"]))
    if [root["name"] for root in theirs] != [root["name"] for root in ours]:
        raise BuildError("the page that the build drew has other parts than the page in the memory image")
    [ours_item] = json.loads(drawn["render_items"])
    ids = {a["id"]: b["id"] for a, b in zip(theirs, ours, strict=True)}
    item |= {
        "docid": ours_item["docid"],
        "roots": {ids[name]: element for name, element in item["roots"].items()},
        "root_ids": [ids[name] for name in item["root_ids"]],
    }
    document = escape(drawn["docs_json"], quote=False)  # as Bokeh does, whose JavaScript unescapes it
    html = DOCUMENT.sub(lambda m: _script("document", document), html)
    html = DRAWS.sub(lambda m: _script("items", json.dumps([item])), html)
    return re.sub(r'data-root-id="(p\d+)"', lambda m: f'data-root-id="{ids[m[1]]}"', html)


def _script(name: str, text: str) -> str:
    """Return an element in which boot/page/hydrate.js finds what it draws, and where."""
    return f'<script type="application/json" id="drawn-{name}">{text}</script>'


def _only(pattern: re.Pattern[str], html: str) -> re.Match[str]:
    """Return the one match of ``pattern``; BuildError if there is another number of them."""
    found = list(pattern.finditer(html))
    if len(found) != 1:
        raise BuildError(f"Panel wrote {pattern.pattern!r} {len(found)} times; drawn.py expects it once")
    return found[0]


def _roots(docs: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the roots of the only document in Bokeh's JSON."""
    [document] = docs.values()
    roots: list[dict[str, Any]] = document["roots"]
    return roots
