"""Digits to choose from."""

from web.components.gallery.gallery import Gallery

__all__ = ["Gallery"]
