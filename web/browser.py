"""The only module that talks to JavaScript: what ``boot/worker/worker.mjs`` calls, and what the app asks of
the browser.

Panel's protocol (``panel.io.pyodide``): the document is rendered to JSON once, the page draws it, then
patches go both ways. Ours: ``call`` answers ``window.inkling``; ``post`` sends ready, status and problem to
``boot/page/page.js``. Values cross as JSON text, so that neither side holds on to the other's objects.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

import js
import numpy as np
from bokeh.document.config import DocumentConfig
from bokeh.settings import settings
from panel.io.pyodide import (
    _convert_json_patch,
    _dict_converter,
    _link_docs_worker,
    _process_document_events,
    init_doc,
    write_doc,
)
from panel.io.state import state as panel_state
from pyodide.ffi import JsException, create_proxy, to_js
from pyodide.http import pyfetch

from nncore import ops
from nncore.kernels import use_fastest
from web.delivery.shipped_models import ShippedModels
from web.delivery.site_files import Fetch, MissingFile, ShardSource
from web.keeping.store import StoreError
from web.state.joined_views import FIRST, asked_by
from web.sweeps.pool import MOST, Pool, pool_size
from web.sweeps.worker_client import WorkerError

# Panel's docs_json, render_items and root_ids, and a mark by which two drawings that are the same are known.
Drawn = tuple[str, str, str, str]

_base = ""
_lab: Any = None
_pool: Pool | None = None
_document: Any = None
_drawn: Drawn | None = None
_post: Any = None
_relay: Any = None  # sends what one view changed to the others, once there are others
_changing = FIRST  # the view whose change is being applied
_source: ShardSource | None = None
_models: ShippedModels | None = None


def site_fetch(base: str) -> Fetch:
    """A ``Fetch`` from the site's folder at ``base``."""

    async def fetch(name: str) -> bytes:
        try:
            response = await pyfetch(base + name)
            data = await response.bytes()
        except (OSError, JsException) as error:
            raise MissingFile(f"{name} did not come: {_reason(str(error))}") from error
        if not response.ok:
            raise MissingFile(f"{name} did not come: {_reason(data.decode(errors='replace'))}")
        return data

    return fetch


def _reason(told: str) -> str:
    """Why a file didn't come, from what boot/worker/verified-fetch.mjs says of it."""
    reason = told.rpartition("could not be fetched: ")[2] if "could not be fetched" in told else ""
    return reason.splitlines()[0].rstrip(".")[:200] if reason else "no answer from the server"


async def draw_page() -> None:
    """Build the app and draw its page: everything that depends neither on this browser nor on the address, so
    that the build can do it once and keep the result in the memory image (``web/image/prepare_image.py``)."""
    global _lab, _pool, _document, _drawn
    # Panel wants names that no other page has; with counted ones the same page has the same names every time.
    init_doc()
    settings.simple_ids.set_value(True)
    # Bokeh looks for names like one that it misses, to name them; Panel lets it miss some with every change.
    settings.perform_error_diagnostics.set_value(False)
    _document = panel_state.curdoc
    _document._config = DocumentConfig()  # it had one of the other kind
    from web.app import open_page

    _pool = Pool(WorkerPort, 1)
    _lab = open_page(_tell, _pool)
    _drawn = await _draw()


def drawing() -> str:
    """The page that was drawn, as JSON: ``docs_json``, ``render_items``, ``root_ids`` and its ``mark``."""
    assert _drawn is not None
    return json.dumps(dict(zip(("docs_json", "render_items", "root_ids", "mark"), _drawn, strict=True)))


async def _draw() -> Drawn:
    """The document as it is now. Bokeh has held back all changes until now, to send them when the page is
    linked; what is drawn needs no sending."""
    docs_json, render_items, root_ids = await write_doc()
    _document.callbacks._held_events.clear()
    name = json.loads(render_items)[0]["docid"]  # is random
    mark = hashlib.sha256(docs_json.replace(name, "").encode()).hexdigest()
    return docs_json, render_items, root_ids, mark


