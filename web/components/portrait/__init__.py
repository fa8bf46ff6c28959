"""One imagined picture, large."""

from web.components.portrait.portrait import PortraitDialog

__all__ = ["PortraitDialog"]
