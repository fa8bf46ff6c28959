"""Reads the site's files and packages over HTTP, and gives the reason where one does not come."""

from __future__ import annotations

import pyodide_js
from pyodide.ffi import JsException
from pyodide.http import pyfetch

from web.delivery.site_files import Fetch, MissingFile


def site_fetch(base: str) -> Fetch:
    """Return a ``Fetch`` that reads from the site's folder at ``base``."""

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


async def fetch_package(name: str) -> None:
    """Fetch a package that the site has as a wheel but no start needs, such as Pillow.

    Raises:
        MissingFile: if it does not come.
    """
    faults: list[str] = []  # Pyodide tells them and goes on
    await pyodide_js.loadPackage(
        name, checkIntegrity=True, messageCallback=lambda _text: None, errorCallback=faults.append
    )
    if faults:
        raise MissingFile(f"the package {name} did not come: {_reason(faults[-1])}")


def _reason(told: str) -> str:
    """Return the reason in a fetch error of boot/worker/verified-fetch.mjs, or a general one if it has
    none."""
    reason = told.rpartition("could not be fetched: ")[2] if "could not be fetched" in told else ""
    return reason.splitlines()[0].rstrip(".")[:200] if reason else "no answer from the server"
