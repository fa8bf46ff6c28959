"""One back-query, shown large."""

from web.components.portrait.portrait import PortraitDialog

__all__ = ["PortraitDialog"]
