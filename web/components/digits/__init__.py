"""Rows of ten digit pictures."""

from web.components.digits.digits import DigitRows

__all__ = ["DigitRows"]
