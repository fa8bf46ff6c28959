"""The network's layers as a list that can be edited."""

from web.components.layers.layers import Layers

__all__ = ["Layers"]
