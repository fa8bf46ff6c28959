"""The list of networks that links have set aside."""

from web.components.aside.aside import AsideList

__all__ = ["AsideList"]
