"""What happens before the memory image is made (``web/image/make_image.mjs``), and only there.

Everything that does not depend on the visitor is done once: the page is drawn, and what a start imports late
is imported. Then what nobody needs to fetch is forgotten: documentation, which nobody reads in a page, and
numbers that can be drawn again.
"""

from __future__ import annotations

import gc
import importlib
from types import FunctionType

import param
from bokeh.core.property.bases import Property

from web import browser

# What the kernels, the first digits and the keeper need; a start without an image imports it then.
IMPORTED_LATE = (
    "nncore.kernels.drawing",
    "nncore.kernels.runs",
    "nncore.datasets.shards",
    "web.keeping.set_aside",
    "web.keeping.past_snapshots",
    "web.keeping.run_table",
    "encodings.cp437",  # of the names in a zip archive, and a network's file is one
)


async def rehearse() -> str:
    """Leave memory as the page wants to find it; returns the page that was drawn (``browser.drawing``)."""
    await browser.draw_page()
    for name in IMPORTED_LATE:
        importlib.import_module(name)
    forget_documentation()
    browser.fall_asleep()
    drawn = browser.drawing()
    gc.collect()
    return drawn


def forget_documentation() -> None:
    """Drop what only a person at a Python prompt would read, 2 MB of it: Bokeh writes docstrings when it is
    imported, and every property and parameter carries a text."""
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__module__ and thing.__module__.startswith("bokeh."):
            thing.__doc__ = None
        elif isinstance(thing, Property):
            thing._help = None
        elif isinstance(thing, param.Parameter):
            thing.doc = None