def fall_asleep() -> None:
    """Before the memory image is made: leave out what ``wake`` brings back."""
    _lab.runner.experiment.forget_first_weights()


def wake() -> None:
    """After the memory image was restored: what was left out, and what must not be the same for everybody."""
    _lab.runner.experiment.draw_first_weights()
    random.seed()
    np.random.seed(int.from_bytes(os.urandom(4), "little"))  # noqa: NPY002 - for whoever uses it still


async def open_lab(base: str, search: str, post: Any) -> Drawn:
    """Make the lab this visitor's own and return it for the page to draw; a page that shows the same already,
    as the mark tells, need not.

    Args:
        base: the site's address.
        search: what follows ``?`` in the page's address.
        post: takes a message to the page, as JSON.
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
    _lab.fetch = site_fetch("")
    _lab.open_link(search)
    if _document.callbacks._held_events:  # the address chose something
        _drawn = await _draw()
    return _drawn


def _tell(**message: Any) -> None:
    """Post a message to the page."""
    _post(json.dumps(message))


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


def choose_workers(text: str) -> tuple[int, str]:
    """How many networks a sweep trains at once: so many, or, without a number, as many as suits this machine.

    Returns:
        The number, and what is wrong with the text, in a sentence, if anything is.
    """
    # Only some browsers tell how much memory there is; those on phones that don't have little.
    unknown = 2.0 if "Mobi" in js.navigator.userAgent else None
    fitting = pool_size(js.navigator.hardwareConcurrency, getattr(js.navigator, "deviceMemory", unknown))
    if not text:
        return fitting, ""
    if text.isdecimal() and 1 <= int(text) <= MOST:
        return int(text), ""
    return fitting, f"?workers={text} can't be used: it is a number from 1 to {MOST}; {fitting} will work."


def _under_policy(address: str) -> str:
    """The address of a module that imports the one at ``address``: a worker started from it is under the
    page's Content-Security-Policy (see ``boot/page/page.js``)."""
    source = js.Blob.new(to_js([f"import {json.dumps(address)}"]), type="text/javascript")
    return js.URL.createObjectURL(source)


class WorkerPort:
    """A web worker of the pool (``boot/worker/pool-worker.mjs``); ``receive`` gets all it says.

    Raises:
        WorkerError: if the browser refuses, for want of memory for example.
    """

    def __init__(self, receive: Callable[[str], None]) -> None:
        def broke(event: Any) -> None:
            event.preventDefault()  # or it would count as an error of the page
            reason = getattr(event, "message", None) or "boot/worker/pool-worker.mjs did not load"
            receive(json.dumps({"type": "failed", "text": reason}))

        self._heard = create_proxy(lambda event: receive(event.data))
        self._broke = create_proxy(broke)
        with _refusals():
            self._worker = js.Worker.new(_under_policy(_base + "boot/worker/pool-worker.mjs"), type="module")
        self._worker.onmessage = self._heard
        self._worker.onerror = self._broke

    def post(self, text: str, buffers: Sequence[np.ndarray]) -> None:
        """Send a message; the bytes are copied once and then handed over."""
        with _refusals():
            copies = [to_js(buffer) for buffer in buffers]
            message = to_js({"text": text, "buffers": copies}, dict_converter=js.Object.fromEntries)
            self._worker.postMessage(message, to_js([copy.buffer for copy in copies]))

    def close(self) -> None:
        """Stop it at once."""
        self._worker.terminate()
        self._heard.destroy()
        self._broke.destroy()


