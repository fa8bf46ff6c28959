"""Starts the web workers of a sweep's pool, and carries the messages to and from them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import js
import numpy as np
from pyodide.ffi import JsException, create_proxy, to_js

from web.sweeps.worker_client import WorkerError


class WorkerPort:
    """The ``Port`` of a web worker of the pool (``boot/worker/pool-worker.mjs``).

    Args:
        base: the site's address.
        receive: called with the text of each message from the worker.

    Raises:
        WorkerError: if the browser refuses, for want of memory for example.
    """

    def __init__(self, base: str, receive: Callable[[str], None]) -> None:
        def broke(event: Any) -> None:
            event.preventDefault()  # otherwise the browser reports an error of the page
            reason = getattr(event, "message", None) or "boot/worker/pool-worker.mjs did not load"
            receive(json.dumps({"type": "failed", "text": reason}))

        self._heard = create_proxy(lambda event: receive(event.data))
        self._broke = create_proxy(broke)
        with _refusals():
            self._worker = js.Worker.new(_under_policy(base + "boot/worker/pool-worker.mjs"), type="module")
        self._worker.onmessage = self._heard
        self._worker.onerror = self._broke

    def post(self, text: str, buffers: Sequence[np.ndarray]) -> None:
        """Send a message; the bytes of the buffers are copied once and then transferred."""
        with _refusals():
            copies = [to_js(buffer) for buffer in buffers]
            message = to_js({"text": text, "buffers": copies}, dict_converter=js.Object.fromEntries)
            self._worker.postMessage(message, to_js([copy.buffer for copy in copies]))

    def close(self) -> None:
        """Stop the worker at once."""
        self._worker.terminate()
        self._heard.destroy()
        self._broke.destroy()


def _under_policy(address: str) -> str:
    """Return the address of a new module that imports the one at ``address``.

    A worker started from it is under the page's Content-Security-Policy (see ``boot/page/page.js``).
    """
    source = js.Blob.new(to_js([f"import {json.dumps(address)}"]), type="text/javascript")
    return js.URL.createObjectURL(source)


@contextmanager
def _refusals() -> Iterator[None]:
    """Raise WorkerError in place of any other error of the browser."""
    try:
        yield
    except JsException as error:
        raise WorkerError(f"the browser refused: {error.message}") from error
