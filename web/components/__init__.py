"""Components with JavaScript of our own, where Panel has nothing: each in its own folder with its style
sheet.

Bokeh tells the page which kinds of component there are when the page is first drawn, and never again. So all
of them are imported together, also those of a tab that nobody may open.
"""

from importlib import import_module
from pkgutil import iter_modules

for _component in iter_modules(__path__):
    import_module(f"{__name__}.{_component.name}")
