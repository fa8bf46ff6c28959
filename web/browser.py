"""The only module that talks to JavaScript: what ``boot/worker.mjs`` calls, and what the app asks of the
browser.

Panel's protocol (``panel.io.pyodide``): the document is rendered to JSON once, the page draws it, then
patches go both ways. Ours: ``call`` answers ``window.inkling``; ``post`` sends ready, status and problem to
``boot/page.js``. Values cross as JSON text, so that neither side holds on to the other's objects.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

from panel.io.pyodide import _convert_json_patch, _link_docs_worker, init_doc, write_doc
from panel.io.state import state as panel_state
from pyodide.ffi import JsException
from pyodide.http import pyfetch

from nncore import ops
from nncore.kernels import use_fastest
from web.data import Fetch, MissingFile, ShardSource

_lab: Any = None
_document: Any = None
_source: ShardSource | None = None


def site_fetch(base: str) -> Fetch:
    """A ``Fetch`` from the site's folder at ``base``."""

    async def fetch(name: str) -> bytes:
        try:
            response = await pyfetch(base + name)
        except (OSError, JsException) as error:
            raise MissingFile(f"{name} did not come: no answer from the server") from error
        if not response.ok:
            raise MissingFile(f"{name} did not come: the server answered {response.status}")
        return await response.bytes()

    return fetch


async def open_lab(base: str, search: str, post: Any) -> tuple[str, str, str]:
    """Build the app and return Panel's ``(docs_json, render_items, root_ids)`` for the page to draw."""
    global _lab, _source, _document
    init_doc()
    _document = panel_state.curdoc
    from web.app import open_page

    _source = ShardSource(site_fetch(base + "data/"))
    refused = choose_kernel(parse_qs(search.removeprefix("?")).get("kernel", [""])[-1])
    _lab = open_page(post=lambda **message: post(json.dumps(message)))
    if refused:
        post(json.dumps({"type": "problem", "text": refused}))
    return await write_doc()


def choose_kernel(name: str) -> str:
    """Compute with the kernel of this name, or, without a name, with the fastest that this browser runs.

    Returns:
        What is wrong with the name, in a sentence, if anything is; the fastest is used then.
    """
    if name:
        try:
            ops.use(name)
            return ""
        except (ValueError, OSError) as error:
            return f"?kernel={name} can't be used ({error}); {use_fastest()} runs in its place."
    use_fastest()
    return ""


def link(send_patch: Any) -> None:
    """From now on every change of the document is sent to the page."""
    _link_docs_worker(_document, send_patch, setter="js")


async def begin() -> None:
    """Fetch the first digits; when this returns, everything on the page works. The rest arrives behind it."""
    await _lab.begin(_source)


async def apply_patch(patch: Any) -> None:
    """What the learner did on the page, as a patch of Bokeh's document."""
    _document.apply_json_patch(_convert_json_patch(patch), setter="js")


async def call(name: str, args: str) -> str:
    """One call of ``window.inkling``: ``snapshot``, ``command`` or ``appearance``; arguments and result are
    JSON."""
    return json.dumps(await _lab.call(name, json.loads(args)))
