"""Sends the changes of Bokeh's document to the page, all changes of one moment in a single patch.

A snapshot changes a dozen models. Panel's own link (``panel.io.pyodide``) sends a message for each change,
and a message costs some milliseconds on both sides, however small it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import js
from bokeh.document import Document
from bokeh.document.events import DocumentPatchedEvent
from bokeh.events import DocumentReady
from panel.io.pyodide import _dict_converter, _process_document_events
from panel.io.state import state
from pyodide.ffi import to_js

PAGE = "js"  # the setter of changes that come from the page


class DocumentLink:
    """Collects the changes of ``document`` that Python makes, and sends them when the event loop turns.

    Args:
        send: called with a patch, its buffers, and None for a message's number that Panel has there.
    """

    def __init__(self, document: Document, send: Callable[..., None]) -> None:
        self._document, self._send = document, send
        self._changes: list[DocumentPatchedEvent] = []
        document.on_change(self._note)
        document.unhold()
        document.on_event("document_ready", partial(state._schedule_on_load, document))
        document.callbacks.trigger_event(DocumentReady())

    def _note(self, change: Any) -> None:
        """Collect a change, unless the page made it."""
        if getattr(change, "setter", None) == PAGE:
            return
        if not self._changes:
            asyncio.get_event_loop().call_soon(self.flush)
        self._changes.append(change)

    def flush(self) -> None:
        """Send what was collected now: before a message that must not arrive earlier."""
        changes, self._changes = self._changes, []
        if changes:
            self._send(*patch_of(self._document, changes), None)


def patch_of(document: Document, changes: list[Any]) -> tuple[Any, Any]:
    """Return a patch with these changes and its buffers, as JavaScript's own objects."""
    patch, buffers = _process_document_events(document, changes)
    return to_js(patch, dict_converter=_dict_converter), js.Map.new(js.Object.entries(to_js(buffers)))
