"""Prepares Python's memory before the memory image is made (``web/image/make_image.mjs``), and only then.

Everything that is the same for all visitors is done once: the page is drawn, and late imports are made. Then
data that no visitor needs to fetch are dropped: documentation, which is not read in a page, and numbers that
can be drawn again.
"""

from __future__ import annotations

import gc
from types import FunctionType

import param
from bokeh.core.property.bases import Property

from web import browser
from web.delivery.lazy_modules import import_late


async def rehearse() -> str:
    """Prepare the memory for the image, and return the drawn page as JSON (``browser.drawing``)."""
    await browser.draw_page()
    import_late()
    forget_documentation()
    browser.fall_asleep()
    drawn = browser.drawing()
    gc.collect()
    return drawn


def forget_documentation() -> None:
    """Drop 2 MB of documentation that is read only at a Python prompt.

    Bokeh writes docstrings when it is imported, and every property and parameter carries a text.
    """
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__module__ and thing.__module__.startswith("bokeh."):
            thing.__doc__ = None
        elif isinstance(thing, Property):
            thing._help = None
        elif isinstance(thing, param.Parameter):
            thing.doc = None
