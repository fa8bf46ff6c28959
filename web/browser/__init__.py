"""Connects the lab to JavaScript: the functions that ``boot/worker/worker.mjs`` calls. The browser's services
(files, storage, workers) are in the modules beside.

No other room imports ``js`` or ``pyodide``, so that everything else runs in plain Python. Two protocols
meet here. Panel's (``panel.io.pyodide``): the document is rendered to JSON once, the page draws it, then
patches go both ways. Ours: ``call`` answers ``window.inkling``; ``post`` sends ready, status and problem to
``boot/page/page.js``. Values cross as JSON text, so that neither side holds on to the other's objects.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import js
import numpy as np
from bokeh.document.config import DocumentConfig
from bokeh.settings import settings
from panel.io.pyodide import (
    _convert_json_patch,
    init_doc,
    write_doc,
)
from panel.io.state import state as panel_state

from nncore import ops
from nncore.kernels import use_fastest
from web.browser.browser_store import BrowserStore
from web.browser.document_link import PAGE, DocumentLink, patch_of
from web.browser.site_fetch import fetch_package, site_fetch
from web.browser.worker_port import WorkerPort
from web.delivery.shipped_models import ShippedModels
from web.delivery.site_files import ShardSource
from web.state.joined_views import FIRST, asked_by
from web.sweeps.pool import MOST, Pool, pool_size

# Panel's docs_json, render_items and root_ids, and a hash that is the same for two equal pages.
Drawn = tuple[str, str, str, str]

_base = ""
_lab: Any = None
_pool: Pool | None = None
_document: Any = None
_drawn: Drawn | None = None
_post: Any = None
_link: DocumentLink | None = None  # once the page is drawn
_relay: Any = None  # sends the changes of one view to the others, once there are others
_changing = FIRST  # the view whose change is being applied
_source: ShardSource | None = None
_models: ShippedModels | None = None


async def draw_page() -> None:
    """Build the app and draw its page, as far as it depends neither on this browser nor on the address.

    The build can do this once and keep the result in the memory image (``web/image/prepare_image.py``).
    """
    global _lab, _pool, _document, _drawn
    # Panel makes unique names for a page; counted names are the same each time that the page is drawn.
    init_doc()
    settings.simple_ids.set_value(True)
    # Bokeh looks for similar names to put into an error when one is missing; Panel causes such errors often.
    settings.perform_error_diagnostics.set_value(False)
    _document = panel_state.curdoc
    _document._config = DocumentConfig()  # made after ``simple_ids`` was set: its own name is counted too
    from web.app import open_page

    _pool = Pool(_worker_port, 1)
    _lab = open_page(_tell, _pool)
    _drawn = await _draw()


def _worker_port(receive: Callable[[str], None]) -> WorkerPort:
    """Start a worker for the pool. (The site's address is not known yet when the pool is made.)"""
    return WorkerPort(_base, receive)


def drawing() -> str:
    """Return the drawn page as JSON: ``docs_json``, ``render_items``, ``root_ids`` and its ``mark``."""
    assert _drawn is not None
    return json.dumps(dict(zip(("docs_json", "render_items", "root_ids", "mark"), _drawn, strict=True)))


async def _draw() -> Drawn:
    """Render the document as it is now.

    Bokeh holds changes back until the page is linked; those are dropped, because the drawing contains them.
    """
    docs_json, render_items, root_ids = await write_doc()
    _document.callbacks._held_events.clear()
    name = json.loads(render_items)[0]["docid"]  # random, so it is left out of the mark
    mark = hashlib.sha256(docs_json.replace(name, "").encode()).hexdigest()
    return docs_json, render_items, root_ids, mark


def fall_asleep() -> None:
    """Drop the values that ``wake`` restores, before the memory image is made."""
    _lab.runner.experiment.forget_first_weights()


def wake() -> None:
    """Restore the dropped values after the memory image was loaded, and seed the random generators anew.

    Without new seeds every visitor would get the same random numbers.
    """
    _lab.runner.experiment.draw_first_weights()
    random.seed()
    np.random.seed(int.from_bytes(os.urandom(4), "little"))  # noqa: NPY002 - for libraries that still use it


async def open_lab(base: str, search: str, post: Any) -> Drawn:
    """Prepare the lab for this visitor and return its page to be drawn.

    The page skips the drawing if it shows one with the same mark already.

    Args:
        base: the site's address.
        search: the page's address from ``?`` on.
        post: sends a message, as JSON, to the page.
    """
    global _base, _post, _source, _models, _drawn
    if _drawn is None:
        await draw_page()
    assert _drawn is not None and _pool is not None
    _base, _post = base, post
    _source, _models = ShardSource(site_fetch(base + "data/")), ShippedModels(site_fetch(base + "models/"))
    asked = {name: values[-1] for name, values in parse_qs(search.removeprefix("?")).items()}
    refused = choose_kernel(asked.get("kernel", ""))
    _pool.size, too_many = choose_workers(asked.get("workers", ""))
    for text in filter(None, (refused, too_many)):
        _tell(type="problem", text=text)
    _lab.know_memory(getattr(js.navigator, "deviceMemory", None))
    _lab.fetch = site_fetch("")
    _lab.files.fetch_package = fetch_package
    _lab.open_link(search)
    if _document.callbacks._held_events:  # the address chose something
        _drawn = await _draw()
    return _drawn


def _tell(**message: Any) -> None:
    """Post a message to the page, after the changes that were made before it."""
    _flush()
    _post(json.dumps(message))


def _flush() -> None:
    """Send the changes of the document that wait."""
    if _link is not None:
        _link.flush()


def choose_kernel(name: str) -> str:
    """Compute with the kernel ``name`` or, without a name, with the fastest that this browser runs.

    Returns:
        A sentence if the name is unusable, and the fastest kernel is used in its place; otherwise an empty
        string.
    """
    if name:
        try:
            ops.use(name)
            return ""
        except (ValueError, OSError) as error:
            return f"?kernel={name} can't be used ({error}); {use_fastest()} runs in its place."
    use_fastest()
    return ""


def choose_workers(text: str) -> tuple[int, str]:
    """Return the number of networks that a sweep trains at once.

    Args:
        text: the number in the address; empty for a number that suits this machine.

    Returns:
        The number, and a sentence if the text is unusable; otherwise an empty string.
    """
    # Some browsers don't say how much memory there is. On a phone, 2 GB are assumed then.
    unknown = 2.0 if "Mobi" in js.navigator.userAgent else None
    fitting = pool_size(js.navigator.hardwareConcurrency, getattr(js.navigator, "deviceMemory", unknown))
    if not text:
        return fitting, ""
    if text.isdecimal() and 1 <= int(text) <= MOST:
        return int(text), ""
    return fitting, f"?workers={text} can't be used: it must be a number from 1 to {MOST}. {fitting} is used."


def link(send_patch: Any) -> None:
    """Send every change of the document to the page from now on."""
    global _link
    _link = DocumentLink(_document, send_patch)


# --- other views of one embedding page (boot/page/joined-views.js)

# Sizes that Bokeh measures separately in each view.
MEASURED = {"inner_width", "inner_height", "outer_width", "outer_height"}


async def join(view: int, search: str, send_patch: Any, take: Any) -> None:
    """Draw the page as it is now for another view; the document must be linked already.

    Args:
        view: the view's number.
        search: its address from ``?`` on.
        send_patch: sends a patch to all views except the view whose number is its fourth argument.
        take: called with Panel's docs_json, render_items and root_ids before anything else can change, so
            that the view gets every later patch and no earlier one.
    """
    global _relay
    if _relay is None:
        _document.on_change(_pass_on)
    _relay = send_patch
    _lab.session.add(view, search)
    drawn = await write_doc(_document)
    _flush()
    take(*drawn)


def _pass_on(event: Any) -> None:
    """Send a change that came from one view to the others. (``link`` sends Python's own changes to all.)"""
    if getattr(event, "setter", None) != PAGE or len(_lab.session) < 2:
        return
    if getattr(event, "attr", None) in MEASURED:
        return
    _flush()
    _relay(*patch_of(_document, [event]), None, _changing)


def welcome(view: int, search: str) -> None:
    """Send the present state of the lab to a view that has joined and is ready."""
    _lab.session.welcome(view, search)


def leave(view: int) -> None:
    """Forget a view that has been closed."""
    _lab.session.leave(view)


async def begin(store: Any, reloaded: bool) -> None:
    """Restore the last visit's work and fetch the first digits; afterwards everything on the page works.

    Args:
        store: the browser's storage (``boot/worker/store.mjs``).
        reloaded: as for ``Lab.keep_in``.
    """
    await _lab.keep_in(BrowserStore(store), reloaded)
    await _lab.begin(_source, _models)


def follow(thrifty: bool) -> None:
    """Fetch the remaining files; on a ``thrifty`` connection, ask the learner first."""
    _lab.follow(thrifty)


async def apply_patch(patch: Any, view: int) -> None:
    """Apply a patch of Bokeh's document: an action of the learner in ``view``."""
    global _changing
    with asked_by(view):
        _changing = view
        _document.apply_json_patch(_convert_json_patch(patch), setter=PAGE)
    _flush()


def alive() -> None:
    """Do nothing: the page calls this to see whether Python still answers."""


async def call(name: str, args: str, view: int) -> str:
    """Answer a call of ``window.inkling`` from a view.

    Args:
        name: as for ``Lab.call``: ``snapshot``, ``command``, ``appearance``, ...
        args: its arguments as JSON.
        view: the view's number.

    Returns:
        The result as JSON.

    Raises:
        ValueError: as ``Lab.call`` does.
    """
    with asked_by(view):
        answer = json.dumps(await _lab.call(name, json.loads(args)))
    _flush()
    return answer
