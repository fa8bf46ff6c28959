"""The sketch pad."""

from web.components.pad.pad import Pad

__all__ = ["Pad"]
