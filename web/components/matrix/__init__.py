"""The weights to the outputs."""

from web.components.matrix.matrix import OutputMatrix

__all__ = ["OutputMatrix"]
