"""A row of ten digit pictures."""

from web.components.digits.digits import DigitRow

__all__ = ["DigitRow"]
