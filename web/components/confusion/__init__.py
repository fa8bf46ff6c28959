"""A confusion matrix."""

from web.components.confusion.confusion import ConfusionMatrix

__all__ = ["ConfusionMatrix"]
