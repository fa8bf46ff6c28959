"""Components with JavaScript of our own, for what Panel lacks: each in its own folder with its style sheet.

Bokeh registers the kinds of component once, when the page is first drawn. All of them are therefore imported
together, including those of tabs that may never be opened.
"""

from importlib import import_module
from pkgutil import iter_modules

for _component in iter_modules(__path__):
    import_module(f"{__name__}.{_component.name}")
