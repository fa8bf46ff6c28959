"""The slider over the training so far."""

from web.components.rewind.rewind import Rewind

__all__ = ["Rewind"]