class BrowserStore:
    """The browser's own storage, as a ``web.keeping.store.Store``."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.slot = int(store.slot)

    async def get(self, name: str) -> bytes | None:
        with _store_refusals():
            value = await self._store.get(name)
        return value.to_bytes() if value else None

    async def put(self, name: str, data: bytes) -> None:
        await self.put_all({name: data})

    async def put_all(self, entries: Mapping[str, bytes], without: Iterable[str] = ()) -> None:
        with _store_refusals():
            await self._store.put(to_js(list(entries)), to_js(list(entries.values())), to_js(list(without)))

    async def names(self) -> list[str]:
        with _store_refusals():
            names = await self._store.names()
        return [str(name) for name in names.to_py()]

    async def clear(self) -> None:
        with _store_refusals():
            await self._store.clear()


# What browsers call it when they refuse, in words for the learner.
REFUSALS = {
    "QuotaExceededError": "there is no room left",
    "SecurityError": "it forbids storage here, as private windows do",
    "InvalidStateError": "it forbids storage here, as private windows do",
}


@contextmanager
def _store_refusals() -> Iterator[None]:
    try:
        yield
    except JsException as error:
        raise StoreError(REFUSALS.get(error.name, f"the browser said: {error.message}")) from error


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except JsException as error:
        raise WorkerError(f"the browser refused: {error.message}") from error


def link(send_patch: Any) -> None:
    """From now on every change of the document is sent to the page."""
    _link_docs_worker(_document, send_patch, setter="js")


# --- other views of one embedding page (boot/page/joined-views.js)

# What Bokeh measures in each view for itself.
MEASURED = {"inner_width", "inner_height", "outer_width", "outer_height"}


async def join(view: int, search: str, send_patch: Any, take: Any) -> None:
    """Draw the page as it is now for one more view; the document must be linked already.

    Args:
        view: its number.
        search: what follows ``?`` in its address.
        send_patch: sends a patch to every view but one, which it takes as fourth argument.
        take: is called with Panel's docs_json, render_items and root_ids before anything else can change, so
            that the view gets every later patch and no earlier one.
    """
    global _relay
    if _relay is None:
        _document.on_change(_pass_on)
    _relay = send_patch
    _lab.session.add(view, search)
    take(*await write_doc(_document))


def _pass_on(event: Any) -> None:
    """Send a change that came from one view to the others. (``link`` sends Python's own to all of them.)"""
    if getattr(event, "setter", None) != "js" or len(_lab.session) < 2:
        return
    if getattr(event, "attr", None) in MEASURED:
        return
    patch, buffers = _process_document_events(_document, [event])
    _relay(
        to_js(patch, dict_converter=_dict_converter),
        js.Map.new(js.Object.entries(to_js(buffers))),
        None,
        _changing,
    )


def welcome(view: int, search: str) -> None:
    """Tell a view that joined, and is ready, how the lab is now."""
    _lab.session.welcome(view, search)


def leave(view: int) -> None:
    """Forget a view that is gone."""
    _lab.session.leave(view)


async def begin(store: Any, reloaded: bool) -> None:
    """Bring back the last visit's work from ``store`` (``boot/worker/store.mjs``) and fetch the first digits;
    when this returns, everything on the page works. ``reloaded``: as for ``Lab.keep_in``."""
    await _lab.keep_in(BrowserStore(store), reloaded)
    await _lab.begin(_source, _models)


def follow(thrifty: bool) -> None:
    """Fetch what else there is, or, on a ``thrifty`` connection, offer to."""
    _lab.follow(thrifty)


async def apply_patch(patch: Any, view: int) -> None:
    """What the learner did in a view of the page, as a patch of Bokeh's document."""
    global _changing
    with asked_by(view):
        _changing = view
        _document.apply_json_patch(_convert_json_patch(patch), setter="js")


def alive() -> None:
    """Nothing: that it returns is the answer."""


async def call(name: str, args: str, view: int) -> str:
    """One call of ``window.inkling`` of a view: ``snapshot``, ``command`` or ``appearance``; arguments and
    result are JSON."""
    with asked_by(view):
        return json.dumps(await _lab.call(name, json.loads(args)))
