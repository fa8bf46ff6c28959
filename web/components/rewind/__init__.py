"""The slider that rewinds the training."""

from web.components.rewind.rewind import Rewind

__all__ = ["Rewind"]
